"""An amount out of a whole utterance: the one door to this package."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from skill.language.numbers import split_words
from skill.triage.model import Kind, Question
from skill.understanding.amounts.counts import MOST, find_counts
from skill.understanding.amounts.durations import find_durations
from skill.understanding.amounts.mention import Mention, agreed, concluded, drop_corrected, drop_fixed, join_ranges
from skill.understanding.amounts.moments import Moment, between, find_moments, said_to_be_now
from skill.understanding.amounts.quantity import strange_rows
from skill.understanding.amounts.scales import degree_in_words, find_degrees, round_up
from skill.understanding.amounts.tense import of_now, without_comparisons
from skill.understanding.amounts.words import AmountWords, amount_words

_LONGEST: Final = 4000
"""Characters of the longest utterance that is read: four minutes of speech."""
_MINUTE: Final = 60
_LONG: Final = 16
"""In more words than these there may be another amount than the one that was asked for."""
_FEW: Final = 3
"""So many words beside a moment leave no doubt that it is the answer."""
_CENTURY: Final = 100 * 365 * 86400


@dataclass(frozen=True, slots=True)
class Amount:
    """What an utterance amounts to."""

    value: int
    """Seconds, a count in thirty days, or a degree from 0 to 10."""
    sure: bool
    """False where one of several amounts had to be chosen, or a word such as "the worst" stands for a number: to be
    asked back.
    """
    words: str
    """The words that it rests on."""
    by_clock: bool = False
    """Whether it was reckoned from the clock handed in: "since tuesday"."""


def read_amount(text: str, question: Question, now: datetime) -> Amount | None:
    """What `text` says in answer to `question`, a duration, a count or a scale; None where it cannot be told.

    `now` is the time of day where the person is, with its zone. An amount that may be two things is never guessed at.
    """
    if len(text) > _LONGEST:
        return None
    words = split_words(text)
    names = amount_words()
    match question.kind:
        case Kind.DURATION:
            return _read_duration(words, question, now, names)
        case Kind.SCALE:
            return _read_scale(words, question, names)
        case Kind.COUNT:
            return _read_count(words, names)
        case _:
            return None


def _read_scale(words: Sequence[str], question: Question, names: AmountWords) -> Amount | None:
    mentions = find_degrees(words, strange_rows(words, names), names)
    if not mentions:
        said = degree_in_words(words, names)
        return _amount(words, said, round_up, sure=said.low == 0) if said else None
    mentions = drop_corrected(words, join_ranges(words, mentions, names), names)
    own = without_comparisons(words, mentions, names)
    settled = concluded(words, own, names) or agreed(own)
    if settled:
        return _amount(words, settled, round_up)
    if not own:
        return None
    if question.id in names.asks_now:
        own = of_now(words, own, names)
    if agreed(own) or names.conditions.inside(words):
        return _amount(words, max(own, key=lambda mention: mention.middle), round_up, sure=False)
    return None


def _read_count(words: Sequence[str], names: AmountWords) -> Amount | None:
    mentions = find_counts(words, strange_rows(words, names), names)
    mentions = drop_corrected(words, join_ranges(words, mentions, names), names)
    settled = concluded(words, mentions, names) or agreed(mentions) or _one_before_none(mentions)
    plain = settled or agreed(drop_fixed(mentions))
    if plain is None or plain.middle > MOST:
        return None
    return _amount(words, plain, lambda mention: math.ceil(mention.middle), sure=settled is not None)


def _one_before_none(mentions: Sequence[Mention]) -> Mention | None:
    """ "None before, only this one" is one."""
    one = [mention for mention in mentions if mention.middle == 1]
    return one[-1] if one and all(mention.middle in (0, 1) for mention in mentions) else None


def _read_duration(words: Sequence[str], question: Question, now: datetime, names: AmountWords) -> Amount | None:
    moments = () if question.id in names.asks_usual else find_moments(words, now, names)
    taken = strange_rows(words, names) | {at for moment in moments for at in range(moment.start, moment.end)}
    mentions = find_durations(words, frozenset(taken), names)
    mentions = drop_corrected(words, join_ranges(words, mentions, names), names)
    mentions = drop_fixed(without_comparisons(words, mentions, names))
    united = [mention for mention in mentions if mention.unit]
    ended = concluded(words, mentions, names)
    ended = ended.in_unit(_unit_before(words, ended, mentions, names)) if ended else None
    settled = ended if ended and ended.unit else agreed(united)
    if settled:
        bare = [mention.in_unit(settled.unit).middle for mention in mentions if not mention.unit]
        sure = ended is not None or all(value == settled.middle for value in bare)
        return _amount(words, settled, _seconds, sure=sure)
    if united:
        return None
    if moments:
        return _since(words, moments, names)
    number = ended or agreed(mentions)
    if number and question.id in names.asks_minutes and _alone(words, mentions, names):
        return _amount(words, number.in_unit(_MINUTE), _seconds, sure=False)
    return None


def _unit_before(words: Sequence[str], mention: Mention, mentions: Sequence[Mention], names: AmountWords) -> int:
    """The unit that a bare number goes on with: of "two hours, call it three", "some minutes, say five"."""
    said = [earlier.unit for earlier in mentions if earlier.unit and earlier.start < mention.start]
    named = [names.units[word] for word in words[: mention.start] if len(word) > 1 and word in names.units]
    return (said or named or [0])[-1]


def _seconds(mention: Mention) -> int:
    return math.floor(mention.middle + 0.5)


def _since(words: Sequence[str], moments: Sequence[Moment], names: AmountWords) -> Amount | None:
    """Seconds since a moment; or between two, where somebody tells the time as well."""
    began = [moment for moment in moments if not said_to_be_now(words, moment, names)]
    present = [moment for moment in moments if said_to_be_now(words, moment, names)]
    ago = began[0].ago if began and all(moment.ago == began[0].ago for moment in began) else None
    if ago is not None and present:
        ago = between(began[0], present[-1])
    if ago is None or not 0 <= ago <= _CENTURY:
        return None
    start, end = began[0].start, began[-1].end
    led = names.since.ends(words, start) or names.begins.inside(words[:start]) is not None
    sure = (led or len(words) - (end - start) <= _FEW) and len(words) <= _LONG
    return Amount(round(ago), sure, " ".join(words[start:end]), by_clock=True)


def _alone(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> bool:
    """Whether nothing but words of no weight stands beside the numbers."""
    weightless = names.beside | names.conclusions.vocabulary
    numbers = {at for mention in mentions for at in range(mention.start, mention.end)}
    return all(at in numbers or word in weightless for at, word in enumerate(words))


def _amount(
    words: Sequence[str], mention: Mention, value: Callable[[Mention], int], *, sure: bool = True
) -> Amount | None:
    number = value(mention)
    if not 0 <= number <= _CENTURY:
        return None
    sure = sure and not mention.doubtful and len(words) <= _LONG
    return Amount(number, sure, " ".join(words[mention.start : mention.end]))
