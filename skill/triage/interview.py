"""One interview: what was answered so far and what to do next. Nothing is stored but the history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from skill.triage.condition import certain, questions
from skill.triage.definition import Advice, Cause, Offer, Protocol, Stage
from skill.triage.findings import Findings
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
    Helped,
    Kind,
    Level,
    Question,
    Step,
    Value,
    Verdict,
)

#: The highest value of a scale.
SCALE_TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Interview:
    """A protocol and a history. Every method returns a value or a new interview; undo only shortens the history."""

    protocol: Protocol
    history: tuple[Answer | Coached, ...] = ()
    known: tuple[Answer, ...] = ()
    """Answers from a profile: never asked again."""
    remembered: tuple[Answer, ...] = ()
    """Answers of earlier conversations: they count once the person has said that nothing has changed."""
    helped: tuple[Helped, ...] = ()
    """What eased earlier cramps. It changes the order in which remedies are led through, and nothing else."""

    def next(self) -> Step:
        """What to do now: relief first, then what still matters, then the verdict. An emergency concludes at once.

        Once a doctor's interview is wanted, what a doctor will ask comes before the verdict is given again.
        """
        findings = self._findings()
        if findings.level is Level.EMERGENCY:
            return Conclude(findings.verdict)
        return (
            self._ask(findings, Stage.FIRST)
            or self._open_relief(findings)
            or self._ask(findings, Stage.DURING)
            or self._relieve(findings)
            or self._ask(findings, Stage.AFTER)
            or self._ask(findings, Stage.DOCTOR)
            or Conclude(findings.verdict)
        )

    def answer(self, question: str, value: Value) -> "Interview":
        """With this answer; it replaces an earlier one to the same question.

        What is told to a doctor's question may say yes to an earlier one too, which then counts as answered so.
        Raises ValueError for an unknown question, or a value that the question cannot take.
        """
        if question not in self.protocol.questions:
            raise ValueError(f"There is no question {question!r}.")
        if not takes(self.protocol.questions[question], value):
            raise ValueError(f"The question {question!r} cannot take the value {value!r}.")
        return replace(self, history=(*self.history, *self._implied(question, value), Answer(question, value)))

    def coached(self, remedy: str, opening: bool) -> "Interview":
        """With the note that this remedy was led through, or its first step said. Raises ValueError if unknown."""
        if remedy not in self.protocol.remedies:
            raise ValueError(f"There is no remedy {remedy!r}.")
        return replace(self, history=(*self.history, Coached(remedy, opening)))

    def undo(self) -> "Interview":
        """Without the person's last answer and what came after it; unchanged when nothing was answered."""
        given = (n for n, entry in enumerate(self.history) if self._was_given(entry))
        last = max(given, default=None)
        return self if last is None else replace(self, history=self.history[:last])

    def correctable(self, question: str) -> Question:
        """The question to put when the person wants to change this answer, or the one that was put in its place."""
        doctor = self.protocol.doctor
        if doctor is None or question in self.answers:
            return self.protocol.questions[question]
        others = (
            *(one for one, other in doctor.instead_of.items() if other == question),
            *(earlier for earlier, when in doctor.yes_to.items() if question in questions(when)),
        )
        not_put = others[0] if others and self.protocol.stages[question] is Stage.DOCTOR else question
        return self.protocol.questions[next((other for other in others if other in self.answers), not_put)]

    def value(self, question: str) -> Value | None:
        """The answer that counts, None when there is none yet."""
        return self.answers.get(question)

    def verdict(self) -> Verdict:
        """The maximum over all rules that fire on the answers so far."""
        return self._findings().verdict

    def causes(self) -> tuple[Cause, ...]:
        """What may lie behind it, the best supported first."""
        return self._findings().causes()

    def plan(self) -> tuple[Advice, ...]:
        """What may prevent the next one, five steps at most."""
        return self._findings().plan()

    def first_aid(self) -> tuple[Advice, ...]:
        """What to do until help comes."""
        return self._findings().first_aid()

    def watch(self) -> tuple[Advice, ...]:
        """What to look out for, and whom to call then."""
        return self._findings().watch()

    def for_the_plan(self) -> tuple[Question, ...]:
        """What only the prevention plan needs, and nobody has told yet."""
        findings = self._findings()
        items = (item for item in self.protocol.items if item.stage is Stage.PLAN)
        return tuple(item.question for item in items if findings.wanted(item.question.id))

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers that count, by question, in the order in which the questions were first answered."""
        found = {entry.question: entry.value for entry in self.known}
        found.update((entry.question, entry.value) for entry in self.history if isinstance(entry, Answer))
        changed = self.protocol.remembrance.changed if self.protocol.remembrance else ""
        if found.get(changed) == NO:
            for entry in self.remembered:
                found.setdefault(entry.question, entry.value)
        return found

    @property
    def cramping(self) -> bool:
        """Whether it cramps now and nothing has eased it yet: while this holds, the clock of the relief runs."""
        answers = self.answers
        return certain(self.protocol.cramping, answers) and answers.get(self.protocol.eased) != YES

    def helped_before(self, remedy: str) -> Helped | None:
        """How this remedy eased the last cramp that was like this one; None where it did not, or another one did."""
        remembrance = self.protocol.remembrance
        where = self.value(remembrance.alike) if remembrance else None
        return next((one for one in self.helped if one.remedy == remedy and one.where == where), None)

    def _helped_first(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """The same offers; of those that are coached, what eased it last time comes first."""
        return tuple(sorted(offers, key=lambda offer: offer.coached and self.helped_before(offer.remedy.id) is None))

    def _was_given(self, entry: Answer | Coached) -> bool:
        """Whether the person answered, not the clock, which would only answer again."""
        return isinstance(entry, Answer) and entry.question not in self.protocol.timed

    def _implied(self, question: str, value: Value) -> tuple[Answer, ...]:
        doctor = self.protocol.doctor
        if doctor is None:
            return ()
        said = {question: value}
        told = (earlier for earlier, when in doctor.yes_to.items() if certain(when, said))
        return tuple(Answer(earlier, YES) for earlier in told if self.value(earlier) != YES)

    def _findings(self) -> Findings:
        return Findings(self.protocol, self.answers)

    def _ask(self, findings: Findings, stage: Stage) -> Ask | None:
        items = (item for item in self.protocol.items if item.stage is stage and findings.wanted(item.question.id))
        return next((Ask(self._renewed(item.question, findings)) for item in items), None)

    def _renewed(self, question: Question, findings: Findings) -> Question:
        """The question, or in its place whether anything has changed, while a remembered answer to it is open."""
        remembrance = self.protocol.remembrance
        if remembrance is None or remembrance.changed in findings.answers:
            return question
        known = any(answer.question == question.id for answer in self.remembered)
        return self.protocol.questions[remembrance.changed] if known else question

    def _open_relief(self, findings: Findings) -> Coach | None:
        """What may be said before the other questions, while it cramps: at once a first step that nothing forbids, and
        the first step of the best remedy as soon as all that forbids it has been asked.
        """
        if not self.cramping:
            return None
        opened = [entry.remedy for entry in self.history if isinstance(entry, Coached)]
        openings = [offer for offer in self._helped_first(findings.unopposed) if offer.opening]
        openings = [offer for offer in openings if offer.remedy.id not in opened]
        if len(opened) == 1:
            openings = [offer for offer in openings if offer.coached][:1]
        elif opened:
            return None
        ready = (offer.remedy for offer in openings if not findings.undecided(offer.never))
        return next((Coach(remedy, opening=True) for remedy in ready), None)

    def _relieve(self, findings: Findings) -> Step | None:
        """One remedy after another, each followed by the question whether it eased, until it did."""
        if not self.cramping:
            return None
        led: list[str] = []
        judged = True
        for entry in self.history:
            if isinstance(entry, Coached) and not entry.opening:
                led.append(entry.remedy)
                judged = False
            elif isinstance(entry, Answer) and entry.question == self.protocol.eased:
                judged = True
        if not judged:
            return Ask(self.protocol.questions[self.protocol.eased])
        if len(led) >= self.protocol.most_coached:
            return None
        offers = self._helped_first(findings.offers)
        fitting = (offer.remedy for offer in offers if offer.coached and offer.remedy.id not in led)
        return next((Coach(remedy, opening=False) for remedy in fitting), None)


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
