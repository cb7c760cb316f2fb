"""What a button says is understood as what it stands for, and is never taken for anything else."""

from datetime import UTC, datetime
from functools import cache

import pytest

from skill.channels.page.texts import Texts, load_texts
from skill.dialogue.closing import ONCE_MORE, PLAN
from skill.listening.ear import typed
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import AMOUNTS, Kind, Question, Value
from skill.understanding.decision import load_thresholds
from skill.understanding.meanings import Alarmed, Command, Commanded, Meant, Understanding
from skill.understanding.moments import CONFIRM, HOLD, OFFER
from skill.understanding.phrasebook import INTERRUPTING, Phrasebook
from skill.understanding.understand import Interpreter, interpreter

#: Questions that nobody puts: the clock and the memory answer them.
NEVER_PUT = {"ten_minutes", "lately", "since", "advised"}
PROTOCOLS = (load_protocol(), load_protocol(resources.FOLLOWUP))
ASKED = [(number, name) for number, one in enumerate(PROTOCOLS) for name in one.questions if name not in NEVER_PUT]
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module", name="texts")
def _texts() -> Texts:
    return load_texts()


@cache
def reads(protocol: int) -> Interpreter:
    return interpreter(Phrasebook(PROTOCOLS[protocol], "112"), load_thresholds(), lambda: NOW)


def understood(line: str, question: Question, protocol: int = 0) -> Understanding:
    return reads(protocol).understand(typed(line), question)


def values(lines: tuple[str, ...], question: Question, protocol: int = 0) -> list[Value]:
    """What the lines mean; each of them beyond doubt, and nothing beside it."""
    meanings = [understood(line, question, protocol) for line in lines]
    assert all(isinstance(one, Meant) and one.sure and one.also == () for one in meanings), (lines, meanings)
    return [one.value for one in meanings if isinstance(one, Meant)]


@pytest.mark.parametrize(("protocol", "name"), ASKED)
def test_every_question_has_buttons_that_mean_its_answers(texts: Texts, protocol: int, name: str) -> None:
    question = PROTOCOLS[protocol].questions[name]
    given = values(texts.answers(name, question.kind, question.choices), question, protocol)
    match question.kind:
        case Kind.YES_NO:
            assert given == ["yes", "no"]
        case Kind.CHOICE:
            assert given == list(question.choices)
        case Kind.SCALE:
            assert given == list(range(11))
        case _:
            assert given == sorted(given, key=int)
            assert len(set(given)) >= 4
    unsure = understood(texts("answers.unsure"), question, protocol)
    assert unsure == Commanded(Command.DONT_KNOW) or (isinstance(unsure, Meant) and unsure.value == "unsure")


@pytest.mark.parametrize("question", [CONFIRM, OFFER, ONCE_MORE, PLAN], ids=lambda question: question.id)
def test_every_moment_of_yes_or_no_has_both(texts: Texts, question: Question) -> None:
    assert values(texts.answers(question.id, question.kind, ()), question) == ["yes", "no"]


def test_a_hold_is_ended_by_each_of_its_buttons_or_made_longer(texts: Texts) -> None:
    expected = ["gone", "better", "worse", "hurts", "longer", "skip"]
    assert values(texts.answers(HOLD.id, HOLD.id, ()), HOLD) == expected


@pytest.mark.parametrize(("protocol", "name"), ASKED)
def test_help_and_commands_are_understood_at_every_question(texts: Texts, protocol: int, name: str) -> None:
    question = PROTOCOLS[protocol].questions[name]
    alarm = understood(texts("alarm"), question, protocol)
    assert isinstance(alarm, Alarmed)
    assert (alarm.alarm, alarm.sure) == ("call_help", True)
    for line in (*texts.lines("breaking"), *texts.lines("waiting"), *texts.lines("seldom")):
        assert isinstance(understood(line, question, protocol), Commanded), (line, question.id)


def test_only_what_a_voice_could_break_in_with_breaks_in_by_touch(texts: Texts) -> None:
    question = PROTOCOLS[0].questions["emergency"]
    for line in texts.lines("breaking"):
        meant = understood(line, question)
        assert isinstance(meant, Commanded)
        assert meant.command in INTERRUPTING


def test_amounts_are_offered_on_both_sides_of_where_the_advice_changes(texts: Texts) -> None:
    for question in PROTOCOLS[0].questions.values():
        if question.kind in AMOUNTS and question.smaller:
            limit = max(int(value) for value in question.smaller)
            given = [int(value) for value in values(texts.answers(question.id, question.kind, ()), question)]
            assert min(given) < limit <= max(given), question.id
