"""A loaded protocol: what is asked and when, which rules raise the level, which remedies fit whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from skill.triage.condition import Condition, questions
from skill.triage.model import Answer, Level, Question, Remedy, Source


class Stage(StrEnum):
    """When a question has its turn."""

    FIRST = "first"
    """Before any remedy or movement."""
    DURING = "during"
    """While the person holds the first step of a remedy."""
    RELIEF = "relief"
    """After each remedy."""
    AFTER = "after"
    """When relief is over, or was not needed."""
    OFFER = "offer"
    """Once, when the advice has been said; not by the interview itself."""
    DOCTOR = "doctor"
    """After the advice, whether or not the answer can change it."""
    PLAN = "plan"
    """When the prevention plan is wanted; not by the interview itself."""
    RENEWAL = "renewal"
    """In place of the first question whose answer is remembered."""
    CLOCK = "clock"
    """Never put: the clock of the relief or the memory of earlier cramps answers it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its turn. Items are asked in the order of the file, and only while `when` holds."""

    question: Question
    stage: Stage
    when: Condition


@dataclass(frozen=True)
class Rule:
    """When its condition holds, the level is at least `level`. No rule can lower the level that another one gives."""

    id: str
    level: Level
    when: Condition
    sources: tuple[str, ...]

    @cached_property
    def looks_at(self) -> frozenset[str]:
        """The questions that its condition tests."""
        return questions(self.when)


@dataclass(frozen=True)
class Offer:
    """A remedy, for whom it is, and for whom never."""

    remedy: Remedy
    fits: Condition
    never: Condition
    up_to: Level
    """The highest level at which it is still offered."""
    coached: bool
    """Whether it is led through step by step while it cramps, or only named in the advice."""
    opening: bool
    """Whether its first step is said before the remaining questions; if it is not coached, that is all of it."""

    @cached_property
    def looks_at(self) -> frozenset[str]:
        """The questions that decide whether it is given."""
        return questions(self.fits) | questions(self.never)


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that may lie behind the cramp: never a diagnosis. Its wording is the prompt `causes.<id>`."""

    id: str
    supports: tuple[Condition, ...]
    """Each holds for one kind of answer that speaks for it."""
    sources: tuple[str, ...]
    supported_by: tuple[str, ...] = ()
    """The questions whose answers speak for it in an interview."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to be told to those whom it concerns. Its wording is a prompt of this id in the file of its kind."""

    id: str
    when: Condition
    never: Condition
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoctorsInterview:
    """What a doctor will ask: collected after the advice, read back, corrected."""

    offer: str
    """The question whose yes begins it."""
    confirmed: str
    """The last question: whether all was read back rightly."""
    offered_at: tuple[Level, ...]
    """After the advice of these levels it is offered."""
    sources: tuple[str, ...]
    read_back: tuple[str, ...]
    """The questions whose answers are read back, in this order."""
    unless_denied: frozenset[str]
    """Those of them that are left out where the answer is no."""
    instead_of: Mapping[str, str]
    """Questions that are not put where another one, which asks for the same, is answered."""
    yes_to: Mapping[str, Condition]
    """When an answer meets the condition, it says yes to this earlier question as well."""


@dataclass(frozen=True, slots=True)
class ReliefLimit:
    """A cramp that outlasts `seconds` of relief answers `question` with yes, by the clock."""

    seconds: int
    question: str


@dataclass(frozen=True, slots=True)
class Remembrance:
    """What is remembered of a person from one conversation to the next."""

    changed: str
    """The question whose plain no keeps what is remembered; with any other answer everything is asked anew."""
    kept: tuple[str, ...]
    """Questions about what does not change from night to night."""
    denied: tuple[str, ...]
    """Questions that this no denies as well, where they were not answered with yes before."""
    alike: str
    """The question whose answer tells which cramps are alike: what eased one is tried first at the next."""


@dataclass(frozen=True)
class Protocol:
    """Everything that `skill/triage/protocol/` says, cross-checked."""

    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    offers: tuple[Offer, ...]
    causes: tuple[Cause, ...]
    prevention: tuple[Advice, ...]
    """Steps of a plan, the most fitting first; prompts `prevention.<id>`."""
    first_aid: tuple[Advice, ...]
    """What to do until help comes, said with the level emergency; prompts `first_aid.<id>`."""
    watch: tuple[Advice, ...]
    """What to look out for and whom to call then, said at the end of every lower level; prompts `watch.<id>`."""
    sources: Mapping[str, Source]
    cited: Mapping[str, tuple[str, ...]]
    """The sources of texts that belong to nothing above, by prompt: answers to people's questions, levels, numbers."""
    alarms: Mapping[str, Answer]
    """What an emergency phrase stands for, by its value in the grammar `emergency`."""
    help_coming: str | None
    """The alarm that says that help has been called: nobody is told to call again."""
    signs: Mapping[str, Answer]
    """What a word said during a hold stands for, by its value in the grammar `coaching`."""
    cramping: Condition
    """When urgent relief is wanted."""
    passed: Condition
    """When it is told in passing that the cramp is over, so that what was tried last has eased it."""
    eased: str
    """The question after each remedy; yes ends the relief."""
    most_coached: int
    """So many remedies are coached at most."""
    most_remedies: int
    """So many remedies are named in the advice at most."""
    relief_limit: ReliefLimit | None
    """None where nothing is relieved, as in a follow-up."""
    doctor: DoctorsInterview | None
    """None where nothing is collected, as in a follow-up."""
    remembrance: Remembrance | None
    """None where nothing is remembered, as in a follow-up."""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions by id, in the order of asking."""
        return {item.question.id: item.question for item in self.items}

    @cached_property
    def stages(self) -> Mapping[str, Stage]:
        """When each question has its turn."""
        return {item.question.id: item.stage for item in self.items}

    @cached_property
    def remedies(self) -> Mapping[str, Remedy]:
        """All remedies by id, the preferred ones first."""
        return {offer.remedy.id: offer.remedy for offer in self.offers}

    @cached_property
    def when(self) -> Mapping[str, Condition]:
        """Under which condition each question is asked."""
        return {item.question.id: item.when for item in self.items}

    @cached_property
    def timed(self) -> frozenset[str]:
        """The questions that nobody is asked: a clock or the memory answers them."""
        return frozenset(item.question.id for item in self.items if item.stage is Stage.CLOCK)

    @cached_property
    def explaining(self) -> frozenset[str]:
        """The questions that causes and the prevention plan look at."""
        supports = (condition for cause in self.causes for condition in cause.supports)
        steps = (condition for step in self.prevention for condition in (step.when, step.never))
        return frozenset[str]().union(*(questions(condition) for condition in (*supports, *steps)))

    @cached_property
    def opens(self) -> Mapping[str, frozenset[str]]:
        """For each question, itself and every question that its answer may bring up."""
        found: dict[str, frozenset[str]] = {}
        for item in reversed(self.items):
            own = item.question.id
            later = (found[name] for name, when in self.when.items() if name in found and own in questions(when))
            found[own] = frozenset({own}).union(*later)
        return found
