"""Times of day: "half six", "twenty past two", "quarter to nine in the morning", "10:30", "3pm", "noon"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from skill.language.numbers import read_number
from skill.understanding.amounts.words import AmountWords

_HOUR: Final = 60
_HALF_DAY: Final = 720
_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day; `end` is the word after it."""

    minutes: tuple[int, ...]
    """After midnight: all that fit the words, such as 270 and 990 for half past four."""
    end: int


def read_clock(words: Sequence[str], start: int, names: AmountWords, *, bare: bool) -> ClockTime | None:
    """The time of day that begins at word `start`. `bare`: whether a number or a part of the day alone may be one."""
    if start >= len(words):
        return None
    part = names.parts.at(words, start) if bare else None
    if part:
        return ClockTime((part[0] * _HOUR,), part[1])
    found = _typed(words, start) or _relative(words, start, names) or _hour(words, start, names, bare=bare)
    if found is None:
        return None
    if half := names.before_noon.at(words, found.end):
        return ClockTime(before_noon(found.minutes), half[1])
    if half := names.after_noon.at(words, found.end):
        return ClockTime(after_noon(found.minutes), half[1])
    return found


def before_noon(minutes: Sequence[int]) -> tuple[int, ...]:
    """Those before noon; all where none is."""
    return tuple(minute for minute in minutes if minute < _HALF_DAY) or tuple(minutes)


def after_noon(minutes: Sequence[int]) -> tuple[int, ...]:
    """Those after noon; all where none is."""
    return tuple(minute for minute in minutes if minute >= _HALF_DAY) or tuple(minutes)


def _either(minutes: int, end: int) -> ClockTime:
    """A time by a clock of twelve hours, or of twenty-four from 13 o'clock on."""
    if minutes >= _HALF_DAY + _HOUR:
        return ClockTime((minutes % _DAY,), end)
    early = minutes % _HALF_DAY
    return ClockTime((early, early + _HALF_DAY), end)


def _typed(words: Sequence[str], start: int) -> ClockTime | None:
    """10:30"""
    hour, colon, minute = words[start].partition(":")
    if not colon or len(hour) > 2 or int(hour) > 24 or int(minute) > 59:
        return None
    return _either(int(hour) * _HOUR + int(minute), start + 1)


def _relative(words: Sequence[str], start: int, names: AmountWords) -> ClockTime | None:
    """Half six, half past six, twenty past two, quarter to nine; twenty past, of any hour."""
    at = start + 1 if words[start] == "a" else start
    word = words[at] if at < len(words) else ""
    if word == "half":
        past = at + 1 < len(words) and words[at + 1] in names.clock_past
        hour = _hour_number(words, at + 1 + past, names)
        return _either(hour[0] * _HOUR + 30, hour[1]) if hour else None
    number = read_number(words, at)
    if word == "quarter":
        offset, at = 15, at + 1
    elif number and number.value in range(1, _HOUR):
        offset, at = int(number.value), number.end
        at += at < len(words) and names.units.get(words[at]) == _HOUR
    else:
        return None
    link = words[at] if at < len(words) else ""
    led = names.clock_lead.ends(words, start)
    if link in names.clock_past:
        sign = 1
    elif link in names.clock_to and (word == "quarter" or led):  # "five to ten" may be a range
        sign = -1
    else:
        return None
    hour = _hour_number(words, at + 1, names)
    if hour and not (hour[1] < len(words) and words[hour[1]] in names.units):
        return _either(hour[0] * _HOUR + sign * offset, hour[1])
    if not led:
        return None
    return ClockTime(tuple((hour * _HOUR + sign * offset) % _DAY for hour in range(24)), at + 1)


def _hour(words: Sequence[str], start: int, names: AmountWords, *, bare: bool) -> ClockTime | None:
    """Three o'clock, 3pm, six thirty, six in the morning; a number alone where `bare`."""
    hour = _hour_number(words, start, names)
    if hour is None:
        return None
    value, end = hour
    number = read_number(words, start)
    marked = number is not None and end > number.end
    following = read_number(words, end)
    minutes = 0
    if following and following.value in range(10, _HOUR) and not _has_unit(words, following.end, names) and not marked:
        minutes, end = int(following.value), following.end
    halved = names.before_noon.at(words, end) or names.after_noon.at(words, end)
    if not (marked or halved or bare) or (_has_unit(words, end, names) and not halved):
        return None
    return _either(value * _HOUR + minutes, end)


def _has_unit(words: Sequence[str], at: int, names: AmountWords) -> bool:
    while skipped := names.before_unit.at(words, at):
        at = skipped[1]
    return at < len(words) and words[at] in names.units


def _hour_number(words: Sequence[str], start: int, names: AmountWords) -> tuple[int, int] | None:
    """An hour with or without its "o'clock", and the word after it."""
    number = read_number(words, start)
    if number is None:
        return None
    value = number.value / 100 if number.value % 100 == 0 else number.value  # "oh six hundred"
    if value not in range(1, 25):
        return None
    marked = names.o_clock.at(words, number.end)
    return int(value), marked[1] if marked else number.end
