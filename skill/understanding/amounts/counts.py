"""How many in thirty days: numbers, "once", "the third", "every other night", "twice a week"."""

from collections.abc import Iterator, Sequence
from typing import Final

from skill.understanding.amounts.mention import Mention
from skill.understanding.amounts.quantity import counts_something, is_pronoun, read_quantity
from skill.understanding.amounts.words import AmountWords

MOST: Final = 200
"""The highest count of thirty days that is taken for one."""


def find_counts(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> tuple[Mention, ...]:
    """Every count, in the order said; words in `taken` belong to something else."""
    return tuple(_find(words, taken, names))


def _find(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        quantity = read_quantity(words, at, names)
        mention = None if at in taken else _count(words, at, names)
        if mention:
            yield mention
        at = mention.end if mention else quantity.end if quantity else at + 1


def _count(words: Sequence[str], at: int, names: AmountWords) -> Mention | None:
    if frequency := names.frequencies.at(words, at):
        return _frequency(words, at, *frequency, names)
    quantity = read_quantity(words, at, names)
    word = names.count_words.at(words, at)
    if word and (quantity is None or word[1] > quantity.end):
        return _per(words, Mention(at, word[1], word[0], word[0], fixed=True), names)
    if quantity is None or quantity.value != int(quantity.value):
        return None
    if is_pronoun(words, at, names):
        return None
    if at and words[at - 1] in names.age_before and quantity.value > 10:
        return None
    if counts_something(words, at, quantity.end, names):
        return None
    some = names.of_them.at(words, quantity.end) is not None
    mention = Mention(at, quantity.end, quantity.value, quantity.value, vague=quantity.vague, fixed=some)
    return _per(words, mention, names)


def _per(words: Sequence[str], mention: Mention, names: AmountWords) -> Mention | None:
    """A number of times for each day, week or month, as that of thirty days."""
    end = mention.end
    while end < len(words) and words[end] in names.times:
        end += 1
    found = names.per.at(words, end)
    if found is None:
        # "two weeks", "six hours", "two every game": no count of a month
        return None if end < len(words) and words[end] in names.not_counted else mention
    if mention.high * found[0] > MOST:  # "thirty, every night"
        return Mention(mention.start, found[1], mention.low, mention.high)
    return Mention(mention.start, found[1], mention.low * found[0], mention.high * found[0], fixed=True)


def _frequency(words: Sequence[str], start: int, value: int, end: int, names: AmountWords) -> Mention | None:
    """ "Every other night", "daily two times"; "every night but one" is not known."""
    if end < len(words) and words[end] in names.excepting:
        return None
    times = read_quantity(words, end, names)
    if times and not (times.end < len(words) and words[times.end] == "times"):
        return None  # "every day, fourteen"
    word = names.count_words.at(words, end)
    if times:
        return Mention(start, times.end + 1, value * times.value, value * times.value, fixed=True)
    if word and word[0] > 1:
        return Mention(start, word[1], value * word[0], value * word[0], fixed=True)
    return Mention(start, end, value, value, vague=True, fixed=True)
