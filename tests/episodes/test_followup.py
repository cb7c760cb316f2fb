"""What a follow-up asks and advises, by the memory of the first conversation."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from skill.dialogue.beginning import afresh, follow_up
from skill.dialogue.prompts import load_prompts
from skill.episodes.episode import Episode
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Ask, Level, Value
from skill.triage.proof import prove

FIRST, FOLLOWUP, PROMPTS = load_protocol(), load_protocol(resources.FOLLOWUP), load_prompts()
NOW: Final = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
CALF: Final = (Answer("emergency", "no"), Answer("place", "calf"))
WELL: Final[dict[str, Value]] = {"emergency": "no", "gone": "yes", "returns": 1, "seen": "no"}
HURTING: Final[dict[str, Value]] = {
    **WELL,
    **dict.fromkeys(("gone", "saddle", "unbroken", "worse", "better"), "no"),
}


def episode(
    *, hours_ago: float = 24, level: Level | None = Level.SELF_CARE, answers: tuple[Answer, ...] = CALF
) -> Episode:
    return Episode(1, NOW - timedelta(hours=hours_ago), answers, level, ended=level is not None)


def advice(facts: dict[str, Value], *episodes: Episode) -> Level:
    """Answer every question by `facts`, and see what is advised."""
    interview = follow_up(episodes, NOW, FIRST, FOLLOWUP, PROMPTS).interview
    while isinstance(step := interview.next(), Ask):
        interview = interview.answer(step.question.id, facts[step.question.id])
    return interview.verdict().level


def test_no_red_flag_ends_below_its_level() -> None:
    proof = prove(FOLLOWUP)
    assert [check for check in proof.checks if not check.passed] == []


def test_what_is_gone_needs_no_doctor() -> None:
    assert advice(WELL, episode()) is Level.SELF_CARE


def test_an_emergency_sign_is_an_emergency_whatever_else() -> None:
    assert advice({"emergency": "yes"}, episode()) is Level.EMERGENCY


@pytest.mark.parametrize("worse", ["yes", "unsure", "unanswered"])
def test_what_grows_worse_is_urgent(worse: str) -> None:
    assert advice({**HURTING, "worse": worse}, episode()) is Level.URGENT


@pytest.mark.parametrize("doubt", ["yes", "unsure", "unanswered"])
def test_new_numbness_between_the_legs_is_an_emergency(doubt: str) -> None:
    assert advice({**HURTING, "saddle": doubt}, episode()) is Level.EMERGENCY


@pytest.mark.parametrize("doubt", ["yes", "unsure", "unanswered"])
def test_a_limb_that_has_hurt_for_a_day_without_a_break_is_seen_the_same_day(doubt: str) -> None:
    assert advice({**HURTING, "unbroken": doubt}, episode(hours_ago=24)) is Level.URGENT
    assert advice({**HURTING, "unbroken": doubt}, episode(hours_ago=23)) is Level.SELF_CARE


def test_no_improvement_needs_an_appointment_after_72_hours_and_not_before() -> None:
    assert advice(HURTING, episode(hours_ago=71)) is Level.SELF_CARE
    assert advice(HURTING, episode(hours_ago=72)) is Level.SOON
    assert advice({**HURTING, "better": "yes"}, episode(hours_ago=72)) is Level.SELF_CARE


def test_three_remembered_cramps_in_thirty_days_need_an_appointment() -> None:
    recent = [episode(hours_ago=24 * days) for days in (20, 10, 1)]
    assert advice(WELL, *recent) is Level.SOON
    assert advice(WELL, episode(hours_ago=24 * 31), *recent[1:]) is Level.SELF_CARE


def test_three_cramps_told_need_an_appointment() -> None:
    assert advice({**WELL, "returns": 3}, episode()) is Level.SOON


def test_conversations_without_a_cramp_do_not_count() -> None:
    silent = [episode(answers=CALF[:1]) for _ in range(5)]
    assert advice(WELL, *silent, episode()) is Level.SELF_CARE


@pytest.mark.parametrize("level", Level)
def test_earlier_advice_holds_until_somebody_has_seen_it(level: Level) -> None:
    assert advice(WELL, episode(level=level)) is level
    assert advice({**WELL, "seen": "unsure"}, episode(level=level)) is level
    assert advice({**WELL, "seen": "yes"}, episode(level=level)) is Level.SELF_CARE


def test_a_conversation_that_was_cut_off_counts_by_its_answers() -> None:
    cut_off = episode(level=None, answers=(*CALF, Answer("swelling", "yes")))
    assert advice(WELL, cut_off) is Level.URGENT


@pytest.mark.parametrize(
    ("began", "said"),
    [
        (NOW - timedelta(hours=2), "Last time, earlier today, it was your calf."),
        (NOW - timedelta(hours=21), "Last time, yesterday, it was your calf."),
        (NOW - timedelta(days=5), "Last time, 5 days ago, it was your calf."),
    ],
)
def test_it_says_when_and_where_it_was(began: datetime, said: str) -> None:
    beginning = follow_up((Episode(1, began, CALF, None, ended=False),), NOW, FIRST, FOLLOWUP, PROMPTS)
    assert [utterance.text for utterance in beginning.opening] == [said]
    assert not beginning.keeping


def test_without_a_known_place_it_says_when() -> None:
    beginning = follow_up((episode(answers=CALF[:1]),), NOW, FIRST, FOLLOWUP, PROMPTS)
    assert beginning.opening[0].prompt == "dialogue.followup.last_time_somewhere"


def test_without_a_memory_it_says_so_and_holds_the_ordinary_conversation() -> None:
    beginning = follow_up((), NOW, FIRST, FOLLOWUP, PROMPTS)
    assert beginning.opening[0].prompt == "dialogue.followup.none"
    assert beginning.interview.protocol is FIRST
    assert beginning.keeping


def test_where_the_clock_is_behind_no_improvement_counts_as_long() -> None:
    assert advice(HURTING, episode(hours_ago=-24 * 5)) is Level.SOON


def test_where_the_clock_is_behind_it_does_not_say_when_it_was() -> None:
    beginning = follow_up((episode(hours_ago=-24 * 5),), NOW, FIRST, FOLLOWUP, PROMPTS)
    assert beginning.opening[0].text == "Last time, some time ago, it was your calf."


@pytest.mark.parametrize(("hours_ago", "offered"), [(0.2, True), (0.6, False), (-0.01, False), (-24 * 5, False)])
def test_only_a_talk_that_was_surely_cut_off_just_now_is_offered_again(hours_ago: float, offered: bool) -> None:
    cut_off = episode(hours_ago=hours_ago, level=None)
    assert (afresh((cut_off,), NOW, FIRST).cut_off is cut_off) is offered


def test_cramps_that_the_clock_places_in_the_future_count_as_recent() -> None:
    ahead = [episode(hours_ago=-24 * days) for days in (1, 2)]
    known = afresh(tuple(ahead), NOW, FIRST).interview.known
    assert known == (Answer("lately", 3),)
