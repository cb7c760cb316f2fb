"""One amount found in an utterance, and how amounts that stand side by side become one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from skill.understanding.amounts.words import AmountWords

#: How many times its lower end the upper end of a range may be.
_WIDEST: Final = 10


@dataclass(frozen=True, slots=True)
class Mention:
    """An amount between two words; `low` and `high` differ for a range."""

    start: int
    end: int
    """The word after it."""
    low: float
    high: float
    unit: int = 0
    """Seconds of the unit that it was said in; 0 for a bare number."""
    vague: bool = False
    """Whether it rests on a word such as "a few"."""
    fixed: bool = False
    """Whether it is a whole by itself and no part of a range: "every night", "just now", "the first"."""
    doubtful: bool = False
    """Whether something else was said between it and what it corrects."""

    @property
    def middle(self) -> float:
        """The value that stands for a range."""
        return (self.low + self.high) / 2

    def in_unit(self, unit: int) -> "Mention":
        """A bare number taken to be said in `unit`."""
        return self if self.unit or not unit else replace(self, low=self.low * unit, high=self.high * unit, unit=unit)


def join_ranges(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> tuple[Mention, ...]:
    """ "Three or four", "thirty seconds to a minute", "two three minutes", "a minute or two" as one amount each."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        both = _range(words, previous, mention, names) if previous else None
        if both:
            joined[-1] = both
        else:
            joined.append(mention)
    return tuple(joined)


def _range(words: Sequence[str], first: Mention, second: Mention, names: AmountWords) -> Mention | None:
    gap = words[first.end : second.start]
    if first.fixed or second.fixed:
        return None
    between = gap == ("and",) and first.start > 0 and words[first.start - 1] in ("between", "from")
    found = names.range.at(gap, 0) if gap else None
    articles = ("a", "an", "about")
    if gap and not between and not (found and all(word in articles for word in gap[found[1] :])):
        return None
    first, second = first.in_unit(second.unit), second.in_unit(first.unit)
    if second.middle < first.middle and (not gap or second.middle * 3 < first.middle):
        return None
    if second.middle > _WIDEST * first.middle > 0:
        return None
    low, high = min(first.low, second.low), max(first.high, second.high)
    return Mention(first.start, second.end, low, high, second.unit or first.unit, first.vague or second.vague)


def drop_corrected(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> tuple[Mention, ...]:
    """Of "seven, no, eight" only the eight; doubtful where more was said between them."""
    kept: list[Mention] = []
    for mention in mentions:
        gap = words[kept[-1].end : mention.start] if kept else ()
        plain = all(word in names.correcting for word in gap)
        corrects = names.corrects if not plain else names.corrects | names.corrects_alone
        if any(word in corrects for word in gap) and not names.no_correction.inside(gap):
            wrong = kept.pop()
            kept.append(replace(mention.in_unit(wrong.unit), start=wrong.start, doubtful=not plain))
        else:
            kept.append(mention)
    return tuple(kept)


def concluded(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> Mention | None:
    """The last amount that somebody ends with: "so five hours", "call it ten"."""
    for index in range(len(mentions) - 1, -1, -1):
        floor = mentions[index - 1].end if index else 0
        trailing = names.trailing.at(words, mentions[index].end)
        if trailing or _concludes(words, floor, mentions[index].start, names):
            return mentions[index]
    return None


def _concludes(words: Sequence[str], floor: int, start: int, names: AmountWords) -> bool:
    at = start
    while at > floor:
        if names.conclusions.ends(words[floor:], at - floor):
            return True
        if words[at - 1] not in names.beside:
            return False
        at -= 1
    return False


def agreed(mentions: Sequence[Mention]) -> Mention | None:
    """The amount that all mentions name; a range agrees with what lies in it: "five or six, six"."""
    exact = [mention for mention in mentions if mention.low == mention.high] or list(mentions)
    one = exact[-1] if exact else None
    if one is None or any(mention.middle != one.middle for mention in exact):
        return None
    return one if all(mention.low <= one.middle <= mention.high for mention in mentions) else None


def drop_fixed(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Numbers count before words for a whole: of "all night, eight hours" the hours."""
    return tuple(mention for mention in mentions if not mention.fixed) or tuple(mentions)
