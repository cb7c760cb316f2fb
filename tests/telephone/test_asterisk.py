"""Whole calls through a real Asterisk: SIP, RTP and µ-law between the caller's channel and Charley's.

Both ends of the call speak AudioSocket: Charley's as docs/telephone.md tells, and the caller's, at which the test
speaks with the voice of a demo patient. `make test-telephone` runs them.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.channels.calls import Calls
from skill.channels.line import Line
from skill.demo.patient import Memory, load_patient
from skill.dialogue.events import Answered, Asked, Concluded, Recorder
from skill.listening.ear import Turn
from skill.settings import Settings
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Delivery
from tests.support.asterisk import asterisk, program
from tests.support.telephone import serving

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.timeout(600),
    pytest.mark.skipif(program() is None, reason="needs Asterisk: run `make test-telephone` as root"),
]
LONGEST = 300.0


@pytest.fixture(scope="module", name="calls")
def _calls() -> Iterator[Calls]:
    calls = Calls(Settings(emergency_number="112", pace=1.5))
    calls.warm_up()
    yield calls
    calls.close()


@pytest.mark.parametrize("name", ["chest_pain", "calf_at_night", "swollen_red_calf"])
def test_a_patient_on_the_telephone_gets_the_right_advice(calls: Calls, name: str, tmp_path: Path) -> None:
    patient, recorder, over = load_patient(name), Recorder(), threading.Event()
    memory, voice = Memory(patient), Pyttsx3Engine(patient.voice.name, patience=60)
    telephone: list[Line] = []

    def answer(turn: Turn) -> None:
        if said := memory.reply(turn):
            telephone[0].play([voice.render(said, Delivery(patient.voice.pace))])

    def hold(line: Line) -> None:
        calls.hold(line, recorder, answer)
        over.set()

    def lift(line: Line) -> None:
        telephone.append(line)
        while line.read(0.1) is not None:
            pass

    with serving(hold) as charley, serving(lift) as caller, asterisk(tmp_path, charley.port, caller.port) as exchange:
        exchange.call("voice")
        assert over.wait(LONGEST)
        assert telephone[0].closed or _soon(lambda: telephone[0].closed)  # Charley has hung up, and so has Asterisk
    voice.close()
    levels = [event.level for event in recorder.events if isinstance(event, Concluded)]
    assert levels[-1] == patient.level, recorder.events


def test_keys_reach_charley(calls: Calls, tmp_path: Path) -> None:
    recorder, over = Recorder(), threading.Event()

    def hold(line: Line) -> None:
        calls.hold(line, recorder)
        over.set()

    waits = "w" * 40  # half a second each: the first question has been put by then
    with serving(hold) as charley, asterisk(tmp_path, charley.port, 1, keys=f"{waits}2") as exchange:
        exchange.call("keys")
        assert _soon(lambda: any(isinstance(event, Answered) for event in recorder.events), 90)
        exchange.run("channel request hangup all")
        assert over.wait(LONGEST)
    answered = next(event for event in recorder.events if isinstance(event, Answered))
    asked = next(event for event in recorder.events if isinstance(event, Asked))
    assert (answered.question, answered.value) == (asked.question, "no")


def _soon(true: object, patience: float = 20) -> bool:
    assert callable(true)
    until = time.monotonic() + patience
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return bool(true())
