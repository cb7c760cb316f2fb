"""The picture of the report: the cramps of each week, one square each, the most urgent ones marked."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from typing import Final

from skill.reporting.diary_calendar import SIGNS
from skill.reporting.report.document import Picture
from skill.reporting.report.history import Told
from skill.reporting.report.wording import Wording
from skill.triage.model import Level

#: So many weeks fit; the newest are shown.
MOST_WEEKS: Final = 53
_WEEK: Final = timedelta(weeks=1)
_WIDTH, _HEIGHT, _AXIS = 720, 98, 18
_LARGEST: Final = 15.0
#: Fill and sign of a square: dark on light below, light on dark where it is urgent. Contrast at least 4.5 to 1.
_LOOK: Final = {
    Level.EMERGENCY: ("#7f1d1d", "#ffffff"),
    Level.URGENT: ("#b45309", "#ffffff"),
    Level.SOON: ("#1d4ed8", "#ffffff"),
    Level.SELF_CARE: ("#e2e8f0", "#1e293b"),
    None: ("#ffffff", "#1e293b"),
}


def weeks(told: tuple[Told, ...], wording: Wording) -> Picture:
    """One column a week, from the first that is shown to the last; `told`: the oldest first, one at least."""
    columns = defaultdict[date, list[Told]](list)
    for one in told:
        columns[_monday(one)].append(one)
    last = max(columns)
    first = max(min(columns), last - (MOST_WEEKS - 1) * _WEEK)
    shown = {monday: columns[monday] for monday in sorted(columns) if monday >= first}
    fullest = max(shown, key=lambda monday: len(shown[monday]))
    alt = wording.text(
        "picture.alt",
        first=wording.day(first),
        last=wording.day(last),
        full=str(len(shown)),
        empty=str((last - first) // _WEEK + 1 - len(shown)),
        monday=wording.day(fullest),
        most=str(len(shown[fullest])),
    )
    body = "".join(_drawn(shown, first, last))
    top = _HEIGHT - _AXIS - len(shown[fullest]) * _side(shown, first, last) - 1
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top:.1f} {_WIDTH} {_HEIGHT - top:.1f}" '
        f'role="img" font-family="sans-serif"><title>{escape(wording.text("picture.title"))}</title>'
        f"<desc>{escape(alt)}</desc>{body}</svg>"
    )
    return Picture(svg, alt)


def _monday(one: Told) -> date:
    day = one.began.date()
    return day - timedelta(days=day.weekday())


def _side(shown: dict[date, list[Told]], first: date, last: date) -> float:
    """Of a square, so that the longest time and the fullest week fit."""
    count = (last - first) // _WEEK + 1
    return min(_WIDTH / count, (_HEIGHT - _AXIS) / max(map(len, shown.values())), _LARGEST)


def _drawn(shown: dict[date, list[Told]], first: date, last: date) -> Iterator[str]:
    """Squares from the ground up, the most urgent at the top, and the month below each week in which one begins."""
    count = (last - first) // _WEEK + 1
    ground = _HEIGHT - _AXIS
    side = _side(shown, first, last)
    step = min(_WIDTH / count, 2 * side)
    yield f'<path d="M0 {ground}H{_WIDTH}" stroke="#475569"/>'
    for week in range(count):
        monday, x = first + week * _WEEK, week * step
        if week == 0 or (monday.day <= 7 and x + 40 < _WIDTH):
            yield f'<text x="{x:.1f}" y="{_HEIGHT - 4}" font-size="11" fill="#1e293b">{monday:%b} {monday:%Y}</text>'
        cramps = sorted(shown.get(monday, ()), key=lambda one: -1 if one.level is None else one.level)
        for height, one in enumerate(cramps, 1):
            fill, ink = _LOOK[one.level]
            y = ground - height * side
            yield (
                f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{side - 1:.1f}" height="{side - 1:.1f}" '
                f'fill="{fill}" stroke="#475569" stroke-width=".6"/>'
                f'<text x="{x + side / 2:.1f}" y="{y + side * 0.72:.1f}" font-size="{side * 0.62:.1f}" '
                f'text-anchor="middle" fill="{ink}">{SIGNS[one.level]}</text>'
            )
