"""Repair: each trouble has its own words, none come twice, and smaller questions come before giving up."""

from collections.abc import Callable

import pytest

from skill.dialogue.events import Answered, Asked, Concluded
from skill.dialogue.outcome import Alarm, Digression, Given, Turnaround
from skill.listening.ear import Heard
from skill.listening.scripted_ear import spoken
from skill.triage.definition import Stage
from skill.triage.loader import load_protocol
from skill.triage.model import UNANSWERED, Answer, Question
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]
QUESTIONS = load_protocol().questions
ASKED = [item.question for item in load_protocol().items if item.stage is not Stage.CLOCK]
RED_FLAG, PLACE, PAIN = QUESTIONS["emergency"], QUESTIONS["place"], QUESTIONS["pain"]


@pytest.mark.parametrize(
    ("heard", "trouble"),
    [
        (spoken(""), "silence"),
        (spoken("[unk]"), "no_match"),
        (spoken("no", 0.05), "low_confidence"),
        (spoken("yes no"), "ambiguous"),
    ],
)
def test_each_trouble_has_its_own_words(dialogue_with: Make, heard: Heard, trouble: str) -> None:
    dialogue = dialogue_with({"emergency": [heard, "no"]})
    assert dialogue.asker.ask(RED_FLAG) == Given("no")
    assert dialogue.prompts_said[1] == f"dialogue.repair.{trouble}.0"


@pytest.mark.parametrize("question", ASKED, ids=[question.id for question in ASKED])
def test_no_sentence_comes_twice_at_one_question(dialogue_with: Make, question: Question) -> None:
    dialogue = dialogue_with({question.id: ["", "[unk]", "", "", "", ""]})
    dialogue.asker.ask(question)
    assert len(set(dialogue.voice.said)) == len(dialogue.voice.said)


def test_a_choice_that_cannot_be_named_is_asked_for_in_small_steps(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "[unk]", "no", "no", "yes"]})
    assert dialogue.asker.ask(PLACE) == Given("thigh")
    kinds = [(event.kind, event.text) for event in dialogue.events(Asked)]
    assert kinds[2:] == [
        ("yes_no", "Is it your calf?"),
        ("yes_no", "Is it your foot?"),
        ("yes_no", "Is it your thigh?"),
    ]


def test_small_steps_that_are_all_denied_leave_the_last_value(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "[unk]", *["no"] * (len(PLACE.smaller) - 1)]})
    assert dialogue.asker.ask(PLACE) == Given("elsewhere")


def test_a_small_step_that_is_not_understood_is_put_again_and_then_the_next_one(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "[unk]", "[unk]", "[unk]", "no", "yes"]})
    assert dialogue.asker.ask(PLACE) == Given("thigh")


def test_small_steps_of_which_one_was_not_understood_leave_it_open(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "[unk]", "[unk]", "[unk]", *["no"] * (len(PLACE.smaller) - 2)]})
    assert dialogue.asker.ask(PLACE) == Given(UNANSWERED)


def test_silence_at_a_small_step_leaves_it_open_at_once(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    assert dialogue.asker.ask(PLACE) == Given(UNANSWERED)
    assert len(dialogue.events(Asked)) == 3


@pytest.mark.parametrize(
    ("reply", "given"),
    [
        ("yes", Given(7)),
        ("no", Given(6)),
        ("", Given(UNANSWERED)),
        ("i don't know", Given(UNANSWERED, skipped=True)),
    ],
)
def test_a_number_becomes_a_question_of_more_or_less(dialogue_with: Make, reply: str, given: Given) -> None:
    dialogue = dialogue_with({"pain": ["[unk]", "[unk]", reply]})
    assert dialogue.asker.ask(PAIN) == given


def test_the_place_itself_is_understood_at_a_small_step(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "[unk]", "no my foot"]})
    assert dialogue.asker.ask(PLACE) == Given("foot")


def test_commands_alarms_and_other_answers_are_understood_at_a_small_step(dialogue_with: Make) -> None:
    def outcome(*said: str) -> object:
        return dialogue_with({"place": ["[unk]", "[unk]", *said]}).asker.ask(PLACE)

    assert outcome("go back") is Turnaround.BACK
    assert outcome("repeat", "yes") == Given("calf")
    assert outcome("i can't breathe") == Alarm("breathing", "i can't breathe")
    assert outcome("it's cramping now") == Digression((Answer("happening", "cramp"),))


def test_an_alarm_is_heard_where_charley_asks_back(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": [spoken("foot", 0.7)], "confirm": ["i can't breathe"]})
    assert dialogue.asker.ask(PLACE) == Alarm("breathing", "i can't breathe")


def test_that_was_wrong_denies_what_charley_heard(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": [spoken("foot", 0.7), "calf"], "confirm": ["that's not what i said"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")


def test_an_alarm_is_heard_while_charley_waits(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["wait", "i can't breathe"]})
    assert dialogue.asker.ask(PLACE) == Alarm("breathing", "i can't breathe")


def test_a_red_flag_left_open_says_why_it_counts(dialogue_with: Make) -> None:
    for said, reason in (("", "silence"), ("[unk]", "unclear"), ("skip", "skipped")):
        dialogue = dialogue_with({"emergency": [said] * 3})
        assert dialogue.asker.ask(RED_FLAG) == Given(UNANSWERED, skipped=reason == "skipped")
        assert dialogue.prompts_said[-1] == f"dialogue.assume_yes.{reason}"


def test_a_question_that_comes_again_is_put_in_other_words(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["no"], "place": ["it's cramping now", "calf"]})
    dialogue.conversation.run()
    assert dialogue.prompts_said[2:4] == ["questions.place.ask", "questions.place.again.0"]


BEFORE: Script = {"emergency": ["no"], "place": ["calf"], "happening": ["it's over"]}


@pytest.mark.parametrize("said", ["no i said foot", "no i meant my foot", "i said foot"])
def test_the_last_answer_is_corrected_at_a_yes_no_question(dialogue_with: Make, said: str) -> None:
    dialogue = dialogue_with({**BEFORE, "changes": [said, "no"]})
    dialogue.conversation.run()
    assert [event.value for event in dialogue.events(Answered) if event.question == "place"] == ["calf", "foot"]


def test_back_undoes_any_number_of_answers(dialogue_with: Make) -> None:
    back = "go back"
    script: Script = {
        "emergency": ["no", "yes"],
        "place": ["calf", back],
        "happening": ["it's over", back],
        "changes": [back],
    }
    dialogue = dialogue_with(script)
    dialogue.conversation.run()
    assert dialogue.events(Concluded)[-1].level == "emergency"


@pytest.mark.parametrize(
    ("said", "question"),
    [("change the place", "place"), ("change whether it is over", "happening"), ("change the swelling", "changes")],
)
def test_any_answer_is_changed_by_its_name(dialogue_with: Make, said: str, question: str) -> None:
    dialogue = dialogue_with({**BEFORE, "changes": ["no", "no"], "constant": ["no"], "illness": [said, "no"]})
    dialogue.conversation.run()
    asked = [event.question for event in dialogue.events(Asked)]
    assert asked[asked.index("illness") + 1] == question
