"""What somebody may mean: an answer, a command, an alarm, a question of their own, or nothing of use."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from skill.triage.model import Answer, Value


class Command(StrEnum):
    """What a person may say at any question; the values of the grammar `command`."""

    REPEAT = "repeat"
    BACK = "back"
    STOP = "stop"
    HELP = "help"
    WHY = "why"
    WAIT = "wait"
    GO_ON = "go_on"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    SKIP = "skip"
    BRIEF = "brief"
    EXPLAIN = "explain"
    START_OVER = "start_over"
    DONT_KNOW = "dont_know"
    FORGET = "forget"
    SUMMARY = "summary"
    HOW_OFTEN = "how_often"
    WHAT_HELPED = "what_helped"
    NOTE = "note"
    REPORT = "report"


#: The commands that the diary obeys. They are sentences, which the learned reader does not know.
DIARY: Final = frozenset({Command.HOW_OFTEN, Command.WHAT_HELPED, Command.NOTE, Command.REPORT})


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody spoke."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The microphone or the input has ended for good."""


class Trouble(StrEnum):
    """Why a try failed; each has its own prompts `dialogue.repair.<trouble>`."""

    SILENCE = "silence"
    NO_MATCH = "no_match"
    """Somebody spoke, but it was nothing that may be said here."""
    LOW_CONFIDENCE = "low_confidence"
    """It may have been an answer, too unsure even to ask back."""
    AMBIGUOUS = "ambiguous"
    """Answers that contradict each other, such as yes and no in one breath."""
    DENIED = "denied"
    """What was asked back was not what the person had said."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody spoke, but it was no answer, no command and no alarm."""

    trouble: Trouble = Trouble.NO_MATCH


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer; `sure` is False where a mistake would matter and the recogniser was in doubt."""

    value: Value
    sure: bool
    also: tuple[Answer, ...] = ()
    """What was said beside it in answer to other questions."""


@dataclass(frozen=True, slots=True)
class Digressed:
    """No answer to the question, but answers to others: volunteered, or corrected."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Corrects:
    """The wish to answer an earlier question once more."""

    question: str


@dataclass(frozen=True, slots=True)
class Wondered:
    """One of the questions that a person may ask: an entry of the grammar `faq`."""

    entry: str


@dataclass(frozen=True, slots=True)
class Puzzled:
    """A question that no entry is sure to answer."""

    question: str
    nearest: tuple[str, ...] = ()
    """Entries that may be meant, the likeliest first; empty where nothing but shared words can tell."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """One of the commands."""

    command: Command


@dataclass(frozen=True, slots=True)
class Noted:
    """The command `note`, with what is to be written down in the same breath."""

    text: str


@dataclass(frozen=True, slots=True)
class Alarmed:
    """An emergency phrase: `alarm` is its value in the grammar, `text` the words made out."""

    alarm: str
    text: str
    sure: bool


Understanding = (
    Silent | Gone | Unclear | Meant | Digressed | Corrects | Wondered | Puzzled | Commanded | Noted | Alarmed
)
