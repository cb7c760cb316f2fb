"""The vocabulary of triage: frozen values that travel between the rooms."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

#: A yes/no answer, a choice's id, seconds (a duration) or a number (a count, a scale).
Value = str | int

YES: Final = "yes"
NO: Final = "no"
UNSURE: Final = "unsure"
#: Nobody answered, or nobody could be understood: for a red flag this counts as a possible yes.
UNANSWERED: Final = "unanswered"


class Level(IntEnum):
    """How soon the person must be seen, least urgent first; a verdict is the maximum over all rules that fired."""

    SELF_CARE = 0
    SOON = 1
    URGENT = 2
    EMERGENCY = 3

    @property
    def id(self) -> str:
        """The name in protocol files, prompts and events: `self_care`, `soon`, `urgent`, `emergency`."""
        return self.name.lower()


class Kind(StrEnum):
    """What sort of value answers a question."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    DURATION = "duration"
    COUNT = "count"
    SCALE = "scale"


#: The kinds whose value is a number.
AMOUNTS: Final = frozenset({Kind.DURATION, Kind.COUNT, Kind.SCALE})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a clinical statement comes from: a seed file, or a public guideline with its section and date."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to find out. Its wording is the prompt `questions.<id>`, its answers are those of `grammar`."""

    id: str
    kind: Kind
    grammar: str
    choices: tuple[str, ...] = ()
    """For a choice: the ids that its grammar gives. Empty otherwise."""
    red_flag: Level | None = None
    """The level that a yes (or a doubt, or silence) reaches; None for an ordinary question."""
    smaller: tuple[Value, ...] = ()
    """The values that smaller questions offer one by one when the question itself cannot be answered.

    The last one is what remains when all others are denied.
    """
    otherwise: Value | None = None
    """What is taken as answered by a case that does not tell it; None for what raises the level least."""


@dataclass(frozen=True, slots=True)
class RemedyStep:
    """One coached step; its wording is the prompt `remedies.<remedy>.steps[n]`."""

    seconds: int
    """How long the person holds or rests after the instruction, in seconds; 0 to go on at once."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that may ease the cramp, with the steps that coach it."""

    id: str
    steps: tuple[RemedyStep, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired, and the sources that it rests on. Its wording is the prompt `reasons.<rule>`."""

    rule: str
    level: Level
    sources: tuple[str, ...]
    assumed: tuple[str, ...] = ()
    """Questions whose missing or doubtful answer made the rule fire, so that the advice can say so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do now: the level, why, and which remedies fit. The most urgent reasons come first."""

    level: Level
    reasons: tuple[Reason, ...]
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question."""

    question: str
    value: Value


@dataclass(frozen=True, slots=True)
class Coached:
    """A remedy that the person has been told (`opening`: its first step only) or led through."""

    remedy: str
    opening: bool


@dataclass(frozen=True, slots=True)
class Helped:
    """A remedy that eased an earlier cramp."""

    remedy: str
    where: Value
    """What was answered then to the question `Remembrance.alike`: cramps with the same answer are alike."""
    seconds: int
    """From its first instruction until it eased."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Next: put this question."""

    question: Question


@dataclass(frozen=True, slots=True)
class Coach:
    """Next: lead through this remedy. `opening`: say its first step only, the rest comes after more questions."""

    remedy: Remedy
    opening: bool


@dataclass(frozen=True, slots=True)
class Conclude:
    """Next: say the verdict; nothing more needs to be known."""

    verdict: Verdict


Step = Ask | Coach | Conclude
