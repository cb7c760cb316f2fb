"""A conversation in turns of text: what is said, what is waited for, and how it ends."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.app import text_sessions
from skill.channels.desk import Desk, Reply
from skill.channels.text_session import TextSession
from skill.dialogue.events import Answered, Coaching, Ended, EndReason, Recorder
from skill.dialogue.prompts import Utterance, load_prompts
from skill.listening.ear import typed
from skill.settings import Settings
from skill.system.clock import SimulatedClock
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol
from tests.support.patients import Patient, mistakes, tellable
from tests.support.person import Person, advised

Open = Callable[[str], TextSession]

#: Lines after which a conversation that does not end is taken to be stuck.
STUCK = 120
EMERGENCY = load_prompts().texts["questions.emergency.ask"]


@pytest.fixture(scope="module", name="protocol")
def _protocol() -> Protocol:
    return load_protocol()


@pytest.fixture(scope="module", name="clock")
def _clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture(scope="module", name="open_session")
def _open_session(clock: SimulatedClock) -> Open:
    return text_sessions(Settings(emergency_number="999"), clock=clock)


def answers(reply: Reply) -> dict[str, object]:
    return {event.question: event.value for event in reply.events if isinstance(event, Answered)}


def levels(reply: Reply) -> list[str]:
    return [advice.level for advice in reply.advice]


@pytest.mark.parametrize("patient", tellable(load_protocol()), ids=lambda patient: patient.name)
def test_who_is_asked_in_turns_gets_the_right_advice(
    patient: Patient, protocol: Protocol, open_session: Open, clock: SimulatedClock
) -> None:
    recorder = Recorder()
    person = Person(patient, protocol, recorder, clock)
    session = open_session("")
    reply = session.begin()
    for _ in range(STUCK):
        recorder.events.extend(reply.events)
        if reply.ended:
            break
        assert reply.text
        reply = session.answer("done" if reply.awaits == "coaching" else person[reply.awaits][0])
    assert reply.ended in {EndReason.FINISHED, EndReason.SILENCE}
    assert mistakes(patient, advised(recorder.events, protocol)) == [], patient.story


def test_what_called_for_it_is_known_but_answers_no_question_that_was_not_put(open_session: Open) -> None:
    session = open_session("I have a cramp in my left calf, nothing else")
    reply = session.begin()
    assert reply.awaits == "emergency"
    assert reply.text.endswith(EMERGENCY)
    assert answers(reply) == {"place": "calf"}
    assert session.answer("no").awaits not in {"place", "emergency"}


@pytest.mark.parametrize("line", ["", "hello", "yes", "no", "help", "talk to charley"])
def test_what_tells_nothing_begins_the_usual_way(open_session: Open, line: str) -> None:
    reply = open_session(line).begin()
    assert reply.said == (load_prompts().texts["dialogue.welcome"], EMERGENCY)
    assert answers(reply) == {}


def test_an_alarm_that_calls_for_it_is_answered_at_once(open_session: Open) -> None:
    reply = open_session("I can't breathe").begin()
    assert levels(reply) == ["emergency"]
    assert "9 9 9" in reply.text
    assert reply.said[0] == load_prompts().texts["dialogue.welcome"]


def test_a_hold_says_how_long_and_goes_on_with_the_next_line(open_session: Open) -> None:
    session = open_session("my calf is cramping")
    reply = session.begin()
    while reply.awaits != "coaching":
        reply = session.answer("cramping now" if reply.awaits == "happening" else "no")
    step = [event for event in reply.events if isinstance(event, Coaching)][-1]
    assert f"{step.seconds} seconds" in reply.said[-1]
    assert session.answer("hm").said == (load_prompts().texts["channels.hold_on"],)
    assert answers(session.answer("it is gone")) == {"eased": "yes"}


def test_a_red_flag_is_denied_by_plain_words_alone(open_session: Open) -> None:
    session = open_session("")
    session.begin()
    reply = session.answer("well there is really nothing of that kind here, I feel quite fine otherwise")
    assert reply.awaits == "confirm"
    assert answers(reply) == {}
    assert answers(session.answer("yes")) == {"emergency": "no"}
    other = open_session("")
    other.begin()
    assert answers(other.answer("No.")) == {"emergency": "no"}


def test_who_falls_silent_is_asked_again_and_given_the_safe_advice(open_session: Open) -> None:
    session = open_session("")
    session.begin()
    replies = [session.answer("") for _ in range(3)]
    assert [reply.awaits for reply in replies[:2]] == ["emergency", "emergency"]
    assert levels(replies[-1]) == ["emergency"]
    assert replies[-1].ended is EndReason.SILENCE


def test_who_leaves_is_given_the_safe_advice_and_nothing_after_it(open_session: Open) -> None:
    session = open_session("my calf is cramping")
    session.begin()
    session.answer("no")
    reply = session.leave()
    assert reply.ended is EndReason.SILENCE
    assert [(advice.level, advice.place) for advice in reply.advice] == [("emergency", "calf")]
    assert reply.events[-1] == Ended(EndReason.SILENCE)
    assert session.ended is EndReason.SILENCE
    assert session.answer("no") == Reply(ended=EndReason.SILENCE)
    assert session.leave() == Reply(ended=EndReason.SILENCE)


def test_who_leaves_after_the_advice_gets_no_other_one(open_session: Open) -> None:
    session = open_session("")
    session.begin()
    advice = session.answer("yes")
    reply = session.leave()
    assert levels(advice) == ["emergency"]
    assert reply.advice == ()
    assert reply.ended is not None


def test_a_cramp_that_outlasts_the_limit_goes_up_by_the_clock(
    protocol: Protocol, open_session: Open, clock: SimulatedClock
) -> None:
    session = open_session("my calf is cramping")
    reply = session.begin()
    while reply.awaits != "coaching":
        reply = session.answer("cramping now" if reply.awaits == "happening" else "no")
    limit = protocol.relief_limit
    assert limit is not None
    clock.sleep(limit.seconds)
    assert answers(session.answer("done"))[limit.question] == "yes"


def test_the_command_for_grave_advice_runs_here_too(tmp_path: Path) -> None:
    told = tmp_path / "told"
    session = text_sessions(Settings(on_verdict=("touch", str(told))))("")
    session.begin()
    session.answer("yes")
    until = time.monotonic() + 20
    while not told.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert told.exists()


def test_many_at_once_do_not_mix(open_session: Open) -> None:
    places = {"calf": "my calf is cramping", "hand": "my hand is cramping", "neck": "my neck is cramping"}
    sessions = [(place, open_session(line)) for _ in range(10) for place, line in places.items()]
    for _, session in sessions:
        session.begin()
    for _, session in sessions:
        session.answer("no")
    told = [[advice.place for advice in session.leave().advice] for _, session in sessions]
    assert told == [[place] for place, _ in sessions]


def test_a_conversation_that_fails_says_whom_to_call(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing:
        def run(self) -> EndReason:
            raise ZeroDivisionError

    apology = Utterance("channels.failed", "Call 9 9 9.")
    session = TextSession(Desk(load_prompts()), Failing(), typed, apology=apology)
    reply = session.begin()
    assert (reply.said, reply.ended) == (("Call 9 9 9.",), EndReason.ERROR)
    assert Ended(EndReason.ERROR) in reply.events
    assert "ZeroDivisionError" in capsys.readouterr().err
