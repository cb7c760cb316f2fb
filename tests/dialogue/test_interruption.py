"""Who breaks in while Charley speaks is heard at once, and nothing that breaks in is lost."""

from collections.abc import Callable

from skill.dialogue.events import Concluded, EndReason
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]


def test_stop_in_the_middle_of_a_question_ends_the_conversation(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"interruption": ["", "stop"]})
    assert dialogue.conversation.run() is EndReason.STOPPED
    assert dialogue.prompts_said == ["dialogue.welcome", "questions.emergency.ask", "dialogue.stopped"]


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
    rest = {"background": ["no"], "recurs": ["no"], "trigger": ["skip"]}
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
