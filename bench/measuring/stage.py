"""A place where spoken conversations are held one after the other, each with a mishap of its own."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from measuring.faults import FULL, LOSING_AN_ANSWER, OF_THE_VOICE, READ_ONLY, UNREADABLE, Fault, Mishap
from skill.app import build
from skill.demo.patient import Patient as Speaking
from skill.demo.patient import PatientVoice, load_patient, patient_names
from skill.demo.patient_ear import PatientEar
from skill.dialogue.events import Event, EventSink, HeardSpeech, JsonLines, NoEvents, Recorder, Said
from skill.episodes.memory import EpisodeMemory
from skill.episodes.store import EpisodeStore
from skill.equipment import Equipment
from skill.errors import CharleyError
from skill.listening.child_model import ChildModel
from skill.listening.recogniser import Recogniser
from skill.listening.source import Source
from skill.settings import Settings
from skill.speaking.cache import ClipCache
from skill.speaking.captions import Captions, NoCaptions, PlainCaptions
from skill.speaking.engines import open_engine
from skill.speaking.player import NullPlayer
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.speaker import Speaker
from skill.speaking.voice import Clip
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.triage.model import Level
from skill.understanding.phrasebook import Phrasebook
from tests.support.patients import Patient, mistakes, tellable
from tests.support.person import Person, advised
from tests.support.processes import children

#: The patients' voices, of espeak-ng.
VOICES: Final = ("gmw/en-us", "gmw/en+f3", "gmw/en-us+m3")
#: Seconds without an event after which a conversation counts as hanging.
HANG: Final = 20.0


class HangError(Exception):
    """Nothing has happened for HANG seconds."""


@dataclass(frozen=True)
class Story:
    """A patient, and what is said by one who is shipped for the demo; the others answer by their facts."""

    patient: Patient
    told: Speaking | None = None


@dataclass(frozen=True)
class Held:
    """What came of a conversation."""

    wrong: tuple[str, ...]
    """What is wrong with the advice."""
    heard: tuple[str, ...]
    hung: bool = False


class Stage:
    """The recogniser and the patients' voices stay for all conversations, everything else is made anew for each."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes the clips and the episodes."""
        self._folder = folder
        self._protocol = load_protocol()
        self._phrases = Phrasebook(self._protocol).everything()
        self._recogniser = self._listen()
        self._voices = {voice: Pyttsx3Engine(voice) for voice in VOICES}
        signal.signal(signal.SIGALRM, _cut)

    def hold(self, story: Story, voice: str, mishap: Mishap) -> Held:
        """One conversation from the welcome to the end."""
        clock, witness = SimulatedClock(), _Witness(mishap)
        hung, failure = False, ""
        try:
            with _watched():
                self._converse(story, voice, mishap, clock, witness)
        except HangError:
            hung = True
        except Exception as error:  # whatever ends a conversation is a mistake of Charley's
            failure = repr(error)
        if hung or failure:  # the recogniser may be in the middle of an answer
            self._recogniser.close()
            self._recogniser = self._listen()
        heard = tuple(event.text for event in witness.events if isinstance(event, HeardSpeech))
        if hung:
            return Held((), heard, hung=True)
        return Held((failure,) if failure else self._mistakes(story.patient, witness.events, mishap), heard)

    def close(self) -> None:
        """End the recogniser and the voices."""
        self._recogniser.close()
        for voice in self._voices.values():
            voice.close()

    def _listen(self) -> Recogniser:
        return Recogniser(resources.MODEL, self._phrases, load=ChildModel)

    def _converse(self, story: Story, voice: str, mishap: Mishap, clock: SimulatedClock, witness: "_Witness") -> None:
        complaints: list[CharleyError] = []
        answers = Person(story.patient, self._protocol, witness, clock)
        says = Speaking(story.patient.name, story.patient.story, PatientVoice(voice), "", replies=answers)
        with ExitStack() as stack:
            stack.callback(mishap.over)
            store = EpisodeStore(self._place("episodes", mishap))
            stack.callback(store.close)
            captions: Captions = NoCaptions()
            if mishap.fault is Fault.STREAMS_FULL:
                full = stack.enter_context(_full())
                captions, witness.printed = PlainCaptions(full), JsonLines(full, complaints.append)
            others = children("skill.speaking.worker")
            # A voice that finds every sentence in the cache would not notice that it is dead.
            cache = None if mishap.fault in OF_THE_VOICE else ClipCache(self._place("clips", mishap))
            engine = open_engine("pyttsx3", "", complaints.append)
            speaker = Speaker(engine, NullPlayer(clock), captions, complaints.append, cache=cache)
            stack.callback(speaker.close)
            mishap.voice = set(children("skill.speaking.worker")) - set(others)
            ear = _DisturbedEar(
                story.told or says, self._recogniser, self._voices[voice], NullPlayer(clock), clock, NoCaptions()
            )
            ear.mishap = mishap
            memory = EpisodeMemory(store, lambda: datetime.now(UTC), complaints.append)
            build(Settings(), Equipment(ear, speaker, clock, witness, memory=memory)).run()

    def _place(self, name: str, mishap: Mishap) -> Path:
        """Where Charley keeps something."""
        if mishap.fault is Fault.FOLDERS_UNREADABLE:
            return UNREADABLE / name
        return READ_ONLY if mishap.fault is Fault.DISK_READ_ONLY and name == "episodes" else self._folder / name

    def _mistakes(self, patient: Patient, events: list[Event], mishap: Mishap) -> tuple[str, ...]:
        """What is wrong; after a lost answer the advice may be higher, and so other remedies may be named."""
        given = advised(events, self._protocol)
        if not (mishap.happened and mishap.fault in LOSING_AN_ANSWER and given.level > patient.most):
            return tuple(mistakes(patient, given))
        told = given.named | given.led
        return tuple(f"{remedy} must not be told" for remedy in patient.must_not if remedy in told)


