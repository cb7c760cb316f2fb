"""Which answers to play, so that a protocol shows all that it can do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Final

from skill.triage.condition import AtLeast, Condition, Is, Way, gated, leaves, ways
from skill.triage.definition import Protocol, Stage
from skill.triage.interview import Interview
from skill.triage.model import NO, YES, Answer, Kind, Level, Question, Value
from skill.triage.walk import Walk, walk

Facts = Mapping[str, Value]

#: A number that no rule minds.
_LITTLE: Final = 0


@dataclass(frozen=True)
class Scenarios:
    """The branches of a protocol, and the facts that bring about one thing while all else is benign."""

    protocol: Protocol

    @cached_property
    def branches(self) -> tuple[Facts, ...]:
        """One choice for each choice that is asked first: every place, each while it cramps, twitches or is over."""
        asked = [item.question for item in self.protocol.items if item.stage is Stage.FIRST]
        choices = [question for question in asked if question.kind is Kind.CHOICE]
        names = [question.id for question in choices]
        return tuple(
            dict(zip(names, values, strict=True)) for values in product(*(question.choices for question in choices))
        )

    @cached_property
    def benign(self) -> Facts:
        """For each question the answer that raises the level least."""
        return {question.id: self._least(question) for question in self.protocol.questions.values()}

    @cached_property
    def burdened(self) -> Facts:
        """Everything goes wrong short of a level that ends the questions: the longest interviews."""
        return {question.id: self._burden(question) for question in self.protocol.questions.values()}

    def play(self, facts: Facts) -> Walk:
        """The interview with these facts, benign where they are silent."""
        offered = (item.question.id for item in self.protocol.items if item.stage in (Stage.OFFER, Stage.PLAN))
        never_put = (*self.protocol.timed, *offered)
        known = tuple(Answer(question, facts[question]) for question in never_put if question in facts)
        start = Interview(self.protocol, known=known)
        return walk(start, lambda question: facts.get(question.id, self.benign[question.id]))

    def play_again(self, facts: Facts) -> Walk:
        """The interview of somebody who has told before what is remembered; nothing is new unless the facts say so."""
        remembrance = self.protocol.remembrance
        names = (*remembrance.kept, *remembrance.denied) if remembrance else ()
        remembered = tuple(Answer(question, self.benign[question]) for question in names)
        start = Interview(self.protocol, remembered=remembered)
        return walk(start, lambda question: facts.get(question.id, self.benign[question.id]))

    def bringing_about(self, condition: Condition) -> Iterator[Facts]:
        """In every branch, each set of answers under which the questions of the condition are asked and it holds."""
        for way in ways(gated(condition, self.protocol.when)):
            yield from self._in_branches(way)

    def examples(self, condition: Condition) -> Iterator[Facts]:
        """The same, each set of answers in one branch only."""
        for way in ways(gated(condition, self.protocol.when)):
            yield from islice(self._in_branches(way), 1)

    def _in_branches(self, way: Way) -> Iterator[Facts]:
        for branch in self.branches:
            if all(leaf.admits(branch[question]) for question, leaf in way.items() if question in branch):
                yield {question: _value(leaf) for question, leaf in way.items()} | dict(branch)

    def _least(self, question: Question) -> Value:
        if question.otherwise is not None:
            return question.otherwise
        match question.kind:
            case Kind.YES_NO:
                return min((NO, YES), key=lambda value: self._raises(question, value))
            case Kind.CHOICE:
                return min(reversed(question.choices), key=lambda value: self._raises(question, value))
            case _:
                return _LITTLE

    def _burden(self, question: Question) -> Value:
        if question.kind is Kind.CHOICE or question.red_flag in (Level.URGENT, Level.EMERGENCY):
            return self._least(question)
        if question.kind is Kind.YES_NO:
            return max((YES, NO), key=lambda value: self._raises(question, value))
        gates = (leaf for when in self.protocol.when.values() for leaf in leaves(when) if leaf.question == question.id)
        return max((leaf.least for leaf in gates if isinstance(leaf, AtLeast)), default=_LITTLE)

    def _raises(self, question: Question, value: Value) -> Level:
        """The highest level of a rule that this value speaks for."""
        rules = self.protocol.rules
        tests = ((rule.level, leaf) for rule in rules for leaf in leaves(rule.when) if leaf.question == question.id)
        return max((level for level, leaf in tests if leaf.admits(value)), default=Level.SELF_CARE)


def _value(leaf: Is | AtLeast) -> Value:
    return leaf.least if isinstance(leaf, AtLeast) else min(leaf.values, key=str)
