"""What is remembered of a person: asked once, confirmed by one question, and asked anew when something has changed."""

from datetime import UTC, datetime, timedelta

import pytest

from skill.dialogue.beginning import afresh, kept
from skill.dialogue.prompts import load_prompts
from skill.episodes.episode import Episode
from skill.episodes.remembrance import KEPT_FOR, remembered_answers
from skill.triage.loader import load_protocol
from skill.triage.model import UNSURE, Answer, Level, Value
from skill.triage.scenarios import Scenarios
from skill.triage.walk import Walk, walk

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PROTOCOL = load_protocol()
SCENARIOS = Scenarios(PROTOCOL)
#: What a limb cramp of a returning person may take.
MOST_OF_A_RETURNING_LIMB = 7


def episode(days_ago: float, **answers: Value) -> Episode:
    told = tuple(Answer(question, value) for question, value in {"emergency": "no", "place": "calf", **answers}.items())
    return Episode(1, NOW - timedelta(days=days_ago), told, Level.SELF_CARE, ended=True)


def again(*episodes: Episode, **facts: Value) -> Walk:
    """The interview of somebody of whom these episodes are remembered."""
    interview = afresh(episodes, NOW, PROTOCOL).interview
    return walk(interview, lambda question: facts.get(question.id, SCENARIOS.benign[question.id]))


@pytest.mark.parametrize("place", ["calf", "foot", "thigh", "leg", "hand", "arm", "shoulder"])
def test_a_limb_cramp_of_a_returning_person_takes_seven_answers(place: str) -> None:
    told = again(episode(3, background="no"), place=place, happening="cramp")
    assert told.count <= MOST_OF_A_RETURNING_LIMB
    assert "news" in told.end.answers
    assert told.verdict.level is Level.SELF_CARE


@pytest.mark.parametrize("news", ["yes", UNSURE, "unanswered"])
def test_what_has_changed_or_is_in_doubt_is_asked_anew(news: str) -> None:
    told = again(episode(3, background="no"), place="calf", happening="over", news=news, illness="yes", injury="yes")
    given = {entry.question for entry in told.end.history if isinstance(entry, Answer)}
    assert {"background", "illness", "unwell", "constant"} <= given
    assert told.verdict.level is Level.URGENT


def test_what_was_yes_before_is_not_denied_by_nothing_new() -> None:
    told = again(episode(3, background="yes", pregnant="yes"), place="calf", happening="over")
    assert told.end.value("background") == "yes"
    assert any(entry == Answer("pregnant", "no") for entry in told.end.history), "it may have ended since"


def test_nothing_is_remembered_of_who_told_nothing_lasting_or_long_ago() -> None:
    long_ago = KEPT_FOR.days + 1
    for episodes in ((), (episode(3),), (episode(3, background=UNSURE),), (episode(long_ago, background="no"),)):
        assert remembered_answers(episodes, NOW, PROTOCOL) == ()


def test_what_was_told_before_a_change_no_longer_counts() -> None:
    changed = (episode(9, background="no", person="child"), episode(3, news="yes", background="yes"))
    found = {answer.question: answer.value for answer in remembered_answers(changed, NOW, PROTOCOL)}
    assert found["background"] == "yes"
    assert "person" not in found


def test_it_is_read_back_in_one_sentence() -> None:
    interview = afresh((episode(3, background="no", person="adult", history="no"),), NOW, PROTOCOL).interview
    said = kept(interview, load_prompts()).text
    assert said.startswith("From last time I know:")
    assert len(said.split()) <= 25
    assert said.count(".") == 1
