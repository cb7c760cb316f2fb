"""The invented patients answer by typing, in the words of the grammars: each gets the right advice."""

import pytest

from skill.app import build
from skill.dialogue.events import Recorder
from skill.equipment import Equipment
from skill.listening.typed_ear import KeyboardEar
from skill.settings import Settings
from skill.system.clock import SimulatedClock
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol
from tests.support.patients import Patient, mistakes, tellable
from tests.support.person import Person, Typist, advised
from tests.support.quiet_voice import QuietVoice


@pytest.fixture(scope="module", name="protocol")
def _protocol() -> Protocol:
    return load_protocol()


@pytest.mark.parametrize("patient", tellable(load_protocol()), ids=lambda patient: patient.name)
def test_who_types_gets_the_right_advice(patient: Patient, protocol: Protocol) -> None:
    clock, recorder = SimulatedClock(), Recorder()
    person = Person(patient, protocol, recorder, clock)
    ear = KeyboardEar(Typist(person, recorder), clock)
    build(Settings(), Equipment(ear, QuietVoice(clock), clock, recorder)).run()
    assert mistakes(patient, advised(recorder.events, protocol)) == [], patient.story
