"""What a conversation keeps, and how a person has it forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skill.dialogue.beginning import Beginning, afresh, resumed
from skill.dialogue.events import Concluded
from skill.dialogue.outcome import Alarm, Given
from skill.episodes.episode import Episode
from skill.episodes.memory import EpisodeMemory
from skill.episodes.store import EpisodeStore
from skill.errors import CharleyError
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Level
from tests.dialogue.conftest import Dialogue

Make = Callable[..., Dialogue]
PROTOCOL = load_protocol()
PLACE = PROTOCOL.questions["place"]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CALF = (Answer("emergency", "no"), Answer("place", "calf"), Answer("happening", "over"))


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes.sqlite")


@pytest.fixture(name="memory")
def _memory(store: EpisodeStore) -> EpisodeMemory:
    store.begin(NOW - timedelta(days=1))
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
    latest = store.all()[-1]
    assert latest.answers[:2] == (Answer("emergency", "no"), Answer("place", "calf"))
    assert latest.ended
    assert latest.level is not None
    assert latest.level >= Level.URGENT


def test_a_conversation_that_was_stopped_has_ended_without_advice(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue_with({"emergency": ["no"], "place": ["stop"]}, memory).conversation.run()
    latest = store.all()[-1]
    assert (latest.answers, latest.level, latest.ended) == ((Answer("emergency", "no"),), None, True)


def test_an_answer_that_was_taken_back_is_not_kept(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue_with({"emergency": ["no", "stop"], "place": ["go back"]}, memory).conversation.run()
    latest = store.all()[-1]
    assert latest.answers == ()


def test_everything_is_forgotten_after_the_advice_too(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    script = {"emergency": ["yes"], "once_more": ["delete everything"], "confirm": ["yes"]}
    dialogue = dialogue_with(script, memory)
    dialogue.conversation.run()
    assert dialogue.prompts_said[-2:] == ["dialogue.forget.done", "dialogue.goodbye"]
    assert store.all() == ()


def cut_off(store: EpisodeStore, *, minutes_ago: int = 1) -> Beginning:
    store.keep(store.begin(NOW - timedelta(minutes=minutes_ago)), CALF)
    return afresh(store.all(), NOW, PROTOCOL)


def test_a_conversation_that_was_cut_off_goes_on_where_it_left_off_after_a_new_safety_check(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    beginning = cut_off(store)
    dialogue = dialogue_with({"once_more": ["yes"], "emergency": ["no"]}, memory, beginning)
    dialogue.conversation.run()
    assert dialogue.prompts_said[:3] == ["dialogue.resume", "dialogue.welcome", "questions.emergency.ask"]
    assert "questions.place.ask" not in dialogue.prompts_said
    latest = store.all()[-1]
    assert beginning.cut_off is not None
    assert latest.id == beginning.cut_off.id
    assert latest.value("place") == "calf"
    assert latest.ended


@pytest.mark.parametrize("reply", ["no", "", "the weather is nice"])
def test_without_a_yes_a_new_conversation_begins(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory, reply: str
) -> None:
    dialogue = dialogue_with({"once_more": [reply], "emergency": ["no"]}, memory, cut_off(store))
    dialogue.conversation.run()
    assert "questions.place.ask" in dialogue.prompts_said


def test_an_alarm_in_place_of_going_on_is_an_alarm(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    dialogue = dialogue_with({"once_more": ["i can't breathe", "no"]}, memory, cut_off(store))
    dialogue.conversation.run()
    assert [event.level for event in dialogue.events(Concluded)] == ["emergency"]


def test_what_was_cut_off_half_an_hour_ago_is_not_gone_on_with(store: EpisodeStore) -> None:
    assert cut_off(store, minutes_ago=30).cut_off is None


def test_what_has_ended_is_not_gone_on_with(store: EpisodeStore) -> None:
    number = store.begin(NOW)
    store.conclude(number, Level.SELF_CARE)
    assert afresh(store.all(), NOW, PROTOCOL).cut_off is None


def test_answers_that_this_protocol_cannot_read_are_asked_anew() -> None:
    answers = (*CALF, Answer("place", "wing"), Answer("horoscope", "yes"))
    assert resumed(Episode(1, NOW, answers, None, ended=False), Interview(PROTOCOL)).history == CALF[1:]


def test_a_sign_of_an_emergency_that_was_told_still_stands() -> None:
    told = (Answer("emergency", "unanswered"),)
    assert resumed(Episode(1, NOW, told, None, ended=False), Interview(PROTOCOL)).history == told
