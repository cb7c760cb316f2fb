"""The calendar of a diary on a terminal: a column a week, a cell a day, its shade the pain and its sign the advice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from rich.text import Text

from skill.reporting.diary import WEEKS, Day, Diary
from skill.reporting.diary_words import DiaryWords
from skill.triage.model import Level

#: Pain from 0, 4 and 7 on: the shade where blocks can be shown, and where they cannot; its style where there is colour.
SHADES: Final = ((0, "░", "-", "yellow"), (4, "▒", "=", "dark_orange"), (7, "█", "#", "bright_red"))
#: The sign of each advice.
SIGNS: Final = {Level.SELF_CARE: "o", Level.SOON: "+", Level.URGENT: "!", Level.EMERGENCY: "E", None: "?"}
_MOST_PAIN: Final = 10
_NO_CRAMP: Final = "·"
_LABEL: Final = 4
#: Up to this day the rest of a month has room for its name.
_LONG_ENOUGH: Final = 21
#: Columns of a cell: shade and sign.
_CELL: Final = 2


def calendar(diary: Diary, words: DiaryWords, width: int, *, blocks: bool) -> Iterator[Text]:
    """The lines, seven to a row of weeks, no more than `width` columns wide. `blocks`: whether these can be shown."""
    a_row = max(1, min(WEEKS, (width - _LABEL) // _CELL))
    rows = -(-WEEKS // a_row)
    a_row = -(-WEEKS // rows)
    for begin in range(0, WEEKS, a_row):
        weeks = range(begin, min(begin + a_row, WEEKS))
        yield _months(diary, words, weeks)
        for weekday in range(7):
            line = Text(words.text(f"weekdays.{weekday}").ljust(_LABEL))
            for week in weeks:
                day = diary.first + timedelta(weeks=week, days=weekday)
                line.append_text(_cell(diary.days.get(day), blocks=blocks) if day <= diary.last else Text(" " * _CELL))
            yield line
        yield Text()


def _months(diary: Diary, words: DiaryWords, weeks: range) -> Text:
    """The name of each month above the week in which it begins."""
    line = " " * _LABEL
    for position, week in enumerate(weeks):
        monday = diary.first + timedelta(weeks=week)
        column = _LABEL + position * _CELL
        name = words.text(f"months.{monday.month}")
        fits = len(line) <= column and column + len(name) <= _LABEL + _CELL * len(weeks)
        if fits and monday.day <= (_LONG_ENOUGH if position == 0 else 7):
            line = line.ljust(column) + name + " "
    return Text(line.rstrip(), style="bold")


def _cell(day: Day | None, *, blocks: bool) -> Text:
    if day is None:
        return Text(f" {_NO_CRAMP if blocks else '.'}", style="dim")
    shade, style = " ", "bold"
    for least, block, plain, colour in SHADES:
        if day.pain is not None and day.pain >= least:
            shade, style = block if blocks else plain, colour
    return Text.assemble((shade, style), (SIGNS[day.level], "bold"))


def legend(words: DiaryWords, *, blocks: bool) -> Iterator[Text]:
    """What shades and signs mean."""
    bounds = [least for least, *_ in SHADES[1:]] + [_MOST_PAIN + 1]
    shades = (
        words.text("calendar.shade", shade=block if blocks else plain, least=str(least), most=str(bound - 1))
        for (least, block, plain, _), bound in zip(SHADES, bounds, strict=True)
    )
    signs = (words.text("calendar.sign", sign=sign, advice=words.advice(level)) for level, sign in SIGNS.items())
    yield Text(words.text("calendar.legend_pain", shades=", ".join(shades)))
    yield Text(words.text("calendar.legend_sign", signs=", ".join(signs)))
