"""The diary by voice and by typing: how often it cramped, what helped, and notes in the person's own words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from skill.dialogue.looking_back import how_often, what_helped
from skill.dialogue.outcome import Alarm, Digression, Given
from skill.dialogue.prompts import Prompts, Utterance, load_prompts
from skill.episodes.episode import Effect, Episode, Tried
from skill.episodes.memory import EpisodeMemory, Past
from skill.episodes.store import EpisodeStore
from skill.language.shipped import load_grammar
from skill.listening.ear import Heard, typed
from skill.listening.scripted_ear import spoken
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Level
from skill.understanding.decision import load_thresholds
from skill.understanding.meanings import DIARY, Alarmed, Command, Commanded, Noted
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import interpreter
from tests.dialogue.conftest import Dialogue

Make = Callable[..., Dialogue]
PROTOCOL = load_protocol()
PLACE, EMERGENCY = PROTOCOL.questions["place"], PROTOCOL.questions["emergency"]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PROMPTS = load_prompts()
SENTENCES = {sentence: sense.value for sentence, sense in load_grammar("command").sentences.items()}


def episode(days_ago: float, *tried: Tried, place: str = "calf") -> Episode:
    return Episode(1, NOW - timedelta(days=days_ago), (Answer("place", place),), Level.SELF_CARE, True, tried)


def texts(
    told: Callable[[Past | None, Prompts], tuple[Utterance, ...]], *episodes: Episode, now: datetime = NOW
) -> list[str]:
    return [utterance.text for utterance in told(Past(episodes, now), PROMPTS)]


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes.sqlite")


@pytest.fixture(name="memory")
def _memory(store: EpisodeStore) -> EpisodeMemory:
    """With one cramp of four days ago."""
    number = store.begin(NOW - timedelta(days=4))
    store.keep(number, (Answer("place", "foot"),), (Tried("foot_stretch", Effect.EASED, 62),))
    return EpisodeMemory(store, lambda: NOW, lambda _: None)


def notes(store: EpisodeStore) -> list[list[str]]:
    return [[note.text for note in one.notes] for one in store.all()]


def test_how_often_counts_this_month_the_last_thirty_days_and_the_year() -> None:
    said = texts(how_often, episode(400), episode(200), episode(25), episode(4), episode(2, place="hand"))
    assert said[0].endswith("month: two times. In the last thirty days: three times. In the last year: four times.")
    assert said[1:] == ["Last time, 2 days ago, it was your hand."]


def test_a_month_begins_where_the_person_is() -> None:
    first_of_month = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # in UTC still November
    late = Episode(1, first_of_month.astimezone(UTC), (Answer("place", "calf"),), None, ended=True)
    assert "This month: once." in texts(how_often, late, now=first_of_month + timedelta(days=3))[0]


def test_what_helped_is_that_of_the_last_time_and_what_did_most_often() -> None:
    stretch, stand = Tried("calf_stretch", Effect.EASED, 40), Tried("stand_on_it", Effect.EASED, 62)
    assert texts(what_helped, episode(30, stretch), episode(20, stretch), episode(1, stand), episode(0.5)) == [
        "Last time, yesterday, it was your calf.",
        "What eased it then was standing on that leg, after about one minute.",
        "What eased it most often: stretching the calf, two times.",
    ]


@pytest.mark.parametrize("told", [how_often, what_helped])
def test_nothing_is_told_where_nothing_is_remembered(
    told: Callable[[Past | None, Prompts], tuple[Utterance, ...]],
) -> None:
    (nothing,) = told(None, PROMPTS)
    assert texts(told) == [nothing.text]


@pytest.mark.parametrize("hear", [typed, spoken])
@pytest.mark.parametrize(
    ("said", "prompts"),
    [
        ("how often did i have cramps this month", ["dialogue.diary.how_often", "dialogue.followup.last_time"]),
        ("what helped last time", ["dialogue.followup.last_time", "dialogue.diary.helped"]),
    ],
)
def test_the_diary_answers_at_any_question_and_the_question_comes_again(
    dialogue_with: Make, memory: EpisodeMemory, hear: Callable[[str], Heard], said: str, prompts: list[str]
) -> None:
    dialogue = dialogue_with({"place": [hear(said), "calf"]}, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert dialogue.prompts_said == ["questions.place.ask", *prompts, "questions.place.ask"]


def test_the_diary_answers_after_the_advice_too(dialogue_with: Make, memory: EpisodeMemory) -> None:
    dialogue = dialogue_with({"emergency": ["yes"], "once_more": ["what helped last time"]}, memory)
    dialogue.conversation.run()
    assert dialogue.prompts_said[-2:] == ["dialogue.diary.helped", "dialogue.goodbye"]


def test_a_note_is_asked_for_asked_back_and_kept_beside_the_last_cramp(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    script = {"place": ["add a note", "calf"], "note": ["it was after football"], "confirm": ["yes"]}
    dialogue = dialogue_with(script, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.note.earlier" in dialogue.prompts_said
    assert notes(store) == [["it was after football"]]


def test_a_typed_note_needs_no_asking_back_and_may_come_in_one_breath(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    said = [typed("Note: it was after football"), typed("add a note"), "calf"]
    dialogue = dialogue_with({"place": said, "note": [typed("I  wore new\x1b shoes")]}, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert not any(prompt.startswith("dialogue.confirm") for prompt in dialogue.prompts_said)
    assert notes(store) == [["it was after football", "I wore new shoes"]]


def test_a_note_about_this_cramp_says_what_came_before_it_as_well(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory
) -> None:
    memory.keep((Answer("emergency", "no"),))
    dialogue = dialogue_with({"place": [typed("note that it was after football")]}, memory)
    assert dialogue.asker.ask(PLACE) == Digression((Answer("trigger", "exercise"),))
    assert "dialogue.note.this" in dialogue.prompts_said
    assert notes(store) == [[], ["it was after football"]]


@pytest.mark.parametrize("reply", ["", "no", "stop"])
def test_nothing_is_noted_without_a_yes(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory, reply: str
) -> None:
    script = {"place": ["add a note", "calf"], "note": ["after football"], "confirm": [reply, reply]}
    dialogue_with(script, memory).asker.ask(PLACE)
    assert notes(store) == [[]]


@pytest.mark.parametrize("said", ["", "skip"])
def test_a_note_that_does_not_come_is_let_go(
    dialogue_with: Make, store: EpisodeStore, memory: EpisodeMemory, said: str
) -> None:
    dialogue = dialogue_with({"place": ["add a note", "calf"], "note": [said]}, memory)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.note.none" in dialogue.prompts_said
    assert notes(store) == [[]]


@pytest.mark.parametrize("said", ["i can't breathe", "my chest hurts"])
def test_an_alarm_in_place_of_a_note_is_an_alarm(dialogue_with: Make, memory: EpisodeMemory, said: str) -> None:
    dialogue = dialogue_with({"place": ["add a note"], "note": [said]}, memory)
    assert isinstance(dialogue.asker.ask(PLACE), Alarm)


def test_who_wants_nothing_kept_is_told_nothing_and_has_nothing_noted(dialogue_with: Make, store: EpisodeStore) -> None:
    store.begin(NOW)
    memory = EpisodeMemory(store, lambda: NOW, lambda _: None, keeping=False, remembering=False)
    dialogue = dialogue_with({"place": [typed("note that it was hot"), "how often did i have cramps", "calf"]}, memory)
    dialogue.asker.ask(PLACE)
    assert {"dialogue.note.nowhere", "dialogue.diary.nothing"} <= set(dialogue.prompts_said)
    assert notes(store) == [[]]


def understood(said: str, question: str) -> object:
    reads = interpreter(Phrasebook(PROTOCOL), load_thresholds(), lambda: NOW)
    return reads.understand(typed(said), PROTOCOL.questions[question])


@pytest.mark.parametrize("question", ["emergency", "place", "trigger", "eased", "pain", "how_long"])
def test_every_sentence_for_the_diary_is_understood_at_every_question(question: str) -> None:
    reads = interpreter(Phrasebook(PROTOCOL), load_thresholds(), lambda: NOW)
    sentences = [sentence for sentence, value in SENTENCES.items() if value in DIARY]
    for sentence in sentences[:: max(1, len(sentences) // 25)]:
        meant = reads.understand(typed(sentence), PROTOCOL.questions[question])
        assert meant == Commanded(Command(str(SENTENCES[sentence]))), sentence


def test_an_alarm_or_a_yes_to_a_red_flag_is_never_taken_for_a_note() -> None:
    assert isinstance(understood("note that i can't breathe", "place"), Alarmed)
    assert not isinstance(understood("note that yes i have chest pain", "emergency"), Noted)
    assert understood("please note that it was after football", "place") == Noted("it was after football")
