"""Who breaks in while Charley speaks is heard at once, and nothing that breaks in is lost."""

from collections.abc import Callable

import pytest

from skill.dialogue.events import Concluded, EndReason, HeardSpeech
from skill.dialogue.outcome import Alarm, Given
from skill.dialogue.prompts import load_prompts
from skill.language.normalise import normalise
from skill.listening.scripted_ear import spoken
from skill.speaking.voice import Earcon
from skill.triage.definition import Stage
from skill.triage.loader import load_protocol
from skill.triage.model import UNSURE, YES
from skill.understanding.barge_in import early_answers
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]
QUESTIONS = {item.question.id: item.question for item in load_protocol().items if item.stage is not Stage.CLOCK}


@pytest.mark.parametrize("reply", [{"confirm": ["yes"]}, {"confirm": ["stop"]}, {"interruption": ["", "stop", "stop"]}])
def test_stop_over_a_question_pauses_and_asks_and_ends_after_a_yes(dialogue_with: Make, reply: Script) -> None:
    dialogue = dialogue_with({"interruption": ["", "stop"], **reply})
    assert dialogue.conversation.run() is EndReason.STOPPED
    assert dialogue.prompts_said == [
        "dialogue.welcome",
        "questions.emergency.ask",
        "dialogue.stop_here",
        "dialogue.stopped",
    ]


@pytest.mark.parametrize("reply", [["no"], [spoken("yes", 0.2)], []])
def test_stop_over_a_question_that_nobody_confirms_puts_it_again(dialogue_with: Make, reply: list[str]) -> None:
    dialogue = dialogue_with({"interruption": ["", "stop"], "confirm": reply, "emergency": ["yes"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert dialogue.prompts_said[1:4] == ["questions.emergency.ask", "dialogue.stop_here", "questions.emergency.ask"]


def test_stop_over_the_advice_that_nobody_confirms_does_not_cut_it_off(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "", "stop"], "emergency": ["yes"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert dialogue.prompts_said.count("levels.emergency.say") == 2


def test_an_alarm_that_breaks_into_the_welcome_is_acted_on_before_anything_else_is_said(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["i can't breathe"]})
    dialogue.conversation.run()
    assert [event.level for event in dialogue.events(Concluded)] == ["emergency"]
    assert dialogue.prompts_said[:3] == ["dialogue.welcome", "dialogue.alarm_heard", "levels.emergency.say"]


def test_repeat_in_the_middle_of_a_question_puts_it_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "repeat"], "emergency": ["yes"]})
    dialogue.conversation.run()
    assert dialogue.prompts_said[1:3] == ["questions.emergency.ask", "questions.emergency.ask"]


def test_breaking_into_the_advice_has_it_said_once_more(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "", "help"], "emergency": ["yes"]})
    dialogue.conversation.run()
    assert dialogue.prompts_said.count("levels.emergency.say") == 2


def test_an_alarm_that_breaks_in_just_before_the_advice_is_not_lost(dialogue_with: Make) -> None:
    said = {"emergency": ["no"], "place": ["calf"], "happening": ["it's over"], "changes": ["no"], "illness": ["no"]}
    rest = {name: ["no"] for name in ("constant", "unwell", "background", "recurs")}
    quiet = [""] * 9
    dialogue = dialogue_with({**said, **rest, "interruption": [*quiet, "my chest hurts"]})
    dialogue.conversation.run()
    assert [event.level for event in dialogue.events(Concluded)][-1] == "emergency"


def test_an_alarm_that_breaks_into_the_last_words_after_stop_is_not_lost(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "stop", "my chest hurts"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert [event.level for event in dialogue.events(Concluded)] == ["emergency"]


def test_an_emergency_number_that_an_alarm_cuts_off_is_said_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "", "my chest hurts"], "emergency": ["yes"]})
    dialogue.conversation.run()
    assert dialogue.prompts_said.count("levels.emergency.say") == 2


def test_a_yes_that_is_said_during_a_red_flag_question_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["yes"]})
    assert dialogue.asker.ask(QUESTIONS["swelling"]) == Given("yes")
    assert dialogue.voice.played == [Earcon.UNDERSTOOD]


def test_a_no_to_a_red_flag_counts_only_when_the_question_has_been_heard_to_its_end(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["no"], "swelling": ["yes"]})
    assert dialogue.asker.ask(QUESTIONS["swelling"]) == Given("yes")


def test_a_doubtful_answer_during_the_question_is_left_for_after_it(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": [spoken("yes", 0.5)], "emergency": ["no"]})
    assert dialogue.asker.ask(QUESTIONS["emergency"]) == Given("no")
    assert len(dialogue.events(HeardSpeech)) == 1


def test_an_alarm_during_a_question_wins_over_its_answers(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["my chest hurts"], "place": ["calf"]})
    assert dialogue.asker.ask(QUESTIONS["place"]) == Alarm("chest", "my chest hurts")


@pytest.mark.parametrize(("said", "taken"), [("my shin", "calf"), ("my neck", "thigh"), ("big toe", "foot")])
def test_a_place_that_is_named_while_places_are_read_counts_unless_the_question_names_it(
    said: str, taken: str, dialogue_with: Make
) -> None:
    dialogue = dialogue_with({"interruption": [said], "place": ["thigh"]})
    assert dialogue.asker.ask(QUESTIONS["place"]) == Given(taken)


def test_no_yes_of_any_kind_confirms_or_deletes_before_the_question_is_over(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "yes"], "place": [spoken("calf", 0.5), "foot"], "confirm": ["no"]})
    assert dialogue.asker.ask(QUESTIONS["place"]) == Given("foot")


@pytest.mark.parametrize("question", sorted(name for name, question in QUESTIONS.items() if question.red_flag))
def test_no_answer_that_counts_early_at_a_red_flag_is_a_no_or_in_the_question_itself(question: str) -> None:
    text = load_prompts().utterance(f"questions.{question}.ask").text
    early = early_answers(QUESTIONS[question], text)
    assert {sense.value for sense in early.sentences.values()} == {YES, UNSURE}
    assert not {sentence for sentence in early.sentences if f" {sentence} " in f" {normalise(text)} "}


@pytest.mark.parametrize("text", ["Say yes or no.", "Is it swollen, yes or no?"])
def test_a_question_that_says_yes_is_not_answered_by_a_yes_before_its_end(text: str) -> None:
    early = early_answers(QUESTIONS["swelling"], text)
    assert "yes" not in early.sentences
    assert "yeah" in early.sentences


def test_words_of_one_stem_count_as_one() -> None:
    early = early_answers(QUESTIONS["place"], "Is it your toe? Or cramping?")
    assert not {"toe", "my toes", "big toe"} & early.sentences.keys()
    assert "arm" in early.sentences
