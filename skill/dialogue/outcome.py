"""How a question or a coached step can end."""

from dataclasses import dataclass
from enum import Enum, auto

from skill.triage.model import Answer, Value


@dataclass(frozen=True, slots=True)
class Given:
    """The question has a value, which may be UNANSWERED."""

    value: Value
    also: tuple[Answer, ...] = ()
    """Answers to other questions, said in the same breath."""
    skipped: bool = False
    """Whether somebody chose not to answer, so that the person is there."""


@dataclass(frozen=True, slots=True)
class Digression:
    """Other questions were answered, not this one."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """An earlier question is to be put once more."""

    question: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An emergency phrase was said: its value in the grammar, and the words heard."""

    alarm: str
    text: str


class Turnaround(Enum):
    """The person wants to be elsewhere, or is gone, or there is none."""

    BACK = auto()
    START_OVER = auto()
    SUMMARY = auto()
    STOP = auto()
    CLOSED = auto()
    NOBODY = auto()
    """Nobody ever was there: what woke Charley was no call."""


Outcome = Given | Digression | Correction | Alarm | Turnaround
