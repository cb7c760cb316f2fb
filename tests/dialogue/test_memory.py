"""What a conversation keeps, and how a person has it forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.dialogue.outcome import Alarm, Given
from skill.episodes.memory import EpisodeMemory
from skill.episodes.store import EpisodeStore
from skill.errors import CharleyError
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Level
from tests.dialogue.conftest import Dialogue

Make = Callable[..., Dialogue]
PLACE = load_protocol().questions["place"]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes.sqlite")


@pytest.fixture(name="memory")
def _memory(store: EpisodeStore) -> EpisodeMemory:
    store.begin(NOW)
    return EpisodeMemory(store, lambda: NOW, lambda _: None)


def test_everything_is_forgotten_after_a_yes(dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory) -> None:
    dialogue = dialogue_with({"place": ["forget everything", "calf"], "confirm": ["yes"]}, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.forget.done" in dialogue.prompts_said
    assert store.all() == ()


@pytest.mark.parametrize("reply", ["no", "i don't know", "", "the weather is nice"])
def test_nothing_is_forgotten_without_a_yes(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory, reply: str
) -> None:
    dialogue = dialogue_with({"place": ["forget everything", "calf"], "confirm": [reply]}, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.forget.kept" in dialogue.prompts_said
    assert len(store.all()) == 1


def test_an_alarm_in_place_of_the_yes_is_an_alarm(dialogue_with: Make, memory: EpisodeMemory) -> None:
    dialogue = dialogue_with({"place": ["forget everything"], "confirm": ["my chest hurts"]}, memory)
    assert dialogue.asker.ask(PLACE) == Alarm("chest", "my chest hurts")


def test_what_cannot_be_deleted_is_said(dialogue_with: Make) -> None:
    faults: list[CharleyError] = []
    memory = EpisodeMemory(EpisodeStore(Path("/proc/version/episodes")), lambda: NOW, faults.append)
    dialogue = dialogue_with({"place": ["forget everything", "calf"], "confirm": ["yes"]}, memory)
    dialogue.asker.ask(PLACE)
    assert "dialogue.forget.failed" in dialogue.prompts_said
    assert len(faults) == 1


def test_a_conversation_is_kept_with_its_advice(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue_with({"emergency": ["no"], "place": ["calf", "go back"]}, memory).conversation.run()
    latest = store.latest()
    assert latest is not None
    assert latest.answers[:2] == (Answer("emergency", "no"), Answer("place", "calf"))
    assert latest.ended
    assert latest.level is not None
    assert latest.level >= Level.URGENT


def test_a_conversation_that_was_stopped_has_ended_without_advice(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue_with({"emergency": ["no"], "place": ["stop"]}, memory).conversation.run()
    latest = store.latest()
    assert latest is not None
    assert (latest.answers, latest.level, latest.ended) == ((Answer("emergency", "no"),), None, True)


def test_an_answer_that_was_taken_back_is_not_kept(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue_with({"emergency": ["no", "stop"], "place": ["go back"]}, memory).conversation.run()
    latest = store.latest()
    assert latest is not None
    assert latest.answers == ()
