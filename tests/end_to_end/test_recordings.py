"""Every patient with a new cramp once more, from WAV files: one recording an answer, in the order of the questions."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.app import build
from skill.demo.patient import Memory, Patient, load_patient, patient_names
from skill.dialogue.events import Concluded, Recorder
from skill.equipment import Equipment
from skill.listening.ear import Heard, Turn
from skill.listening.ears import RecordingEar
from skill.listening.recogniser import Recogniser
from skill.settings import Settings
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import write_wav
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.triage.model import Level
from skill.understanding.phrasebook import Phrasebook
from tests.support.quiet_voice import QuietVoice

HALF_A_SECOND = Clip(np.zeros(11_025, np.int16), 22_050)


class Stack:
    """A pile of recordings: the patient puts the next one on it when a question is asked."""

    def __init__(self, patient: Patient, folder: Path) -> None:
        self._memory, self._folder = Memory(patient), folder
        self._engine = Pyttsx3Engine(patient.voice.name)
        self._next: list[Path] = []

    def put(self, turn: Turn) -> None:
        file = self._folder / f"{turn.name}-{len(list(self._folder.iterdir()))}.wav"
        said = self._memory.reply(turn)
        with file.open("wb") as wav:
            write_wav(wav, self._engine.render(said, Delivery()) if said else HALF_A_SECOND)
        self._next.append(file)

    def __iter__(self) -> Iterator[Path]:
        while self._next:
            yield self._next.pop(0)

    def close(self) -> None:
        self._engine.close()


class StackEar(RecordingEar):
    """Hears the recordings of a stack."""

    def __init__(self, stack: Stack, recogniser: Recogniser, clock: SimulatedClock) -> None:
        super().__init__(stack, recogniser, clock)
        self._stack = stack

    def listen(self, turn: Turn) -> Heard:
        if not turn.optional:
            self._stack.put(turn)
        return super().listen(turn)


@pytest.fixture(name="recogniser", scope="module")
def _recogniser() -> Recogniser:
    return Recogniser(resources.MODEL, Phrasebook(load_protocol()).everything())


@pytest.mark.parametrize("name", [name for name in patient_names() if load_patient(name).remembered is None])
def test_the_patient_gets_the_right_advice_from_recordings(name: str, recogniser: Recogniser, tmp_path: Path) -> None:
    clock, recorder = SimulatedClock(), Recorder()
    stack = Stack(load_patient(name), tmp_path)
    build(Settings(), Equipment(StackEar(stack, recogniser, clock), QuietVoice(clock), clock, recorder)).run()
    stack.close()
    levels = [event.level for event in recorder.events if isinstance(event, Concluded)]
    heard, right = Level[levels[-1].upper()], Level[load_patient(name).level.upper()]
    # without a second hearing those who talk in sentences may be sent too soon, but never too late
    assert heard >= right if name.startswith("talks_") else heard == right
