"""What came of something that somebody said, beside what it means."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from skill.triage.loader import load_protocol
from skill.triage.model import NO, UNSURE, YES, Answer, Kind, Level, Question
from skill.understanding.meanings import (
    Alarmed,
    Command,
    Commanded,
    Corrects,
    Digressed,
    Meant,
    Puzzled,
    Understanding,
    Wondered,
)
from skill.understanding.reader.labels import NO_ENTRY
from training.examples.loader import Example

#: A duration is right within this share of it.
_SLACK: Final = 0.1
_LEAST_SLACK: Final = 5.0


class Outcome(StrEnum):
    """What Charley would do with it."""

    RIGHT = "right at once"
    """Acted on as it was meant; nobody's answer: nothing was done."""
    ASKED = "asked back, right"
    """The right meaning stands in the question, or the right entry is one of the two offered."""
    REJECTED = "not understood"
    ASKED_WRONG = "asked back, wrong"
    WRONG = "wrong"
    """Acted on as something else."""


@dataclass
class Tally:
    """What came of many."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    flags: int = 0
    """Answers that say yes to a red flag, or raise an alarm."""
    missed: int = 0
    """Those that were acted on as a no."""
    calm: int = 0
    """Those without yes, doubt or alarm at a red flag, and without alarm elsewhere."""
    invented: int = 0
    """Those that were acted on as an emergency."""

    def add(self, example: Example, question: Question, understood: Understanding) -> None:
        """Count one."""
        self.outcomes[outcome(example, question, understood)] += 1
        grave = is_grave(example, question)
        self.flags += grave
        self.missed += grave and understood == Meant(NO, sure=True, also=_also(understood))
        doubt = question.red_flag is not None and example.meaning == UNSURE
        self.calm += not grave and not doubt
        self.invented += not grave and not doubt and _acts_on_emergency(question, understood)

    def share(self, *outcomes: Outcome) -> float:
        """Per cent."""
        return 100 * sum(self.outcomes[one] for one in outcomes) / max(1, self.outcomes.total())


def is_grave(example: Example, question: Question) -> bool:
    """Whether it says yes to a red flag, or is an alarm."""
    return example.meaning.startswith("alarm:") or (question.red_flag is not None and example.meaning == YES)


def outcome(example: Example, question: Question, understood: Understanding) -> Outcome:
    """What came of `example`, said at `question`."""
    if example.nobodys:
        return _of_nobody(understood)
    topic, colon, name = example.meaning.partition(":")
    if not colon:
        return _of_answer(example.meaning, question, understood)
    match understood:
        case Alarmed(sure=sure) if topic == "alarm":
            return _as(sure=sure, right=True)
        case Meant(value, sure):
            doubt = name == Command.DONT_KNOW and value == UNSURE
            return _as(sure=sure, right=doubt or (topic == "alarm" and _says_yes(name, question, value)))
        case Commanded(command) if topic == "command":
            return _as(sure=True, right=command == name)
        case Corrects(changed) if topic == "change":
            return _as(sure=True, right=changed == name)
        case Wondered(entry) if topic == "question":
            return _as(sure=True, right=entry == name)
        case Puzzled(_, entries) if topic == "question":
            if name == NO_ENTRY and not entries:
                return Outcome.RIGHT
            return Outcome.ASKED if name in entries else Outcome.REJECTED
        case _:
            return _otherwise(understood)


def _of_nobody(understood: Understanding) -> Outcome:
    """Whoever talks to somebody else wants no reply."""
    match understood:
        case Meant(sure=sure) | Alarmed(sure=sure):
            return _as(sure=sure, right=False)
        case Commanded() | Wondered() | Corrects() | Digressed():
            return Outcome.WRONG
        case Puzzled():
            return Outcome.ASKED_WRONG
        case _:
            return Outcome.RIGHT


def _of_answer(meaning: str, question: Question, understood: Understanding) -> Outcome:
    match understood:
        case Meant(value, sure):
            return _as(sure=sure, right=_same(meaning, value, question))
        case Alarmed(alarm, _, sure):
            right = meaning == YES and _says_yes(alarm, question, YES)
            return _as(sure=sure, right=right)
        case _:
            return _otherwise(understood)


def _otherwise(understood: Understanding) -> Outcome:
    """Where what was understood is of another kind than what was meant."""
    match understood:
        case Alarmed(sure=sure):
            return _as(sure=sure, right=False)
        case Commanded() | Wondered() | Corrects():
            return Outcome.WRONG
        case _:
            return Outcome.REJECTED


def _as(*, sure: bool, right: bool) -> Outcome:
    if right:
        return Outcome.RIGHT if sure else Outcome.ASKED
    return Outcome.WRONG if sure else Outcome.ASKED_WRONG


def _same(meaning: str, value: object, question: Question) -> bool:
    if question.kind is Kind.DURATION and meaning.isdecimal():
        return abs(int(meaning) - float(str(value))) <= max(_LEAST_SLACK, _SLACK * int(meaning))
    return str(value) == meaning


def _says_yes(alarm: str, question: Question, value: object) -> bool:
    """Whether the alarm is a yes to this very question, and `value` that yes."""
    return value == YES and load_protocol().alarms[alarm] == Answer(question.id, YES)


def _also(understood: Understanding) -> tuple[Answer, ...]:
    return understood.also if isinstance(understood, Meant) else ()


def _acts_on_emergency(question: Question, understood: Understanding) -> bool:
    match understood:
        case Alarmed(sure=True):
            return True
        case Meant(value, sure=True):
            return question.red_flag is Level.EMERGENCY and value == YES
        case _:
            return False
