"""What is said with the wake phrase counts as the first answer."""

from collections.abc import Callable

import pytest

from skill.dialogue.beginning import Beginning
from skill.dialogue.events import Answered, EndReason
from skill.listening.scripted_ear import spoken
from skill.speaking.voice import Earcon
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import UNANSWERED
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


def test_nobody_who_answers_a_doubtful_wake_is_left_alone_with_one_soft_sound(dialogue_with: Make) -> None:
    dialogue = dialogue_with({}, beginning=Beginning(Interview(load_protocol()), doubtful=True))
    assert dialogue.conversation.run() is EndReason.SILENCE
    assert dialogue.prompts_said == [
        "dialogue.welcome",
        "questions.emergency.ask",
        "dialogue.repair.silence.0",
        "questions.emergency.again.0",
    ]
    assert dialogue.voice.played[-1] is Earcon.ASLEEP
    assert not dialogue.events(Answered)


@pytest.mark.parametrize("said", ["mumble", "wait", "what is a charley horse"])
def test_whoever_makes_any_sound_is_somebody_and_silence_goes_up_again(dialogue_with: Make, said: str) -> None:
    beginning = Beginning(Interview(load_protocol()), doubtful=True)
    dialogue = dialogue_with({"emergency": [said]}, beginning=beginning)
    dialogue.conversation.run()
    assert dialogue.events(Answered)[0] == Answered("emergency", UNANSWERED)
    assert "levels.emergency.say" in dialogue.prompts_said
