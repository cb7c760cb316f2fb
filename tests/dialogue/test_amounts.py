"""What is said of an amount, and that it is the value that is kept."""

from collections.abc import Callable

import pytest

from skill.dialogue.amounts import spoken_amount
from skill.dialogue.events import Said
from skill.dialogue.outcome import Alarm, Given
from skill.dialogue.prompts import load_prompts
from skill.system.clock import SimulatedClock
from skill.triage.model import Kind, Question
from skill.understanding.amounts import read_amount
from tests.dialogue.conftest import Dialogue, protocol

Make = Callable[..., Dialogue]

NOW = SimulatedClock().today()
PROMPTS = load_prompts()
HOW_LONG = protocol().questions["how_long"]
PAIN = protocol().questions["pain"]
HOW_OFTEN = protocol().questions["how_often"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "zero seconds"),
        (1, "one second"),
        (30, "half a minute"),
        (45, "forty five seconds"),
        (59, "less than one minute"),
        (60, "one minute"),
        (61, "more than one minute"),
        (90, "a minute and a half"),
        (150, "two and a half minutes"),
        (300, "five minutes"),
        (599, "less than ten minutes"),
        (600, "ten minutes"),
        (601, "more than ten minutes"),
        (690, "eleven and a half minutes"),
        (1800, "half an hour"),
        (3599, "less than one hour"),
        (5400, "an hour and a half"),
        (5430, "about an hour and a half"),
        (5700, "ninety five minutes"),
        (6000, "a hundred minutes"),
        (52_200, "fourteen and a half hours"),
        (86_400, "one day"),
        (864_000, "ten days"),
        (1_209_600, "two weeks"),
        (2_592_000, "one month"),
        (15_552_000, "six months"),
        (28_944_000, "about eleven months"),
        (315_360_000, "ten years"),
    ],
)
def test_a_duration_is_said_in_the_unit_that_people_would_take(seconds: int, words: str) -> None:
    assert spoken_amount(Kind.DURATION, seconds, PROMPTS) == words


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Kind.SCALE, 8, "eight out of ten"),
        (Kind.COUNT, 0, "none"),
        (Kind.COUNT, 1, "once"),
        (Kind.COUNT, 30, "thirty times"),
    ],
)
def test_degrees_and_counts_are_said_in_words(kind: Kind, value: int, words: str) -> None:
    assert spoken_amount(kind, value, PROMPTS) == words


def test_what_is_asked_back_is_read_as_what_was_kept() -> None:
    for seconds in (*range(1, 4000, 7), *range(4000, 400_000, 6130), *range(400_000, 400_000_000, 604_801)):
        amount = read_amount(spoken_amount(Kind.DURATION, seconds, PROMPTS), HOW_LONG, NOW)
        assert amount is not None
        assert abs(amount.value - seconds) <= 0.02 * seconds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("100 minutes", 6000),
        ("95 min", 5700),
        ("11.5 minutes", 690),
        ("600 s", 600),
        ("a couple of hours", 7200),
        ("half an hour, no, twenty five minutes", 1500),
    ],
)
def test_a_typed_duration_is_taken_at_its_value(dialogue_with: Make, said: str, seconds: int) -> None:
    dialogue = dialogue_with({"how_long": [said]})
    assert dialogue.asker.ask(HOW_LONG) == Given(seconds)


@pytest.mark.parametrize(
    ("question", "said", "words", "value"),
    [
        (HOW_LONG, "seven", "seven minutes", 420),
        (PAIN, "three lying, eight when I turn", "eight out of ten", 8),
        (HOW_OFTEN, "thirty or so, every single night nearly, so 28", "twenty eight times", 28),
    ],
)
def test_what_is_asked_back_is_the_value(
    dialogue_with: Make, question: Question, said: str, words: str, value: int
) -> None:
    dialogue = dialogue_with({question.id: [said], "confirm": ["yes"]})
    assert dialogue.asker.ask(question) == Given(value)
    asked = [event.text for event in dialogue.events(Said) if event.prompt.startswith("dialogue.confirm")]
    assert all(words in text for text in asked)


@pytest.mark.parametrize("said", ["i'm seventy two", "two kids", "10 mg"])
def test_another_number_is_no_degree_of_pain(dialogue_with: Make, said: str) -> None:
    dialogue = dialogue_with({"pain": [said, "seven"]})
    assert dialogue.asker.ask(PAIN) == Given(7)


@pytest.mark.parametrize("said", ["999", "112", "nine nine nine"])
def test_an_emergency_number_is_an_alarm_and_no_degree_of_pain(dialogue_with: Make, said: str) -> None:
    assert dialogue_with({"pain": [said]}).asker.ask(PAIN) == Alarm("call_help", said)


def test_a_question_with_a_number_in_it_is_no_answer(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"how_long": ["should I worry after ten minutes", "five minutes"]})
    assert dialogue.asker.ask(HOW_LONG) == Given(300)
