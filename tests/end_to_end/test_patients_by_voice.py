"""Invented patients speak with synthetic voices through the real recogniser: each gets the right advice."""

from collections.abc import Iterator

import pytest

from skill.app import build
from skill.demo.patient import Patient as Speaker
from skill.demo.patient import PatientVoice
from skill.demo.patient_ear import PatientEar
from skill.dialogue.events import HeardSpeech, Recorder
from skill.equipment import Equipment
from skill.listening.recogniser import Recogniser
from skill.settings import Settings
from skill.speaking.captions import NoCaptions
from skill.speaking.player import NullPlayer
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Engine
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import Phrasebook
from tests.support.patients import mistakes, patients
from tests.support.person import Person, advised
from tests.support.quiet_voice import QuietVoice

#: Who speaks: every level and every region of the body, in three voices.
SPEAKERS = {
    "gmw/en-us": ("tight_chest", "cauda", "clawing_hands", "swollen_red_calf", "night_calf"),
    "gmw/en+f3": ("heavy_ribs", "foot_drop", "tingling_foot", "eyelid_exams", "third_trimester"),
    "gmw/en-us+m3": ("lockjaw", "cramping_belly", "new_statin", "desk_neck"),
}
PATIENTS = {patient.name: patient for patient in patients()}


@pytest.fixture(scope="module", name="protocol")
def _protocol() -> Protocol:
    return load_protocol()


@pytest.fixture(scope="module", name="recogniser")
def _recogniser(protocol: Protocol) -> Recogniser:
    return Recogniser(resources.MODEL, Phrasebook(protocol).everything())


@pytest.fixture(scope="module", name="engine")
def _engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = Pyttsx3Engine(request.param)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("engine", "name"), [(voice, name) for voice, names in SPEAKERS.items() for name in names], indirect=["engine"]
)
def test_who_speaks_gets_the_right_advice(
    engine: Engine, name: str, recogniser: Recogniser, protocol: Protocol
) -> None:
    patient, clock, recorder = PATIENTS[name], SimulatedClock(), Recorder()
    person = Person(patient, protocol, recorder, clock)
    speaker = Speaker(name, patient.story, PatientVoice(""), patient.least.id, replies=person)
    ear = PatientEar(speaker, recogniser, engine, NullPlayer(clock), clock, NoCaptions())
    build(Settings(), Equipment(ear, QuietVoice(clock), clock, recorder)).run()
    heard = [event for event in recorder.events if isinstance(event, HeardSpeech)]
    assert mistakes(patient, advised(recorder.events, protocol)) == [], (patient.story, heard)
