"""What a year of remembered cramps amounts to, in numbers, sentences and cells."""

from datetime import UTC, date, timedelta

import pytest
from rich.text import Text

from skill.dialogue.prompts import load_prompts, load_written
from skill.episodes.episode import Episode
from skill.reporting.diary import WEEKS, Diary, Easing, diary_of
from skill.reporting.diary_calendar import calendar, legend
from skill.reporting.diary_words import DiaryWords
from skill.triage.definition import Stage
from skill.triage.loader import load_protocol
from skill.triage.model import Level
from tests.support.made_up_diary import EPISODES, TODAY, cramp

WORDS = DiaryWords(load_written(), load_prompts())


def diary(*episodes: Episode) -> Diary:
    return diary_of(episodes, TODAY.date(), UTC)


def lines(made: Diary, width: int, *, blocks: bool = True) -> list[str]:
    return [line.plain for line in calendar(made, WORDS, width, blocks=blocks)]


def test_a_diary_counts_what_was_told() -> None:
    made = diary(*EPISODES)
    assert (made.first, made.last) == (date(2025, 11, 24), date(2026, 11, 26))
    assert (len(made.cramps), len(made.days), made.earlier, made.lately) == (5, 4, 1, 3)
    assert [pain for _, pain in made.pains] == [8, 5]
    assert made.places == (("calf", 3), ("foot", 1), ("lower_back", 1))
    assert made.sides["calf", "left"] == 1
    assert made.sides["calf", None] == 2
    assert made.triggers == (("exercise", 2), ("none", 1))
    assert made.lasted == (120, 900)
    assert made.easings == (Easing("calf_stretch", 2, 2, 40),)
    assert (made.worse, made.without_ease) == ((("massage", 1),), (("stand_on_it", 1),))


def test_a_day_has_its_worst_pain_and_its_most_urgent_advice() -> None:
    made = diary(cramp(1.1, worst=3, level=Level.URGENT), cramp(1, worst=7), cramp(0.9, level=None))
    (day,) = made.days.values()
    assert (len(day.cramps), day.pain, day.level) == (3, 7, Level.URGENT)


def test_a_year_has_room_for_a_cramp_that_a_clock_set_back_has_placed_in_the_future() -> None:
    made = diary(cramp(-30))
    assert made.last == TODAY.date() + timedelta(days=30)
    assert len(made.days) == 1


def test_sentences_tell_all_of_it() -> None:
    assert list(WORDS.overview(diary(*EPISODES))) == [
        "From 24 Nov 2025 to 26 Nov 2026: 5 cramps on 4 days. In the last thirty days: 3 cramps.",
        "Before that: 1 cramp.",
        "Pain, where you told it: 6 out of 10 usually, 8 at worst.",
        "Where: calf 3 times; foot once; lower back once.",
        "What came before: hard exercise 2 times; nothing special once.",
        "What eased it: stretching the calf, 2 of 2 times, usually after about forty seconds.",
        "What made it worse: gentle massage once.",
        "Tried without ease: standing on that leg once.",
        "How long: eight and a half minutes usually, fifteen minutes at most, where you told it.",
    ]


def test_every_cramp_is_one_line_the_newest_first() -> None:
    assert list(WORDS.cramps(diary(*EPISODES)))[:3] == [
        "Every cramp of this time, the newest first:",
        "Mon 23 Nov 2026, 14:24: lower back; lasted fifteen minutes; advice: none, it was cut off.",
        "Mon 23 Nov 2026, 12:00: calf; advice: care at home; note: it was after football.",
    ]
    assert next(iter(WORDS.cramps(diary(*EPISODES), 2))) == "The latest 2 cramps:"
    assert list(WORDS.cramps(diary(*EPISODES)))[-1] == (
        "Sun 10 May 2026, 12:00: calf, left; pain 8 out of 10; after hard exercise; "
        "eased by stretching the calf after about half a minute; advice: book an appointment."
    )


@pytest.mark.parametrize(
    ("episodes", "said"),
    [((), "No cramp is remembered."), ((cramp(400),), "no cramp. Before that: 1 cramp.")],
)
def test_an_empty_year_says_so_in_one_sentence(episodes: tuple[Episode, ...], said: str) -> None:
    (sentence,) = WORDS.overview(diary(*episodes))
    assert said in sentence
    assert list(WORDS.cramps(diary(*episodes))) == []


def test_what_a_newer_charley_knew_is_named_as_it_is() -> None:
    (_, line) = WORDS.cramps(diary(cramp(1, place="wing", trigger="moonlight", side="upper")))
    assert "wing, upper; after moonlight" in line


def test_every_value_that_can_be_told_has_a_name() -> None:
    protocol = load_protocol()
    topics = {"place": "places", "side": "sides", "trigger": "triggers"}
    for question, topic in topics.items():
        for value in protocol.questions[question].choices:
            assert WORDS.written.has(f"diary.{topic}.{value}"), value
    assert protocol.stages["trigger"] is Stage.PLAN
    for level in (*Level, None):
        assert WORDS.advice(level)


def test_the_calendar_has_a_cell_a_day_with_shade_and_sign() -> None:
    made = diary(*EPISODES)
    shown = lines(made, 200)
    assert len(shown) == 1 + 7 + 1
    cells = {row[:3]: [row[4 + 2 * week : 6 + 2 * week] for week in range(WEEKS)] for row in shown[1:8]}
    assert cells["Mon"][-1] == " o"
    assert cells["Fri"][-4] == " !"
    assert cells["Sat"][-7] == "▒o"
    assert cells["Sun"][23] == "█+"
    assert cells["Thu"][-1] == " ·"
    assert cells["Fri"][-1].strip() == "", "tomorrow is not shown"
    days = sum(cell.strip() != "" for row in cells.values() for cell in row)
    assert days == (made.last - made.first).days + 1


@pytest.mark.parametrize("width", [20, 40, 58, 80, 100, 111, 300])
def test_the_calendar_shows_every_day_in_any_width_and_no_line_is_longer(width: int) -> None:
    made = diary(*EPISODES)
    shown = lines(made, width)
    assert max(map(len, shown)) <= width
    assert "".join(shown).count("·") == (made.last - made.first).days + 1 - len(made.days)


def test_where_blocks_cannot_be_shown_every_shade_is_a_letter_of_ascii() -> None:
    shown = lines(diary(*EPISODES), 80, blocks=False) + [line.plain for line in legend(WORDS, blocks=False)]
    assert all(line.isascii() for line in shown)
    assert "#+" in "".join(shown)
    assert "=o" in "".join(shown)


def test_shade_and_sign_differ_without_any_colour() -> None:
    signs = [line.plain for line in legend(WORDS, blocks=True)]
    assert signs[0].startswith("Shade, by pain: ░ 0 to 3, ▒ 4 to 6, █ 7 to 10;")
    assert all(f" {sign} " in signs[1] for sign in "o+!E?")
    assert all(isinstance(line, Text) for line in calendar(diary(*EPISODES), WORDS, 80, blocks=True))
