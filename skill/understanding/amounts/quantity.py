"""Bare quantities in an utterance, and the numbers in it that are none: telephones, ages, doses, things counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from skill.language.numbers import read_number
from skill.understanding.amounts.words import AmountWords


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or a word that stands for one; `end` is the word after it."""

    value: float
    end: int
    vague: bool = False


def read_quantity(words: Sequence[str], start: int, names: AmountWords) -> Quantity | None:
    """The quantity that begins at word `start`: "ten", "a couple of", "half an", "a dozen"."""
    if vague := names.vague_numbers.at(words, start):
        return Quantity(*vague, vague=True)
    if fraction := names.fractions.at(words, start):
        return Quantity(*fraction)
    number = read_number(words, start)
    return Quantity(number.value, number.end) if number else None


def strange_rows(words: Sequence[str], names: AmountWords) -> frozenset[int]:
    """The words of rows of numbers that are no amount: telephone numbers, 999, a licence plate."""
    strange: set[int] = set()
    at = 0
    while at < len(words):
        row: list[float] = []
        end = at
        while number := read_number(words, end):
            row.append(number.value)
            end = number.end
        rising = all(first < second for first, second in pairwise(row)) and row[:1] != [1]
        stammered = len(set(row)) == 1 and row[0] >= 10
        if len(row) >= names.row and not stammered and (len(row) > names.row or not rising):
            strange.update(range(at, end))
        at = max(end, at + 1)
    return frozenset(strange)


def counts_something(words: Sequence[str], start: int, end: int, names: AmountWords) -> bool:
    """Whether the number from `start` to `end` counts something other than what was asked: "two kids", "10 mg"."""
    before = words[start - 1] if start else ""
    if before in names.signs:
        return True
    if end >= len(words):
        return False
    if names.no_amount.at(words, end):
        return True
    noun = words[end]
    if before in ("a", "an") or noun.endswith("ss"):
        return False
    return len(noun) > 2 and noun.endswith("s") and noun not in names.no_plural and noun not in names.times


def is_pronoun(words: Sequence[str], at: int, names: AmountWords) -> bool:
    """Whether a "one" is no number: "the left one", "how does one prevent it", "one of my legs", "one moment"."""
    if words[at] != "one":
        return False
    if at and words[at - 1] not in names.before_one:
        return True
    return at + 1 < len(words) and words[at + 1] in names.after_one
