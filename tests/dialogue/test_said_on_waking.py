"""What is said with the wake phrase counts as the first answer."""

from collections.abc import Callable

from skill.dialogue.beginning import Beginning
from skill.listening.scripted_ear import spoken
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from tests.dialogue.conftest import Dialogue

Make = Callable[..., Dialogue]


def woken_with(text: str) -> Beginning:
    return Beginning(Interview(load_protocol()), said=spoken(text))


def test_an_emergency_is_acted_on_before_anything_else_is_said(dialogue_with: Make) -> None:
    dialogue = dialogue_with({}, beginning=woken_with("i can't breathe"))
    dialogue.conversation.run()
    assert dialogue.prompts_said[:2] == ["dialogue.alarm_heard", "levels.emergency.say"]


def test_a_place_is_not_asked_for_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["no"]}, beginning=woken_with("my left calf"))
    dialogue.conversation.run()
    assert dialogue.prompts_said[0] == "questions.emergency.ask"
    assert "questions.place.ask" not in dialogue.prompts_said
