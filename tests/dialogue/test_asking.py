"""One question at a time: repair, doubt, commands, alarms."""

from collections.abc import Callable

import pytest

from skill.dialogue.events import Asked, HeardSpeech
from skill.dialogue.outcome import Alarm, Given, Turnaround
from skill.dialogue.repair import TRIES
from skill.listening.ear import CLOSED, Ending, Heard, Phrase
from skill.listening.scripted_ear import spoken
from skill.speaking.voice import Earcon
from skill.triage.definition import Stage
from skill.triage.loader import load_protocol
from skill.triage.model import UNANSWERED, UNSURE, Answer, Question
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]
QUESTIONS = {item.question.id: item.question for item in load_protocol().items if item.stage is not Stage.CLOCK}
RED_FLAG, PLACE = QUESTIONS["emergency"], QUESTIONS["place"]


def test_a_clear_answer_is_taken_at_once(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["my left calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf", (Answer("side", "left"),))
    assert dialogue.prompts_said == ["questions.place.ask"]
    assert dialogue.voice.played == [Earcon.LISTENING, Earcon.UNDERSTOOD]


def test_silence_is_met_with_other_words_at_every_try(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["", "", "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert len(set(dialogue.voice.said)) == len(dialogue.voice.said)


def test_a_red_flag_that_nobody_answers_is_unanswered_and_said_to_count_as_a_yes(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    assert dialogue.asker.ask(RED_FLAG) == Given(UNANSWERED)
    assert len(dialogue.events(Asked)) == TRIES
    assert dialogue.prompts_said[-1] == "dialogue.assume_yes.silence"


def test_speech_that_is_no_answer_is_not_understood(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["[unk]", "the weather is nice", "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert [event.accepted for event in dialogue.events(HeardSpeech)] == [False, False, True]


def test_yes_and_no_in_one_breath_is_no_answer(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes no", "no"]})
    assert dialogue.asker.ask(RED_FLAG) == Given("no")
    assert len(dialogue.events(Asked)) == 2


def test_a_doubtful_no_to_a_red_flag_is_asked_back(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("no", 0.7)], "confirm": ["yes"]})
    assert dialogue.asker.ask(RED_FLAG) == Given("no")
    assert "dialogue.confirm.0" in dialogue.prompts_said


def test_a_doubtful_no_that_nobody_confirms_counts_as_unanswered(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("no", 0.7)]})
    assert dialogue.asker.ask(RED_FLAG) == Given(UNANSWERED)


def test_a_doubtful_yes_to_an_emergency_question_is_acted_on_at_once(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("yes", 0.7)]})
    assert dialogue.asker.ask(RED_FLAG) == Given("yes")
    assert "dialogue.confirm.0" not in dialogue.prompts_said


def test_a_wrong_confirmation_asks_the_question_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": [spoken("foot", 0.7), "calf"], "confirm": ["no"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.repair.denied.0" in dialogue.prompts_said


def test_not_knowing_is_an_answer_to_a_yes_no_question(dialogue_with: Make) -> None:
    assert dialogue_with({"emergency": ["i don't know"]}).asker.ask(RED_FLAG) == Given(UNSURE)


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("help", "questions.place.options"),
        ("why", "questions.place.why"),
        ("slower", "dialogue.slower"),
        ("louder", "dialogue.louder"),
        ("repeat", "questions.place.ask"),
    ],
)
def test_commands_are_obeyed_and_the_question_comes_again(dialogue_with: Make, said: str, prompt: str) -> None:
    dialogue = dialogue_with({"place": [said, "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert prompt in dialogue.prompts_said[1:]
    assert dialogue.prompts_said[-1] == "questions.place.ask"


@pytest.mark.parametrize(
    ("said", "turnaround"),
    [("go back", Turnaround.BACK), ("stop", Turnaround.STOP), ("start over", Turnaround.START_OVER)],
)
def test_a_wish_to_be_elsewhere_ends_the_question(dialogue_with: Make, said: str, turnaround: Turnaround) -> None:
    assert dialogue_with({"place": [said]}).asker.ask(PLACE) is turnaround


def test_a_closed_ear_ends_the_question(dialogue_with: Make) -> None:
    assert dialogue_with({"place": [CLOSED]}).asker.ask(PLACE) is Turnaround.CLOSED


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_an_emergency_phrase_is_understood_at_every_question(dialogue_with: Make, question: Question) -> None:
    outcome = dialogue_with({question.id: ["i can't breathe"]}).asker.ask(question)
    assert outcome == Alarm("breathing", "i can't breathe")


def test_two_emergency_phrases_in_one_breath_are_still_an_alarm(dialogue_with: Make) -> None:
    outcome = dialogue_with({"place": ["chest pain i can't breathe"]}).asker.ask(PLACE)
    assert isinstance(outcome, Alarm)


def test_a_doubtful_alarm_that_is_denied_is_none(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": [spoken("chest pain", 0.7), "calf"], "confirm": ["no"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")


def test_a_doubtful_alarm_that_is_not_denied_is_one(dialogue_with: Make) -> None:
    outcome = dialogue_with({"place": [spoken("chest pain", 0.7)]}).asker.ask(PLACE)
    assert outcome == Alarm("chest", "chest pain")


def test_the_same_command_for_ever_ends_as_unanswered_by_somebody_who_is_there(dialogue_with: Make) -> None:
    assert dialogue_with({"place": ["repeat"] * 99}).asker.ask(PLACE) == Given(UNANSWERED, skipped=True)


def test_an_answer_said_in_a_pause_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["wait", "my foot"]})
    assert dialogue.asker.ask(PLACE) == Given("foot")


def test_an_alarm_said_in_a_pause_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["wait", "i can't breathe"]})
    assert dialogue.asker.ask(PLACE) == Alarm("breathing", "i can't breathe")


def test_a_silent_pause_is_no_failure(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["wait", "", "wait", "", "wait", "", "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")


def test_an_alarm_said_instead_of_a_confirmation_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("no", 0.7)], "confirm": ["i can't breathe"]})
    assert dialogue.asker.ask(RED_FLAG) == Alarm("breathing", "i can't breathe")


def test_who_stops_at_a_confirmation_is_let_go(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("no", 0.7)], "confirm": ["stop"]})
    assert dialogue.asker.ask(RED_FLAG) == Turnaround.STOP


def test_noise_around_an_alarm_is_not_said_back(dialogue_with: Make) -> None:
    noisy = Heard(Ending.SPEECH, (Phrase("[unk]", 1.0), Phrase("chest pain", 1.0)))
    dialogue = dialogue_with({"emergency": [noisy], "confirm": ["yes"]})
    assert dialogue.asker.ask(RED_FLAG) == Alarm("chest", "chest pain")
    assert not any("[unk]" in said for said in dialogue.voice.said)
