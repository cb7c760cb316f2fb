"""The diary as a picture: a year as a calendar, its pain, the places on a body, what came before, what eased it."""

from collections import Counter
from datetime import datetime, time, timedelta
from math import sqrt
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from skill.reporting.diary import WEEKS, Day, Diary
from skill.reporting.diary_calendar import SIGNS
from skill.reporting.diary_words import DiaryWords
from skill.reporting.svg import NAMESPACE, Drawing, Part

_HERE: Final = Path(__file__).parent
WIDTH: Final = 1230
HEIGHT: Final = 1190
_LEFT: Final = 70
#: A day of the calendar, and the step from one to the next.
_CELL, _STEP = 18, 21
_LEGEND_STEP: Final = 205
_PAIN_HEIGHT: Final = 150
_MOST_PAIN: Final = 10
#: Bars: the step from one to the next, the longest one, and how many there are at most.
_BAR_STEP, _BAR, _BARS = 30, 250, 7
#: The radius of the largest and of the smallest circle on the body; a number of two digits fits into both.
_LARGEST, _SMALLEST = 22, 11
_SHADES: Final = ((7, "worst"), (4, "strong"), (0, "mild"))


def draw(diary: Diary, words: DiaryWords) -> Drawing:
    """The whole picture."""
    overview = " ".join(words.overview(diary))
    drawing = Drawing(WIDTH, HEIGHT, words.text("title"), overview, _HERE / "diary.css")
    drawing.add("rect", class_="page", width=WIDTH, height=HEIGHT)
    drawing.add("text", words.text("title"), class_="title", x=_LEFT, y=50)
    drawing.add("text", next(words.overview(diary)), x=_LEFT, y=80)
    _calendar(drawing.group(_LEFT, 120), diary, words)
    _pain(drawing.group(_LEFT, 415), diary, words)
    _body(drawing.group(_LEFT, 645), diary, words)
    bars = drawing.group(600, 645)
    before = tuple((words.named("triggers", value), count, count) for value, count in diary.triggers)
    _bars(bars, "before", words, words.before(diary), before)
    eased = tuple((words.remedy(one.remedy), one.eased, one.judged) for one in diary.easings)
    _bars(bars.group(0, 240), "eased", words, words.eased(diary), eased)
    footer = words.text("picture.footer", date=words.date(diary.last))
    drawing.add("text", footer, class_="small", x=_LEFT, y=HEIGHT - 24)
    return drawing


def _calendar(part: Part, diary: Diary, words: DiaryWords) -> None:
    months = Counter((day.year, day.month) for cramp in diary.cramps for day in (cramp.began.date(),))
    told = (
        words.text(
            "picture.month",
            month=words.text(f"months.{month}"),
            year=str(year),
            cramps=words.number("cramps", count),
        )
        for (year, month), count in months.items()
    )
    count = next(words.overview(diary))
    alt = words.text("picture.calendar_alt", count=count, months=" ".join(told))
    part.described("calendar", words.text("picture.calendar"), alt)
    part.add("text", words.text("picture.calendar"), class_="head", x=0, y=0)
    grid = part.group(0, 40)
    _month_names(grid, diary, words, y=-8)
    for weekday in range(0, 7, 2):
        grid.add("text", words.text(f"weekdays.{weekday}"), class_="small end", x=-8, y=weekday * _STEP + 14)
    for number in range((diary.last - diary.first).days + 1):
        week, weekday = divmod(number, 7)
        _cell(grid.group(week * _STEP, weekday * _STEP), diary.days.get(diary.first + timedelta(days=number)))
    _legend(part.group(0, 40 + 7 * _STEP + 22), words)


def _cell(part: Part, day: Day | None) -> None:
    part.add("rect", class_="free" if day is None else _shade(day.pain), width=_CELL, height=_CELL, rx=3)
    if day is not None:
        part.add("text", SIGNS[day.level], class_=f"sign on_{_shade(day.pain)}", x=_CELL / 2, y=14)


def _legend(part: Part, words: DiaryWords) -> None:
    """Shades, and below them signs, each beside its meaning."""
    bounds = {"mild": (0, 3), "strong": (4, 6), "worst": (7, _MOST_PAIN)}
    shades = {
        shade: words.text("picture.pain_range", least=str(least), most=str(most))
        for shade, (least, most) in bounds.items()
    }
    for column, (shade, text) in enumerate((shades | {"untold": words.text("picture.pain_untold")}).items()):
        entry = part.group(column * _LEGEND_STEP, 0)
        entry.add("rect", class_=shade, x=0, y=-13, width=_CELL, height=_CELL, rx=3)
        entry.add("text", text, class_="small", x=_CELL + 6, y=1)
    for column, (level, sign) in enumerate(SIGNS.items()):
        entry = part.group(column * _LEGEND_STEP, 28)
        entry.add("text", sign, class_="sign", x=_CELL / 2, y=1)
        entry.add("text", words.advice(level), class_="small", x=_CELL + 6, y=1)