def stories() -> list[Story]:
    """The patients of the demo and of the tests, without those who come back for a follow-up."""
    # no second hearing stands on this stage: those who talk in sentences have tests of their own
    shipped = [load_patient(name) for name in patient_names() if not name.startswith("talks_")]
    levels = {level.id: level for level in Level}
    return [
        *(Story(patient) for patient in tellable(load_protocol())),
        *(Story(_bounds(patient, levels[patient.level]), patient) for patient in shipped if patient.remembered is None),
    ]


def _bounds(patient: Speaking, level: Level) -> Patient:
    return Patient(f"demo {patient.id}", patient.story, {}, level, level, (), (), (), "")


class _DisturbedEar(PatientEar):
    """Hears a patient, unless something comes between."""

    mishap: Mishap

    def in_the_room(self, clip: Clip) -> Source:
        return self.mishap.answer(super().in_the_room(clip))


class _Witness(Recorder):
    """Keeps the events, and the time since the last one."""

    def __init__(self, mishap: Mishap) -> None:
        super().__init__()
        self._mishap = mishap
        self.printed: EventSink = NoEvents()

    def emit(self, event: Event) -> None:
        super().emit(event)
        self.printed.emit(event)
        signal.setitimer(signal.ITIMER_REAL, HANG)
        if isinstance(event, Said):
            self._mishap.utterance()


@contextmanager
def _watched() -> Iterator[None]:
    """Cut off what is done here when no event comes for HANG seconds."""
    signal.setitimer(signal.ITIMER_REAL, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@contextmanager
def _full() -> Iterator[TextIO]:
    """A stream that takes nothing; what it could not take is lost when it is closed."""
    stream = FULL.open("w", encoding="utf-8")
    try:
        yield stream
    finally:
        with suppress(OSError):
            stream.close()


def _cut(*_: Any) -> None:
    raise HangError
