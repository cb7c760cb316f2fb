"""Moments in the past, as seconds before now: "since half six this morning", "yesterday at ten", "last tuesday"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from skill.understanding.amounts.calendars import find_date
from skill.understanding.amounts.clocks import ClockTime, after_noon, before_noon, read_clock
from skill.understanding.amounts.words import AmountWords

_DAY: Final = 86400
_HALF_DAY: Final = 720
"""In minutes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment between two words: `ago` is seconds before now."""

    start: int
    end: int
    """The word after it."""
    ago: float
    clock: ClockTime | None = None
    """The time of day that was said."""
    weekday: int | None = None
    """The day of the week that was named; Monday is 0."""


def find_moments(words: Sequence[str], now: datetime, names: AmountWords) -> tuple[Moment, ...]:
    """Every moment, in the order said. A day and a time of day that stand together are one."""
    found: list[Moment] = []
    at = 0
    while at < len(words):
        told = bool(found and found[-1].clock) and _tells_the_time(words, at, names)
        moment = _moment(words, at, now, names, told=told)
        if moment:
            found.append(moment)
        at = moment.end if moment else at + 1
    return tuple(found)


def said_to_be_now(words: Sequence[str], moment: Moment, names: AmountWords) -> bool:
    """Whether somebody tells what the time is: "and it's five now"."""
    after = words[moment.end : moment.end + 2]
    follows = tuple(after[:1]) == ("now",) and not (len(after) > 1 and after[1] in names.copulas)
    return follows or _tells_the_time(words, moment.start, names)


def _tells_the_time(words: Sequence[str], start: int, names: AmountWords) -> bool:
    while start and words[start - 1] in names.around:
        start -= 1
    return names.now.ends(words, start)


def between(began: Moment, now: Moment) -> float | None:
    """Seconds between two moments that were said, each at the latest time that fits; None when they do not compare."""
    if began.weekday is not None and now.weekday is not None and began.clock is None:
        return float(((now.weekday - began.weekday) % 7 or 7) * _DAY)
    if began.clock is None or now.clock is None or began.weekday is not None:
        return None
    gaps = [(later - earlier) % (2 * _HALF_DAY) for earlier in began.clock.minutes for later in now.clock.minutes]
    return min(gap for gap in gaps) * 60.0 or None


def _moment(words: Sequence[str], at: int, now: datetime, names: AmountWords, *, told: bool = False) -> Moment | None:
    if whole := names.ago.at(words, at):
        return Moment(at, whole[1], whole[0] * _DAY)
    if named := _day(words, at, now, names):
        days, end, weekday = named
        after = end
        while after < len(words) and words[after] in names.around:
            after += 1
        clock = read_clock(words, after, names, bare=after > end)
        if clock and not names.parts.at(words, after):
            return Moment(at, clock.end, _ago(days, _within(words, at, clock, names), now), clock, weekday)
        part = names.parts.at(words, at)
        if part and part[1] == end:  # "last night", "this morning"
            return Moment(at, end, _ago(days, (part[0] * 60,), now))
        return Moment(at, end, days * float(_DAY), weekday=weekday) if days else None
    if found := find_date(words, at, now.date(), names):
        return Moment(at, found.end, (now.date() - found.day).days * float(_DAY))
    bare = told or (at > 0 and names.since.ends(words, at))
    clock = read_clock(words, at, names, bare=bare)
    led = (
        bare or not at or names.clock_lead.ends(words, at) or (words[at - 1] in names.around and words[at - 1] != "the")
    )
    if clock is None or not led or tuple(words[at - 1 : at + 1]) == ("at", "night"):
        return None
    later = _day(words, clock.end, now, names)
    if later and later[2] is None:
        minutes = _within(words, clock.end, clock, names)
        return Moment(at, later[1], _ago(later[0], minutes, now), clock)
    return Moment(at, clock.end, _ago(None, clock.minutes, now), clock)


def _within(words: Sequence[str], day_at: int, clock: ClockTime, names: AmountWords) -> tuple[int, ...]:
    """The times of day that fit a part of the day: ten "last night" is 22 o'clock, twelve is midnight."""
    if names.before_noon.at(words, day_at):
        return before_noon(clock.minutes)
    return after_noon(clock.minutes) if names.after_noon.at(words, day_at) else clock.minutes


def _day(words: Sequence[str], at: int, now: datetime, names: AmountWords) -> tuple[int, int, int | None] | None:
    """Days before today, the word after it, and the day of the week where one is named."""
    if named := names.days_ago.at(words, at):
        days, end = named
        return ((now.weekday() - 5) % 7 or 7, end, None) if days < 0 else (days, end, None)
    if at >= len(words):
        return None
    start, earlier = at, 0
    if words[at] == "last":
        start = at + 1
    elif tuple(words[at : at + 2]) == ("a", "week"):
        earlier = 7
        start = at + 2 + (tuple(words[at + 2 : at + 3]) in (("last",), ("on",)))
    elif tuple(words[at : at + 2]) == ("week", "last"):
        earlier, start = 7, at + 2
    weekday = names.weekdays.get(words[start]) if start < len(words) else None
    marked = start > at or not at or words[at - 1] in ("since", "from", "on", "this")
    if weekday is None or (len(words[start]) <= 4 and not marked):
        return None
    if at and words[at - 1] in names.until:
        return None
    end = start + 1
    if tuple(words[end : end + 2]) in (("before", "last"), ("a", "week")):
        earlier, end = 7, end + 2
    return ((now.weekday() - weekday) % 7 or 7) + earlier, end, weekday


def _ago(days: int | None, minutes: Sequence[int], now: datetime) -> float:
    """Seconds since the latest of the times of day `minutes`, on the day that is `days` back or the last one past."""
    day: date = now.date() - timedelta(days=days or 0)
    gaps = []
    for minute in minutes:
        moment = datetime.combine(day, time(), now.tzinfo) + timedelta(minutes=minute)
        gap = (now - moment).total_seconds()
        gaps.append(gap + _DAY if gap < 0 and days is None else gap)
    past = [gap for gap in gaps if gap >= 0]
    return min(past) if past else -1.0
