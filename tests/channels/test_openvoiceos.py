"""The skill in a running OpenVoiceOS (`make test-ovos`): whole interviews, and no answer lost."""

import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest

from skill.dialogue.events import Asked, Recorder
from skill.dialogue.prompts import load_prompts
from skill.system.clock import RealClock
from skill.triage.loader import load_protocol
from skill.triage.model import YES, Level
from tests.support.patients import Patient, tellable
from tests.support.person import Person

ovos = pytest.importorskip("tests.support.openvoiceos", reason="needs OpenVoiceOS: make test-ovos")

RUNS = 20
#: Seconds after which a skill that waits by `get_response` hears nothing any more, whether it has been spoken or not.
GET_RESPONSE_TIMEOUT = 20
#: Lines after which an interview that does not end is taken to be stuck.
STUCK = 80
PROTOCOL = load_protocol()
TEXTS = load_prompts().texts
#: Those whose cramp does not have to last for ten minutes of real time.
PATIENTS = [
    patient
    for patient in tellable(PROTOCOL)
    if not any(patient.facts.get(question) == YES for question in PROTOCOL.timed)
]


@pytest.fixture(scope="module", name="croft")
def _croft() -> Iterator[Any]:
    with ovos.openvoiceos() as croft:
        yield croft


@pytest.fixture(name="device")
def _device(croft: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A satellite of its own for each test."""
    device = ovos.Device(croft, request.node.name)
    yield device
    device.leave()


def interview(device: Any, patient: Patient) -> list[Any]:
    """All that is said to somebody who answers truly, from the first line to the end."""
    recorder = Recorder()
    person = Person(patient, PROTOCOL, recorder, RealClock())
    heard = [device.say("i have a cramp")]
    while heard[-1].listens and len(heard) < STUCK:
        awaits = heard[-1].awaits
        recorder.emit(Asked(awaits, "", (), heard[-1].said[-1]))
        line = "done" if awaits == "coaching" else person[awaits][0]
        heard.append(device.say(line) if line else device.say_nothing())
    return heard


@pytest.mark.parametrize(
    ("run", "patient"),
    enumerate(islice(cycle(PATIENTS), RUNS)),
    ids=lambda value: value.name if isinstance(value, Patient) else str(value),
)
def test_a_whole_interview_is_held_the_last_answer_included(croft: Any, run: int, patient: Patient) -> None:
    """By turns on the device itself, on a satellite, and on one that never learns what became of its session."""
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"session": f"hall {run}"},
        {"session": f"bath {run}", "keeps_session": False},
    )
    device = ovos.Device(croft, **kinds[run % 3])
    heard = interview(device, patient)
    device.leave()
    assert [spoken for spoken in heard if not spoken.taken] == []
    assert heard[-1].said[-1] == TEXTS["dialogue.goodbye"]
    verdict = [verdict for spoken in heard for verdict in spoken.verdicts][-1]
    level = Level[verdict["level"].upper()]
    assert patient.least <= level <= patient.most, patient.story
    assert {reason["rule"] for reason in verdict["reasons"]} >= set(patient.reasons)


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("I have a cramp", True),
        ("charley horse", True),
        ("my back is in spasm", True),
        ("my calf is cramping", True),
        ("talk to charley", True),
        ("what is the weather like", False),
        ("tell me a joke", False),
    ],
)
def test_what_is_said_of_a_cramp_begins_a_conversation_and_nothing_else(device: Any, line: str, begins: bool) -> None:
    spoken = device.say(line)
    assert (spoken.taken, spoken.listens) == (begins, begins)
    if begins:
        assert spoken.said[-1] == TEXTS["questions.emergency.ask"]


def test_what_the_first_line_tells_is_not_asked_again(device: Any) -> None:
    device.say("my back is in spasm")
    assert "place" not in {device.say("no").awaits, "emergency"}


def test_an_alarm_is_answered_at_once_and_told_to_other_programs(device: Any) -> None:
    device.say("i have a cramp in my calf")
    spoken = device.say("i can't breathe")
    assert [verdict["level"] for verdict in spoken.verdicts] == ["emergency"]
    assert spoken.verdicts[0]["place"] == "calf"


def test_stop_ends_it_says_whom_to_call_and_gives_the_next_line_to_others(device: Any) -> None:
    device.say("i have a cramp")
    device.stop()
    last = device.wait_for("speak")
    assert last.data["utterance"].startswith(TEXTS["dialogue.stopped"].partition("{")[0])
    assert not last.data["expect_response"]
    assert not device.say("no").taken


def test_who_says_nothing_is_asked_again_and_at_last_told_what_is_safest(device: Any) -> None:
    device.say("talk to charley")
    heard = [device.say_nothing() for _ in range(2)]
    assert [spoken.awaits for spoken in heard] == ["emergency"] * 2
    device.say_nothing()
    assert device.wait_for("charley.verdict").data["level"] == "emergency"


def test_an_answer_that_comes_after_a_long_advice_has_been_spoken_is_heard(device: Any) -> None:
    device.say("i have a cramp in my calf")
    assert device.say("i can't breathe").awaits == "once_more"
    time.sleep(GET_RESPONSE_TIMEOUT + 1)
    spoken = device.say("no")
    assert spoken.taken
    assert TEXTS["dialogue.goodbye"] in spoken.said