def _month_names(part: Part, diary: Diary, words: DiaryWords, y: float) -> None:
    for week in range(WEEKS):
        monday = diary.first + timedelta(weeks=week)
        if monday.day <= 7:
            part.add("text", words.text(f"months.{monday.month}"), class_="small", x=week * _STEP, y=y)


def _pain(part: Part, diary: Diary, words: DiaryWords) -> None:
    told = words.pain(diary) if diary.pains else words.text("picture.pain_none")
    part.described("pain", words.text("picture.pain"), words.text("picture.pain_alt", pain=told))
    part.add("text", words.text("picture.pain"), class_="head", x=0, y=0)
    plot = part.group(0, 20)
    width = WEEKS * _STEP
    for pain in (0, 5, 10):
        y = _height(pain)
        plot.add("line", class_="rule" if pain == 0 else "faint", x1=0, x2=width, y1=y, y2=y)
        plot.add("text", str(pain), class_="small end", x=-8, y=y + 4)
    _month_names(plot, diary, words, y=_PAIN_HEIGHT + 18)
    if not diary.pains:
        plot.add("text", told, class_="middle", x=width / 2, y=_PAIN_HEIGHT / 2)
    for moment, pain in diary.pains:
        x, y = _days_since(diary, moment) / 7 * _STEP, _height(pain)
        plot.add("line", class_="stem", x1=x, x2=x, y1=_PAIN_HEIGHT, y2=y)
        plot.add("circle", class_=f"dot {_shade(pain)}", cx=x, cy=y, r=5.5)


def _days_since(diary: Diary, moment: datetime) -> float:
    return (moment - datetime.combine(diary.first, time(), moment.tzinfo)) / timedelta(days=1)


def _height(pain: int) -> float:
    return _PAIN_HEIGHT * (1 - pain / _MOST_PAIN)


def _body(part: Part, diary: Diary, words: DiaryWords) -> None:
    part.described("body", words.text("picture.body"), words.text("picture.body_alt", where=words.where(diary)))
    part.add("text", words.text("picture.body"), class_="head", x=0, y=0)
    template = ElementTree.parse(_HERE / "body.svg").getroot()
    front, back = (_found(template, view) for view in ("front", "back"))
    outline = front.find(f"{{{NAMESPACE}}}path")
    assert outline is not None
    counts = _counts(diary)
    most = max(counts.values(), default=1)
    for view, middle in ((front, 100), (back, 300)):
        here = part.group(middle, 20)
        here.add("path", class_="body", d=outline.get("d", ""))
        here.add("text", words.text(f"picture.body_{view.get('id')}"), class_="small middle", x=0, y=425)
        for anchor in view.iterfind(f"{{{NAMESPACE}}}circle"):
            count = counts.get((anchor.get("data-place", ""), anchor.get("data-side")), 0)
            if count:
                x, y = float(anchor.get("cx", "0")), float(anchor.get("cy", "0"))
                here.add("circle", class_="count", cx=x, cy=y, r=max(_SMALLEST, _LARGEST * sqrt(count / most)))
                here.add("text", str(count), class_="small middle on_count", x=x, y=y + 4.5)
    part.add("text", words.text("picture.body_sides"), class_="small middle", x=200, y=470)
    others = sum(count for place, count in diary.places if place in ("several", "elsewhere"))
    if others:
        text = words.text("others", times=words.number("times", others))
        part.add("text", text, class_="small middle", x=200, y=492)


def _found(template: ElementTree.Element, view: str) -> ElementTree.Element:
    found = template.find(f"{{{NAMESPACE}}}g[@id='{view}']")
    assert found is not None
    return found


def _counts(diary: Diary) -> dict[tuple[str, str | None], int]:
    """By place and side; what was told of no side, or of both, counts for either, and for a place that has none."""
    found: Counter[tuple[str, str | None]] = Counter()
    for (place, side), count in diary.sides.items():
        for one in (None, "left", "right"):
            if side in (None, "both", one) or one is None:
                found[place, one] += count
    return found


def _bars(part: Part, name: str, words: DiaryWords, told: str, rows: tuple[tuple[str, int, int], ...]) -> None:
    """A bar for each row: its label, how much of it is filled, and how long it is."""
    part = part.group(0, 0).described(name, words.text(f"picture.{name}"), told)
    part.add("text", words.text(f"picture.{name}"), class_="head", x=0, y=0)
    if not rows:
        part.add("text", told, class_="small", x=0, y=30)
    most = max((whole for _, _, whole in rows), default=1)
    for row, (label, filled, whole) in enumerate(rows[:_BARS]):
        y = 22 + row * _BAR_STEP
        part.add("text", label, class_="small end", x=225, y=y + 13)
        part.add("rect", class_="whole", x=235, y=y, width=_BAR * whole / most, height=18)
        part.add("rect", class_="bar", x=235, y=y, width=_BAR * filled / most, height=18)
        count = str(filled) if filled == whole else words.text("of", part=str(filled), whole=str(whole))
        part.add("text", count, class_="small", x=243 + _BAR * whole / most, y=y + 13)


def _shade(pain: int | None) -> str:
    return "untold" if pain is None else next(name for least, name in _SHADES if pain >= least)
