"""Dates and feasts: "christmas", "easter monday", "the sixth of january", "june the ninth", "in may"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from skill.language.numbers import read_number
from skill.understanding.amounts.words import AmountWords


@dataclass(frozen=True, slots=True)
class Found:
    """The latest day of that name that is past; `end` is the word after it."""

    day: date
    end: int


def find_date(words: Sequence[str], start: int, today: date, names: AmountWords) -> Found | None:
    """The date or feast that begins at word `start`, in this year or, where that lies ahead, in the last."""
    if feast := names.feasts.at(words, start):
        return Found(_latest(feast[0], today), feast[1])
    at = start + 1 if words[start] == "the" else start
    day = _day_number(words, at, names)
    if day:
        after = day[1] + (tuple(words[day[1] : day[1] + 1]) == ("of",))
        month = names.months.get(words[after]) if after < len(words) else None
        if month:
            return _dated(month, day[0], today, after + 1)
    month = names.months.get(words[start])
    if month is None:
        return None
    after = start + 1 + (tuple(words[start + 1 : start + 2]) == ("the",))
    day = _day_number(words, after, names)
    if day:
        return _dated(month, day[0], today, day[1])
    if not (start and words[start - 1] in names.before_month):
        return None
    # a month alone is its middle
    return _dated(month, 15 if month != today.month else 1, today, start + 1)


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (the anonymous algorithm: Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _latest(feast: str, today: date) -> date:
    this_year = _in_year(feast, today.year)
    return this_year if this_year <= today else _in_year(feast, today.year - 1)


def _in_year(feast: str, year: int) -> date:
    if feast.startswith("easter"):
        return easter(year) + timedelta(days=int(feast.removeprefix("easter")))
    month, day = feast.split("-")
    return date(year, int(month), int(day))


def _day_number(words: Sequence[str], at: int, names: AmountWords) -> tuple[int, int] | None:
    """Sixth, twenty fifth, 6th, 6."""
    if at >= len(words):
        return None
    if ordinal := names.ordinals.get(words[at]):
        return ordinal, at + 1
    tens = {"twenty": 20, "thirty": 30}.get(words[at], 0)
    ones = names.ordinals.get(words[at + 1], 0) if at + 1 < len(words) else 0
    if tens and 1 <= ones <= 9:
        return tens + ones, at + 2
    number = read_number(words, at)
    if number is None or number.value not in range(1, 32):
        return None
    if number.end < len(words) and words[number.end] in names.units:
        return None
    suffix = number.end < len(words) and words[number.end] in ("st", "nd", "rd", "th")
    return int(number.value), number.end + suffix


def _dated(month: int, day: int, today: date, end: int) -> Found | None:
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return Found(found, end)
    return None
