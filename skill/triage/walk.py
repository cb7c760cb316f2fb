"""Plays a whole interview with given answers: the proof, the simulated patients and the tests walk through it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from skill.triage.definition import Stage
from skill.triage.interview import Interview
from skill.triage.model import Answer, Ask, Coach, Coached, Conclude, Question, Step, Value, Verdict

#: Far more steps than any interview has; reached only when an interview never ends.
_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Walk:
    """An interview that has come to its verdict."""

    steps: tuple[tuple[Interview, Step], ...]
    """Every step, with the interview as it was when the step was due."""
    end: Interview
    verdict: Verdict

    @property
    def count(self) -> int:
        """How many answers the advice needed; those for a doctor come after it."""
        return len(self._answered) - self.collected

    @property
    def collected(self) -> int:
        """How many answers were given to what only a doctor needs."""
        stages = self.end.protocol.stages
        return sum(stages[answer.question] is Stage.DOCTOR for answer in self._answered)

    @property
    def coached(self) -> tuple[Coached, ...]:
        """The remedies led through, openings included."""
        return tuple(entry for entry in self.end.history if isinstance(entry, Coached))

    @property
    def _answered(self) -> tuple[Answer, ...]:
        return tuple(entry for entry in self.end.history if isinstance(entry, Answer))


def walk(interview: Interview, respond: Callable[[Question], Value]) -> Walk:
    """Answer every question by `respond` and follow every remedy. Raises RuntimeError when there is no end."""
    steps: list[tuple[Interview, Step]] = []
    for _ in range(_STEPS):
        step = interview.next()
        steps.append((interview, step))
        match step:
            case Ask(question):
                interview = interview.answer(question.id, respond(question))
            case Coach(remedy, opening):
                interview = interview.coached(remedy.id, opening)
            case Conclude(verdict):
                return Walk(tuple(steps), interview, verdict)
    raise RuntimeError(f"The interview does not end: {interview.history}")
