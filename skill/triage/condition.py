"""When something applies: a small tree over answers, without negation, so that more worry never means less.

A doubtful answer (UNSURE, UNANSWERED) counts as every value that a condition may name: doubt goes up, never down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from skill.triage.model import UNANSWERED, UNSURE, Value

Answers = Mapping[str, Value]
#: Questions whose doubtful answer had to be taken for the worse one; None where the condition does not hold at all.
Support = frozenset[str] | None
#: The values that each question may have: one way in which a condition can hold.
Way = Mapping[str, "Is | AtLeast"]

DOUBTS: Final = (UNSURE, UNANSWERED)


@dataclass(frozen=True, slots=True)
class Is:
    """The question's answer is one of these values."""

    question: str
    values: frozenset[Value]

    def admits(self, value: Value) -> bool:
        """Whether this very value makes it hold."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The question's answer is a number, or a duration in seconds, of `least` or more."""

    question: str
    least: int

    def admits(self, value: Value) -> bool:
        """Whether this very value makes it hold."""
        return isinstance(value, int) and value >= self.least


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts it always holds."""

    parts: "tuple[Condition, ...]" = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; without parts it never holds."""

    parts: "tuple[Condition, ...]" = ()


Condition = Is | AtLeast | All | Some

_CERTAIN: Final[frozenset[str]] = frozenset()

ALWAYS: Final = All()
NEVER: Final = Some()


def support(condition: Condition, answers: Answers) -> Support:
    """The doubtful questions that `condition` rests on, as few as possible; None when it does not hold."""
    if isinstance(condition, Is | AtLeast):
        value = answers.get(condition.question)
        if value is None:
            return None
        if value in DOUBTS:
            return frozenset({condition.question})
        return _CERTAIN if condition.admits(value) else None
    if isinstance(condition, Some):
        found = (support(part, answers) for part in condition.parts)
        return min((one for one in found if one is not None), key=len, default=None)
    doubtful = _CERTAIN
    for part in condition.parts:
        one = support(part, answers)
        if one is None:
            return None
        doubtful |= one
    return doubtful


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether the condition holds, doubts counted as the worse answer."""
    return support(condition, answers) is not None


def certain(condition: Condition, answers: Answers) -> bool:
    """Whether the condition holds without any doubt."""
    return support(condition, answers) == _CERTAIN


def leaves(condition: Condition) -> Iterator[Is | AtLeast]:
    """Every test of an answer in the tree."""
    match condition:
        case Is() | AtLeast():
            yield condition
        case All(parts) | Some(parts):
            for part in parts:
                yield from leaves(part)


def questions(condition: Condition) -> frozenset[str]:
    """The ids of all questions that the condition looks at."""
    return frozenset(leaf.question for leaf in leaves(condition))


def gated(condition: Condition, gates: Mapping[str, Condition]) -> Condition:
    """The condition together with the conditions under which its questions are asked (`gates`, by question)."""
    match condition:
        case Is(question) | AtLeast(question):
            return All((gated(gates[question], gates), condition))
        case All(parts):
            return All(tuple(gated(part, gates) for part in parts))
        case Some(parts):
            return Some(tuple(gated(part, gates) for part in parts))


def ways(condition: Condition) -> Iterator[Way]:
    """Each set of answers that makes the condition hold (disjunctive normal form), contradictions left out."""
    match condition:
        case Is() | AtLeast():
            yield {condition.question: condition}
        case Some(parts):
            for part in parts:
                yield from ways(part)
        case All(parts):
            for combination in product(*(tuple(ways(part)) for part in parts)):
                merged = _merge(combination)
                if merged is not None:
                    yield merged


def _merge(combination: tuple[Way, ...]) -> Way | None:
    merged: dict[str, Is | AtLeast] = {}
    for way in combination:
        for question, leaf in way.items():
            both = _both(merged.get(question, leaf), leaf)
            if both is None:
                return None
            merged[question] = both
    return merged


def _both(one: Is | AtLeast, other: Is | AtLeast) -> Is | AtLeast | None:
    if isinstance(one, AtLeast) and isinstance(other, AtLeast):
        return max(one, other, key=lambda leaf: leaf.least)
    narrow, wide = (one, other) if isinstance(one, Is) else (other, one)
    assert isinstance(narrow, Is)
    common = frozenset(value for value in narrow.values if wide.admits(value))
    return Is(narrow.question, common) if common else None
