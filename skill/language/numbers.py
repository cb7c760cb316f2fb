"""Numbers as people say and type them: "one hundred and five", "11.5", "seven and a half", "1,200", "five and twenty".

The words are those of `grammars/en/words/amounts.yaml`. A number is read whole or not at all.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill.errors import InstallationError
from skill.language.phrases import Phrases
from skill.language.word_tables import word_tables

#: Digits of the longest number that is read as one; longer rows are no amount of anything.
_LONGEST: Final = 9
_REWRITES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[\u2018\u2019\u02bc\u00b4`]", "'"),
        ("[\u2010-\u2015\u2212]", "-"),
        ("\u00bd", " 1/2"),
        ("\u00bc", " 1/4"),
        ("\u00be", " 3/4"),
        ("\u2044", "/"),
        (r"(?<=\d),(?=\d{3}(?!\d))", ""),
        (r"(?<=\d),(?=\d)", "."),
        (r"(?<![\d.])\.(?=\d)", " 0."),
        (r"(?<![\d/])(\d+) ?/ ?(10|100)(?![\d/])", r"\1 out of \2"),
        (r"(?<=\d) ?- ?(?=\d)", " to "),
        (r"(?<=[^\W\d_])-(?=[^\W\d_])", " "),
        (r"(?<=[\d\s])\+", " or more "),
        (r"\b([ap])\.m\b\.?", r"\1m"),
    )
)
_TOKEN: Final = re.compile(r"\d+:\d\d(?!\d)|\d+/\d+|\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[-£$€#](?=\d)|%")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")


def split_words(text: str) -> tuple[str, ...]:
    """The words of an utterance, lower case, digits kept: "7½, no 8-9!" is 7, 1/2, no, 8, to, 9."""
    plain = text.lower()
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", plain)))


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and the word after it."""

    value: float
    end: int


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How numbers are named."""

    ones: Mapping[str, int]
    tens: Mapping[str, int]
    multiples: Mapping[str, int]
    added: Phrases[float]
    """Fractions said after a whole number: "and a half"."""


def read_number(words: Sequence[str], start: int) -> Number | None:
    """The number that begins at word `start`, or None. "A hundred" is one, "a" alone is not."""
    names = number_words()
    found = _multiple(words, start, names)
    if found is None:
        return None
    if found.end < len(words) and words[found.end] == "point":
        found = _decimal(words, found, names)
    if found.value == int(found.value) and (added := names.added.at(words, found.end)):
        return Number(found.value + added[0], added[1])
    return found


def _multiple(words: Sequence[str], start: int, names: NumberWords) -> Number | None:
    """Numbers with hundreds, thousands and more."""
    first = words[start] if start < len(words) else ""
    if first in names.multiples or (first == "a" and start + 1 < len(words) and words[start + 1] in names.multiples):
        group: Number | None = Number(1, start + (first == "a"))
    else:
        group = _below_hundred(words, start, names)
    if group is None:
        return None
    total, value, end = 0.0, group.value, group.end
    while end < len(words) and words[end] in names.multiples:
        multiple = names.multiples[words[end]]
        end += 1
        if multiple == 100:
            value *= multiple
        else:
            total, value = total + value * multiple, 0.0
        rest_at = end + 1 if end < len(words) and words[end] == "and" else end
        rest = _below_hundred(words, rest_at, names)
        if rest and rest.value < multiple and not _DIGITS.fullmatch(words[rest_at]):
            value, end = value + rest.value, rest.end
    return Number(total + value, end)


def _below_hundred(words: Sequence[str], start: int, names: NumberWords) -> Number | None:
    if start >= len(words):
        return None
    word = words[start].removesuffix("'s").removesuffix("ish")
    if _DIGITS.fullmatch(word):
        return Number(float(word), start + 1) if len(word) <= _LONGEST else None
    if word in names.tens:
        ones = names.ones.get(words[start + 1], 0) if start + 1 < len(words) else 0
        return Number(names.tens[word] + ones, start + 2) if 1 <= ones <= 9 else Number(names.tens[word], start + 1)
    if word not in names.ones:
        return None
    joined = tuple(words[start + 1 : start + 3])
    tens = names.tens.get(joined[1]) if len(joined) == 2 and joined[0] == "and" else None
    if tens and 1 <= names.ones[word] <= 9:  # five and twenty
        return Number(tens + names.ones[word], start + 3)
    return Number(names.ones[word], start + 1)


def _decimal(words: Sequence[str], whole: Number, names: NumberWords) -> Number:
    """ "Six point five": every digit after the point is said by itself."""
    digits = ""
    end = whole.end + 1
    while end < len(words) and 0 <= names.ones.get(words[end], 10) <= 9:
        digits += str(names.ones[words[end]])
        end += 1
    return Number(whole.value + float(f"0.{digits}"), end) if digits else whole


@cache
def number_words() -> NumberWords:
    """The words of numbers."""
    data = word_tables()
    try:
        return NumberWords(data["ones"], data["tens"], data["multiples"], Phrases(data["added_fractions"]))
    except KeyError as missing:
        raise InstallationError(
            f"grammars/en/words/amounts.yaml has no section {missing}; install Charley again."
        ) from None
