"""One interview: what was answered so far, what to do next, and what it means. Nothing is stored but the history."""

from dataclasses import dataclass, replace
from typing import Final

from skill.triage.condition import All, AtLeast, Condition, Is, Some, certain, holds, questions, support
from skill.triage.definition import Advice, Cause, Offer, Protocol, Stage
from skill.triage.model import (
    NO,
    UNANSWERED,
    UNSURE,
    YES,
    Answer,
    Ask,
    Coach,
    Coached,
    Conclude,
    Kind,
    Level,
    Question,
    Reason,
    Step,
    Value,
    Verdict,
)

#: A prevention plan is something to remember: so many steps at most.
PLAN_STEPS: Final = 5
SCALE_TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Interview:
    """A protocol and a history. Every method returns a value or a new interview; undo only shortens the history."""

    protocol: Protocol
    history: tuple[Answer | Coached, ...] = ()
    known: tuple[Answer, ...] = ()
    """Answers from a profile: never asked again."""

    def next(self) -> Step:
        """What to do now: relief first, then what still matters, then the verdict. An emergency concludes at once."""
        verdict = self.verdict()
        if verdict.level is Level.EMERGENCY:
            return Conclude(verdict)
        return (
            self._ask(Stage.FIRST)
            or self._open_relief()
            or self._ask(Stage.DURING)
            or self._relieve()
            or self._ask(Stage.AFTER)
            or Conclude(verdict)
        )

    def answer(self, question: str, value: Value) -> "Interview":
        """With this answer; it replaces an earlier one to the same question.

        Raises ValueError for an unknown question, or a value that the question cannot take.
        """
        if question not in self.protocol.questions:
            raise ValueError(f"There is no question {question!r}.")
        if not takes(self.protocol.questions[question], value):
            raise ValueError(f"The question {question!r} cannot take the value {value!r}.")
        return replace(self, history=(*self.history, Answer(question, value)))

    def coached(self, remedy: str, opening: bool) -> "Interview":
        """With the note that this remedy was led through, or its first step said. Raises ValueError if unknown."""
        if remedy not in self.protocol.remedies:
            raise ValueError(f"There is no remedy {remedy!r}.")
        return replace(self, history=(*self.history, Coached(remedy, opening)))

    def undo(self) -> "Interview":
        """Without the last answer and what came after it; unchanged when nothing was answered."""
        last = max((n for n, entry in enumerate(self.history) if isinstance(entry, Answer)), default=None)
        return self if last is None else replace(self, history=self.history[:last])

    def value(self, question: str) -> Value | None:
        """The answer that counts, None when there is none yet."""
        return self._answers().get(question)

    def verdict(self) -> Verdict:
        """The maximum over all rules that fire on the answers so far."""
        answers = self._answers()
        fired = []
        for rule in self.protocol.rules:
            assumed = support(rule.when, answers)
            if assumed is not None:
                fired.append(Reason(rule.id, rule.level, rule.sources, tuple(sorted(assumed))))
        level = max((reason.level for reason in fired), default=Level.SELF_CARE)
        weighty = [reason for reason in fired if reason.level > Level.SELF_CARE or level is Level.SELF_CARE]
        remedies = tuple(offer.remedy for offer in self._offers(level) if not self._undecided(offer.never))
        return Verdict(
            level,
            tuple(sorted(weighty, key=lambda reason: -reason.level)),
            remedies[: self.protocol.most_remedies],
        )

    @property
    def cramping(self) -> bool:
        """Whether it cramps now and no remedy has eased it yet: while this holds, the clock of the relief runs."""
        return certain(self.protocol.cramping, self._answers()) and self.value(self.protocol.eased) != YES

    def causes(self) -> tuple[Cause, ...]:
        """What may lie behind it, the best supported first."""
        answers = self._answers()
        found = []
        for cause in self.protocol.causes:
            supports = [condition for condition in cause.supports if certain(condition, answers)]
            if supports:
                named = sorted(frozenset[str]().union(*(questions(condition) for condition in supports)))
                found.append((len(supports), replace(cause, supported_by=tuple(named))))
        return tuple(cause for _, cause in sorted(found, key=lambda ranked: -ranked[0]))

    def plan(self) -> tuple[Advice, ...]:
        """What may prevent the next one: the fitting steps, the most fitting first."""
        answers = self._answers()
        fitting = (
            step
            for step in self.protocol.prevention
            if certain(step.when, answers) and not holds(step.never, answers) and not self._undecided(step.never)
        )
        return tuple(fitting)[:PLAN_STEPS]

    def _answers(self) -> dict[str, Value]:
        entries = (*self.known, *(entry for entry in self.history if isinstance(entry, Answer)))
        return {entry.question: entry.value for entry in entries}

    def _ask(self, stage: Stage) -> Ask | None:
        answers = self._answers()
        for item in self.protocol.items:
            wanted = item.stage is stage and item.question.id not in answers and holds(item.when, answers)
            if wanted and self._matters(item.question.id):
                return Ask(item.question)
        return None

    def _matters(self, question: str) -> bool:
        """Whether its answer, or one that it brings up, can still change the level, a remedy, a cause or the plan."""
        reach = self.protocol.opens[question]
        level = self.verdict().level
        raising = (rule.when for rule in self.protocol.rules if rule.level > level)
        if any(reach & questions(when) and self._may_hold(when) for when in raising):
            return True
        offers = (offer for offer in self._offers(level, hoped=True))
        if any(reach & (questions(offer.fits) | questions(offer.never)) for offer in offers):
            return True
        return level <= Level.SOON and self._explains(reach)

    def _explains(self, reach: frozenset[str]) -> bool:
        causes = (condition for cause in self.protocol.causes for condition in cause.supports)
        steps = (part for step in self.protocol.prevention for part in (step.when, step.never))
        return any(reach & questions(condition) for condition in (*causes, *steps))

    def _offers(self, level: Level, *, hoped: bool = False) -> tuple[Offer, ...]:
        """Remedies that fit (`hoped`: that may still turn out to fit) and are not ruled out by any answer."""
        answers = self._answers()
        return tuple(
            offer
            for offer in self.protocol.offers
            if level <= offer.up_to
            and (self._may_hold(offer.fits) if hoped else certain(offer.fits, answers))
            and not holds(offer.never, answers)
        )

    def _open_relief(self) -> Coach | None:
        """The first step of the best remedy, once, while it cramps."""
        if not self.cramping or any(isinstance(entry, Coached) for entry in self.history):
            return None
        fitting = (offer for offer in self._offers(self.verdict().level) if offer.coached and offer.opening)
        return next((Coach(offer.remedy, opening=True) for offer in fitting), None)

    def _relieve(self) -> Step | None:
        """One remedy after another, each followed by the question whether it eased, until it did."""
        led = [n for n, entry in enumerate(self.history) if isinstance(entry, Coached) and not entry.opening]
        if not self.cramping:
            return None
        if led and not any(
            isinstance(entry, Answer) and entry.question == self.protocol.eased for entry in self.history[led[-1] :]
        ):
            return Ask(self.protocol.questions[self.protocol.eased])
        if len(led) >= self.protocol.most_remedies:
            return None
        done = {entry.remedy for entry in self.history if isinstance(entry, Coached) and not entry.opening}
        fitting = (
            offer
            for offer in self._offers(self.verdict().level)
            if offer.coached and offer.remedy.id not in done and not self._undecided(offer.never)
        )
        return next((Coach(offer.remedy, opening=False) for offer in fitting), None)

    def _undecided(self, condition: Condition) -> bool:
        """Whether a question of the condition is still to be asked, so that it may yet come to hold."""
        return any(self._is_open(question) for question in questions(condition))

    def _is_open(self, question: str) -> bool:
        return question not in self._answers() and self._may_hold(self.protocol.when[question])

    def _may_hold(self, condition: Condition) -> bool:
        """Whether the condition holds, or may once the open questions are answered."""
        match condition:
            case Is(question) | AtLeast(question):
                return self._is_open(question) or holds(condition, self._answers())
            case All(parts):
                return all(self._may_hold(part) for part in parts)
            case Some(parts):
                return any(self._may_hold(part) for part in parts)


def takes(question: Question, value: Value) -> bool:
    """Whether the question can have this value."""
    if value == UNANSWERED:
        return True
    match question.kind:
        case Kind.YES_NO:
            return value in (YES, NO, UNSURE)
        case Kind.CHOICE:
            return value in question.choices
        case Kind.SCALE:
            return isinstance(value, int) and 0 <= value <= SCALE_TOP
        case Kind.DURATION | Kind.COUNT:
            return isinstance(value, int) and value >= 0
