"""The meanings that the reader tells apart, and which of them a question leaves open."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from skill.triage.model import AMOUNTS, NO, UNSURE, YES, Kind, Question


class Topic(StrEnum):
    """What sort of thing somebody said."""

    ANSWER = "answer"
    """A value of the question that was asked."""
    COMMAND = "command"
    ALARM = "alarm"
    CHANGE = "change"
    """The wish to answer an earlier question anew; the value is its id."""
    QUESTION = "question"
    """A question of the person's own; the value is an entry of the prompts `faq`, or NO_ENTRY."""
    ASIDE = "aside"
    """Nobody's answer: said to somebody else, read aloud, mumbled."""


#: A question of the person's own that no entry answers.
NO_ENTRY: Final = "-"
#: The value of an answer to a question about a duration, a count or a scale: rules read the number itself.
AMOUNT: Final = "amount"


@dataclass(frozen=True, slots=True)
class Label:
    """One meaning. `question`: the choice that alone has it as an answer; empty for all others."""

    topic: Topic
    value: str
    question: str = ""

    @property
    def name(self) -> str:
        """How it is written in `labels.txt`: `answer:yes`, `answer:place=calf`, `alarm:breathing`, `aside:`."""
        return f"{self.topic}:{self.question}={self.value}" if self.question else f"{self.topic}:{self.value}"

    @classmethod
    def named(cls, name: str) -> "Label":
        """The label that is written as `name`. Raises ValueError for a topic that is none."""
        topic, _, value = name.partition(":")
        question, equals, choice = value.partition("=")
        return cls(Topic(topic), choice, question) if equals else cls(Topic(topic), value)

    def is_open_at(self, question: Question) -> bool:
        """Whether an answer to `question` can mean this."""
        if self.topic is not Topic.ANSWER:
            return True
        if self.question:
            return question.kind is Kind.CHOICE and self.question == question.id
        if self.value == AMOUNT:
            return question.kind in AMOUNTS
        return question.kind is Kind.YES_NO


ASIDE: Final = Label(Topic.ASIDE, "")
POLARITY: Final = tuple(Label(Topic.ANSWER, value) for value in (YES, NO, UNSURE))
ANY_AMOUNT: Final = Label(Topic.ANSWER, AMOUNT)
