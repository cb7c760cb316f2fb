"""What a set of answers means: level and reasons, fitting remedies, causes, a plan, and what is still worth asking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from skill.triage.condition import All, AtLeast, Condition, Is, Some, certain, holds, questions, support
from skill.triage.definition import Advice, Cause, Offer, Protocol, Stage
from skill.triage.model import Level, Reason, Value, Verdict

#: A prevention plan is something to remember: so many steps at most.
PLAN_STEPS: Final = 5


@dataclass(frozen=True)
class Findings:
    """The answers so far, read by the protocol."""

    protocol: Protocol
    answers: Mapping[str, Value]

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every rule that fires, the most urgent first; reasons for self-care only when there is nothing worse."""
        fired = []
        for rule in self.protocol.rules:
            assumed = support(rule.when, self.answers)
            if assumed is not None:
                fired.append(Reason(rule.id, rule.level, rule.sources, tuple(sorted(assumed))))
        fired.sort(key=lambda reason: -reason.level)
        worst = fired[0].level if fired else Level.SELF_CARE
        return tuple(reason for reason in fired if reason.level > Level.SELF_CARE or worst is Level.SELF_CARE)

    @cached_property
    def level(self) -> Level:
        """The maximum over all rules that fire."""
        return self.reasons[0].level if self.reasons else Level.SELF_CARE

    @cached_property
    def verdict(self) -> Verdict:
        """Level, reasons, and the best remedies that are certain to fit; what is only for the first moment is none."""
        remedies = tuple(offer.remedy for offer in self.offers if offer.coached or not offer.opening)
        return Verdict(self.level, self.reasons, remedies[: self.protocol.most_remedies])

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Remedies that fit and whose contraindications have all been ruled out."""
        return tuple(offer for offer in self.unopposed if not self.undecided(offer.never))

    @cached_property
    def unopposed(self) -> tuple[Offer, ...]:
        """Remedies that fit and that no answer rules out so far."""
        return tuple(offer for offer in self._allowed if certain(offer.fits, self.answers))

    @cached_property
    def _allowed(self) -> tuple[Offer, ...]:
        return tuple(
            offer
            for offer in self.protocol.offers
            if self.level <= offer.up_to and not holds(offer.never, self.answers)
        )

    def causes(self) -> tuple[Cause, ...]:
        """What may lie behind it, the best supported first."""
        found = []
        for cause in self.protocol.causes:
            supports = [condition for condition in cause.supports if certain(condition, self.answers)]
            if supports:
                named = sorted(frozenset[str]().union(*(questions(condition) for condition in supports)))
                found.append((len(supports), replace(cause, supported_by=tuple(named))))
        return tuple(cause for _, cause in sorted(found, key=lambda ranked: -ranked[0]))

    def plan(self) -> tuple[Advice, ...]:
        """What may prevent the next one: the fitting steps, the most fitting first."""
        return self._concerned(self.protocol.prevention)[:PLAN_STEPS]

    def first_aid(self) -> tuple[Advice, ...]:
        """What to do until help comes."""
        return self._concerned(self.protocol.first_aid)

    def watch(self) -> tuple[Advice, ...]:
        """What to look out for, and whom to call then."""
        return self._concerned(self.protocol.watch)

    def wanted(self, question: str) -> bool:
        """Whether the question is open, may be put, and still matters, be it only to a doctor."""
        if question in self.answers or not holds(self.protocol.when[question], self.answers):
            return False
        if self.protocol.stages[question] is Stage.DOCTOR:
            return not self._told_otherwise(question)
        return self._matters(self.protocol.opens[question])

    def undecided(self, condition: Condition) -> bool:
        """Whether a question of the condition may still be asked, so that it may yet come to hold."""
        return any(self._open(question) for question in questions(condition))

    def _told_otherwise(self, question: str) -> bool:
        """Whether another question, which asks for the same, is answered."""
        doctor = self.protocol.doctor
        return doctor is not None and doctor.instead_of.get(question) in self.answers

    def _matters(self, reach: frozenset[str]) -> bool:
        """Whether one of these questions can still change the level, a remedy, or up to `soon` a cause or the plan."""
        for rule in self.protocol.rules:
            if rule.level > self.level and reach & rule.looks_at and self._may_hold(rule.when):
                return True
        for offer in self._allowed:
            if reach & offer.looks_at and self._may_hold(offer.fits):
                return True
        return self.level <= Level.SOON and bool(reach & self.protocol.explaining)

    def _concerned(self, advice: tuple[Advice, ...]) -> tuple[Advice, ...]:
        """Those that certainly fit, and that nothing forbids or may still forbid."""
        return tuple(
            one
            for one in advice
            if certain(one.when, self.answers) and not holds(one.never, self.answers) and not self.undecided(one.never)
        )

    def _open(self, question: str) -> bool:
        if question in self.answers or self.protocol.stages[question] is Stage.PLAN:
            return False
        return self._may_hold(self.protocol.when[question])

    def _may_hold(self, condition: Condition) -> bool:
        """Whether the condition holds, or may once the open questions are answered."""
        match condition:
            case Is(question) | AtLeast(question):
                return self._open(question) or holds(condition, self.answers)
            case All(parts):
                return all(self._may_hold(part) for part in parts)
            case Some(parts):
                return any(self._may_hold(part) for part in parts)
