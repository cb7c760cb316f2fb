"""Durations in an utterance: a quantity and its unit, and the words that name a whole duration."""

from collections.abc import Iterator, Sequence

from skill.understanding.amounts.mention import Mention
from skill.understanding.amounts.quantity import Quantity, counts_something, is_pronoun, read_quantity
from skill.understanding.amounts.words import AmountWords

#: Units of at most this many seconds are asked for when somebody wants to be waited for.
_SHORT = 60
#: The unit that a number without one continues: "a minute twenty", "an hour and ten".
_SMALLER = {60: 1, 3600: 60}


def find_durations(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> tuple[Mention, ...]:
    """Every duration and every bare number, in the order said; words in `taken` belong to something else."""
    return tuple(_find(words, taken, names))


def _find(words: Sequence[str], taken: frozenset[int], names: AmountWords) -> Iterator[Mention]:
    at = 0
    while at < len(words):
        strange = at in taken or (at > 0 and words[at - 1] in names.signs)
        found = None if strange else _duration(words, at, names)
        if found and not _is_hold(words, found, names):
            yield found
        at = found.end if found else _past_number(words, at, names)


def _duration(words: Sequence[str], at: int, names: AmountWords) -> Mention | None:
    if span := names.spans.at(words, at):
        return Mention(at, span[1], span[0], span[0], unit=span[0], vague=True, fixed=True)
    quantity = read_quantity(words, at, names) or _article(words, at)
    if quantity is None:
        return _bare_unit(words, at, names)
    unit, end = _unit(words, at, quantity, names)
    if not unit:
        return None if words[at] in ("a", "an") else _bare_number(words, at, quantity, names)
    value = quantity.value * unit
    if added := names.added_fractions.at(words, end):
        value, end = value + added[0] * unit, added[1]
    elif quantity.value == int(quantity.value):
        smaller, end = _smaller(words, at, end, unit, names)
        value += smaller
    return _bounded(words, Mention(at, end, value, value, unit, quantity.vague), names)


def _article(words: Sequence[str], at: int) -> Quantity | None:
    return Quantity(1, at + 1) if words[at] in ("a", "an") else None


def _unit(words: Sequence[str], at: int, quantity: Quantity, names: AmountWords) -> tuple[int, int]:
    """Seconds of the unit after a quantity and the word after it; 0 when there is none."""
    end = quantity.end
    while skipped := names.before_unit.at(words, end):
        end = skipped[1]
    word = words[end] if end < len(words) else ""
    unit = names.units.get(word, 0)
    typed = words[quantity.end - 1][0].isdigit()
    if not unit or (len(word) == 1 and not typed):
        return 0, quantity.end
    if words[at] in ("a", "an") and at and (words[at - 1] in names.frequency_of or words[at - 1][0].isdigit()):
        return 0, quantity.end  # "three times a day"
    following = words[end + 1] if end + 1 < len(words) else ""
    if word == "second" and (following in names.units or (quantity.value == 1 and following in names.no_second)):
        return 0, quantity.end
    if names.no_amount.at(words, end):
        return 0, quantity.end
    return unit, end + 1


def _smaller(words: Sequence[str], at: int, end: int, unit: int, names: AmountWords) -> tuple[float, int]:
    """What is added in a smaller unit: "two hours and ten minutes", "a minute twenty"."""
    joined = end < len(words) and words[end] == "and"
    start = end + 1 if joined else end
    quantity = read_quantity(words, start, names) or (_article(words, start) if start < len(words) else None)
    if quantity is None:
        return 0, end
    smaller, after = _unit(words, start, quantity, names)
    if smaller and not joined and names.almost.ends(words, at):  # "nearly an hour, fifty minutes"
        return 0, end
    if smaller:
        return (quantity.value * smaller, after) if quantity.value * smaller < unit else (0, end)
    implied = _SMALLER.get(unit, 0)
    whole = not quantity.vague and 10 <= quantity.value < 60 and quantity.value == int(quantity.value)
    if implied and whole and not counts_something(words, start, quantity.end, names):
        return quantity.value * implied, quantity.end
    return 0, end


def _bare_unit(words: Sequence[str], at: int, names: AmountWords) -> Mention | None:
    """ "Hour and a half": one of it."""
    unit, end, value = names.units.get(words[at], 0), at + 1, 1.0
    added = names.added_fractions.at(words, end)
    if not unit or not (added or words[at] in names.bare_units):
        return None
    before = words[at - 1] if at else ""
    if before and not (before in names.beside or names.range.ends(words, at) or (added and before == "the")):
        return None
    if before in names.not_before_unit and not (added and before == "the"):
        return None
    if len(words[at]) == 1:
        return None
    if added:
        value, end = value + added[0], added[1]
    smaller, end = (0.0, end) if added else _smaller(words, at, end, unit, names)
    return _bounded(words, Mention(at, end, value * unit + smaller, value * unit + smaller, unit), names)


def _bare_number(words: Sequence[str], at: int, quantity: Quantity, names: AmountWords) -> Mention | None:
    following = words[quantity.end] if quantity.end < len(words) else ""
    fraction = 0 < quantity.value < 1 and following not in ("to", "or")
    if fraction or is_pronoun(words, at, names) or counts_something(words, at, quantity.end, names):
        return None
    if at and words[at - 1] in names.age_before:
        return None
    return Mention(at, quantity.end, quantity.value, quantity.value, vague=quantity.vague)


def _bounded(words: Sequence[str], mention: Mention, names: AmountWords) -> Mention:
    """ "Over ten minutes" is a second more than that, "less than" a second less."""
    step = 1 if names.more_than.ends(words, mention.start) else 0
    step = -1 if names.less_than.ends(words, mention.start) else step
    return Mention(mention.start, mention.end, mention.low + step, mention.high + step, mention.unit, mention.vague)


def _is_hold(words: Sequence[str], mention: Mention, names: AmountWords) -> bool:
    """ "A minute please", "wait two seconds": a wish to be waited for, no duration."""
    if not 0 < mention.unit <= _SHORT or mention.high > 2 * mention.unit:
        return False
    at = mention.start - 1
    while at > 0 and words[at] in ("just", "me", "us", "on", "up", "for"):
        at -= 1
    before = words[at] if at >= 0 else ""
    if before == "in" and at and words[at - 1] in names.ended_in:
        return False
    after = words[mention.end] if mention.end < len(words) else ""
    alone = words[mention.start] == "one" and mention.start == 0 and after in names.hold_one_after
    return before in names.hold_before or after in names.hold_after or alone


def _past_number(words: Sequence[str], at: int, names: AmountWords) -> int:
    """The next place to look at: never inside of a number that was left."""
    quantity = read_quantity(words, at, names)
    return max(quantity.end, at + 1) if quantity else at + 1
