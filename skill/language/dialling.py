"""Telephone numbers in what somebody types: "999", "9 9 9", "9-9-9", but not "112 seconds" and not "$911"."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill.language.numerals import digits

#: Before a number that is part of another, of a price or of a time.
_NOT_AFTER: Final = r"(?<![\d£$€#+])(?<!\d[.,:/-])"
_NOT_BEFORE: Final = r"(?!\d|[.,:/-]\d|%)"


@dataclass(frozen=True, slots=True)
class Telephones:
    """Numbers to dial, in digits."""

    numbers: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    """Words that make an amount of the number before them."""

    def union(self, *others: "Telephones") -> "Telephones":
        """These and others."""
        every = (self, *others)
        numbers = frozenset[str]().union(*(one.numbers for one in every))
        return Telephones(numbers, frozenset[str]().union(*(one.measures for one in every)))

    def of_length(self, least: int) -> "Telephones":
        """Those of so many digits and more."""
        return Telephones(frozenset(number for number in self.numbers if len(number) >= least), self.measures)

    def said(self, text: str) -> str:
        """The lower-case `text`, every number in it said digit by digit: "call 9-9-9!" is "call nine nine nine !"."""
        if not self.numbers:
            return text
        return _pattern(self).sub(lambda found: f" {digits(''.join(filter(str.isdecimal, found[0])))} ", text)


@cache
def _pattern(telephones: Telephones) -> re.Pattern[str]:
    """Every number, its digits together or apart by one and the same sign."""
    ways = [separator.join(number) for number in sorted(telephones.numbers) for separator in ("", r"\s", r"\.", "-")]
    measured = rf"(?!\s*(?:{'|'.join(map(re.escape, sorted(telephones.measures)))})\b)" if telephones.measures else ""
    return re.compile(rf"{_NOT_AFTER}(?:{'|'.join(ways)}){_NOT_BEFORE}{measured}")
