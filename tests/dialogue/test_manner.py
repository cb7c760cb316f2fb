"""How Charley speaks is changed by voice, at once, and kept."""

from collections.abc import Callable

import pytest

from skill.dialogue.prompts import load_prompts
from skill.settings import FASTEST, Detail
from skill.triage.loader import load_protocol
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]
PLACE = load_protocol().questions["place"]
OVER: Script = {"emergency": ["yes"]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("slower", {"pace": 0.83}),
        ("faster", {"pace": 1.2}),
        ("louder", {"volume": 1.2}),
        ("quieter", {"volume": 0.83}),
        ("be brief", {"detail": "brief"}),
        ("explain more", {"detail": "full"}),
    ],
)
def test_a_wish_holds_at_once_and_is_kept(dialogue_with: Make, said: str, kept: dict[str, float | str]) -> None:
    dialogue = dialogue_with({"place": [said, "calf"]})
    dialogue.asker.ask(PLACE)
    assert dialogue.preferences.settings == kept
    now = {"pace": dialogue.voice.delivery.pace, "volume": dialogue.voice.delivery.volume}
    assert {**now, "detail": dialogue.narrator.manner.detail} == {**now, "detail": "normal", **kept}


def test_no_wish_goes_beyond_what_can_be_understood(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["faster"] * 9 + ["calf"]})
    dialogue.asker.ask(PLACE)
    assert dialogue.voice.delivery.pace == FASTEST


def test_brief_questions_come_without_examples(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["be brief", "calf"]})
    dialogue.asker.ask(PLACE)
    assert dialogue.voice.said[-1] == "Where is it?"


def test_full_questions_come_with_their_reason(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["calf"]})
    dialogue.narrator.manner.detail = Detail.FULL
    dialogue.asker.ask(PLACE)
    assert dialogue.prompts_said == ["questions.place.why", "questions.place.ask"]


def test_every_sign_of_a_red_flag_is_named_however_brief() -> None:
    prompts, questions = load_prompts(), load_protocol().questions.values()
    shortened = [question for question in questions if prompts.has(f"questions.{question.id}.brief")]
    assert [question.id for question in shortened if question.red_flag] == []


def test_brief_advice_leaves_out_causes_and_full_advice_explains_the_remedies(dialogue_with: Make) -> None:
    script = {"emergency": ["no"], "place": ["calf"], "happening": ["over"], "trigger": ["exercise"]}
    rest = {name: ["no"] for name in ("changes", "constant", "illness", "unwell", "background", "recurs")}
    said = {}
    for detail in Detail:
        dialogue = dialogue_with({**script, **rest})
        dialogue.narrator.manner.detail = detail
        dialogue.conversation.run()
        said[detail] = [prompt.split(".")[0] + prompt[-4:] for prompt in dialogue.prompts_said]
    assert not any(prompt.startswith("causes") for prompt in said[Detail.BRIEF])
    assert any(prompt.startswith("causes") for prompt in said[Detail.NORMAL])
    assert "remedies.why" in said[Detail.FULL]
    assert len(said[Detail.BRIEF]) < len(said[Detail.NORMAL]) < len(said[Detail.FULL])
