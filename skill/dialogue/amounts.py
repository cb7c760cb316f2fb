"""Amounts said in words: 5700 seconds are "ninety five minutes", 5400 "an hour and a half"."""

from typing import Final

from skill.dialogue.prompts import Prompts
from skill.language.numerals import spoken
from skill.triage.model import Kind

#: Seconds in each unit of the prompts `amounts.durations`; a month and a year as the amounts are read.
UNITS: Final = (
    ("years", 31_536_000),
    ("months", 2_592_000),
    ("weeks", 604_800),
    ("days", 86_400),
    ("hours", 3_600),
    ("minutes", 60),
    ("seconds", 1),
)
_MINUTE: Final = 60
#: A duration counts as so many of a unit when it is off by this share at most; "about" is said then.
_NEARLY: Final = 0.02
#: Beyond so many of a unit nobody says halves.
_HALVES: Final = 24
#: Up to so many of a unit are counted out rather than rounded.
_COUNTED: Final = 120
#: Seconds to which a measured time is rounded: below a minute, from a minute on.
_SHORT: Final = 5
_LONG: Final = 30
#: The highest number said in words.
_MOST: Final = 999


def spoken_amount(kind: Kind, value: int, prompts: Prompts) -> str:
    """How the value of a duration (seconds), a count or a scale is said."""
    if kind is Kind.DURATION:
        return _duration(value, prompts)
    if kind is Kind.SCALE:
        return prompts.utterance("amounts.scales", number=_number(value)).text
    form = {0: "none", 1: "one"}.get(value, "many")
    return prompts.utterance(f"amounts.counts.{form}", number=_number(value)).text


def spoken_span(seconds: int, prompts: Prompts) -> str:
    """How a time that a clock has taken is said: nobody counts it to the second."""
    step = _SHORT if seconds < _MINUTE else _LONG
    return spoken_amount(Kind.DURATION, max(_SHORT, step * round(seconds / step)), prompts)


def _duration(seconds: int, prompts: Prompts) -> str:
    """ "Over ten minutes" is kept as one second more than ten minutes, "less than" as one less."""
    for bound, step in (("over", 1), ("under", -1)):
        if seconds - step >= _MINUTE and (seconds - step) % _MINUTE == 0:
            return prompts.utterance(f"amounts.{bound}", amount=_rounded(seconds - step, prompts)).text
    return _rounded(seconds, prompts)


def _rounded(seconds: int, prompts: Prompts) -> str:
    """In the largest unit that fits, in whole or half ones."""
    near = ""
    for unit, length in UNITS:
        halves = round(2 * seconds / length)
        off = abs(seconds - halves * length / 2)
        words = _in_unit(unit, halves, prompts) if halves and off <= _NEARLY * seconds else None
        if words and off == 0 and (halves <= 2 * _COUNTED or not near):
            return words
        near = near or words or ""
    if near:
        return prompts.utterance("amounts.about", amount=near).text
    return prompts.utterance("amounts.durations.seconds.many", number=_number(seconds)).text


def _in_unit(unit: str, halves: int, prompts: Prompts) -> str | None:
    """So many halves of a unit; None where nobody counts in them."""
    number, odd = divmod(halves, 2)
    form = {1: "half", 2: "one", 3: "one_and_a_half"}.get(halves, "many")
    prompt = f"amounts.durations.{unit}.{form}"
    if not prompts.has(prompt) or (odd and (unit == "seconds" or number > _HALVES)):
        return None
    said = prompts.utterance("amounts.and_a_half", number=_number(number)).text if odd else _number(number)
    return prompts.utterance(prompt, number=said).text


def _number(number: int) -> str:
    return spoken(number)[0] if number <= _MOST else str(number)
