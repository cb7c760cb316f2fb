"""How bad, from 0 to 10: numbers, "seven out of ten", and words of degree."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from skill.language.numbers import read_number
from skill.understanding.amounts.mention import Mention
from skill.understanding.amounts.quantity import counts_something, is_pronoun
from skill.understanding.amounts.words import AmountWords

TOP: Final = 10
#: Beyond the scale people say these, and mean its top.
_BEYOND: Final = frozenset({*range(11, 21), 50, 100, 1000, 1000000, 100000000})
#: Other scales that a number is "out of".
_SCALES: Final = frozenset({5, 10, 20, 100})


def find_degrees(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> tuple[Mention, ...]:
    """Every number that may be a degree of pain; words in `taken` belong to something else."""
    return tuple(_find(words, taken, names))


def round_up(mention: Mention) -> int:
    """The whole degree of a range or a decimal: the higher one counts."""
    return min(TOP, math.ceil(mention.middle))


def degree_in_words(words: Sequence[str], names: AmountWords) -> Mention | None:
    """A degree without a number: "it doesn't hurt", "the worst ever"; None when two of them contradict."""
    found: list[Mention] = []
    at = 0
    while hit := names.degrees.inside(words, at):
        degree, start, at = hit
        if not (start and words[start - 1] in names.not_degrees):
            found.append(Mention(start, at, degree, degree, vague=True))
    return found[0] if len({mention.low for mention in found}) == 1 else None


def _find(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        if beyond := names.off_the_scale.at(words, at):
            yield Mention(at, beyond[1], TOP, TOP)
            at = beyond[1]
            continue
        if of := names.out_of.at(words, at):  # "out of ten, seven": this ten is the scale
            scale = read_number(words, of[1])
            if scale and scale.value in _SCALES:
                at = scale.end
                continue
        if named := names.scale_names.at(words, at):
            at = named[1]
            continue
        number = read_number(words, at)
        if number is None:
            at += 1
            continue
        mention = None if at in taken else _degree(words, at, number.value, number.end, names)
        if mention:
            yield mention
        at = mention.end if mention else number.end


def _degree(words: Sequence[str], start: int, value: float, end: int, names: AmountWords) -> Mention | None:
    if of := names.out_of.at(words, end):
        scale = read_number(words, of[1])
        if scale and scale.value in _SCALES:
            return _on_scale(Mention(start, scale.end, value, value), scale.value)
    if is_pronoun(words, start, names):
        return None
    if counts_something(words, start, end, names) or (end < len(words) and words[end] in names.units):
        return None
    return _on_scale(Mention(start, end, value, value), TOP)


def _on_scale(mention: Mention, scale: float) -> Mention | None:
    value = mention.low * TOP / scale
    if value > TOP:
        if mention.low not in _BEYOND:
            return None
        value = TOP
    return Mention(mention.start, mention.end, value, value)
