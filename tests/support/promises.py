"""What Charley promises whatever is said: checked after each thing that is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skill.commands.check import SENTENCE_WORDS, longest_sentence
from skill.dialogue.events import Answered, Asked, Coaching, Concluded, EndReason, Event, Said
from skill.language.normalise import UNKNOWN
from skill.triage.condition import certain, holds
from skill.triage.definition import Protocol, Stage
from skill.triage.findings import Findings
from skill.triage.interview import Interview
from skill.triage.model import NO, YES, Answer, Level, Value
from skill.triage.proof import LONGEST
from tests.support.held_conversation import NUMBER, Standing

LEVELS = {level.id: level for level in Level}


@dataclass(frozen=True)
class Spoken:
    """One thing that the person says, and what must come of it."""

    gives: Mapping[str, Value] = field(default_factory=dict)
    """Answers that must stand afterwards."""
    touches: frozenset[str] = frozenset()
    """Questions that it answers without being asked, or wants to be asked again."""
    goes_back: bool = False
    """The last answer must be gone afterwards."""
    starts_over: bool = False
    alarms: bool = False
    stops: bool = False


class Promises:
    """Follows one conversation. Every method raises AssertionError when a promise is broken."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._never = {offer.remedy.id: offer.never for offer in protocol.offers}
        self._moving = {item.question.id for item in protocol.items if item.stage in (Stage.RELIEF, Stage.CLOCK)}
        self._answers: dict[str, Value] = {}
        self._history: tuple[Answer, ...] = ()
        self._open = ""
        """The question that was put last."""
        self._reopened: set[str] = set()
        self._advised: Level | None = None
        self._advice_said = False

    @property
    def level(self) -> Level:
        """What the answers that stand amount to."""
        return Findings(self._protocol, self._answers).level

    def follow(self, spoken: Spoken, entries: Iterable[Event]) -> None:
        """`entries`: all that has happened since something was said the last time."""
        before, put, level = self._answers, self._put(), self.level
        touches = spoken.touches | self._in_place_of(spoken.touches)
        touched = {*touches, *self._moving, self._open}
        self._reopened |= touches
        for entry in entries:
            self._see(entry)
        alarms = {alarm.question for alarm in self._protocol.alarms.values()}
        raised = {question for question in alarms if self._answers.get(question) == YES}
        different = {name for name, value in before.items() if self._answers.get(name) != value}
        changed = different - raised - self._implied()
        if not spoken.goes_back and not spoken.starts_over:
            assert changed <= touched, f"{changed - touched} changed unasked"
            assert changed or self.level >= level, f"the level fell from {level.id} to {self.level.id}"
        if spoken.goes_back:
            assert not put or self._put() < put, "nothing was taken back"
        assert not spoken.starts_over or not self._put(), "an answer outlived the new start"
        for name, value in spoken.gives.items():
            assert self._answers.get(name) == value, f"{name} is {self._answers.get(name)!r}, but {value!r} was said"
        assert not spoken.alarms or self.level is Level.EMERGENCY, "an alarm was lost"
        self._check_flags(self.level)

    def end(self, ended: EndReason | Exception | None, spoken: Spoken) -> None:
        """The conversation is over, after something was said."""
        assert isinstance(ended, EndReason), f"it broke: {ended!r}"
        if ended is EndReason.STOPPED:
            assert spoken.stops, "it ended unasked"
        else:
            assert self._advised is self.level, f"{self._advised} was advised, {self.level.id} stands"
            assert self._advice_said, "the advice was not said"

    def _see(self, entry: Event) -> None:
        match entry:
            case Standing(answers, _):
                self._history = answers
                self._answers = {answer.question: answer.value for answer in answers}
            case Answered(question, value):
                self._answers = {**self._answers, question: value}
                self._reopened.discard(question)
            case Said(prompt, text):
                self._check_words(prompt, text)
                number = self.level is not Level.EMERGENCY or " ".join(NUMBER) in text
                told = (f"levels.{self.level.id}.say", "dialogue.help_coming")
                self._advice_said |= number and prompt in told[: 2 if self.level is Level.EMERGENCY else 1]
            case Asked(question) if question in self._protocol.questions:
                known = self._answers.keys() - self._moving - self._reopened - {self._open}
                assert question not in known, f"{question} is asked although {self._answers[question]!r} is known"
                self._open = question
            case Coaching(remedy):
                assert not holds(self._never[remedy], self._answers), f"{remedy} is coached against an answer"
            case Concluded(level, _, remedies):
                self._advised, self._advice_said = LEVELS[level], False
                self._check_flags(LEVELS[level])
                against = [remedy for remedy in remedies if holds(self._never[remedy], self._answers)]
                assert not against, f"{against} advised against an answer"
                afterwards = (Stage.OFFER, Stage.DOCTOR)
                before = [name for name in self._answers if self._protocol.stages[name] not in afterwards]
                assert len(before) <= LONGEST, f"{len(before)} answers to the advice"

    def _in_place_of(self, touched: frozenset[str]) -> frozenset[str]:
        """The questions that are put to whoever wants to change these, which may not have been put yet."""
        answers = tuple(Answer(name, value) for name, value in self._answers.items())
        standing = Interview(self._protocol, history=answers)
        return frozenset(standing.correctable(name).id for name in touched)

    def _implied(self) -> set[str]:
        """Questions to which a doctor's question has said yes."""
        doctor = self._protocol.doctor
        told = {} if doctor is None else doctor.yes_to
        return {name for name, when in told.items() if self._answers.get(name) == YES and certain(when, self._answers)}

    def _put(self) -> int:
        """How many answers the person gave, replaced ones included."""
        return sum(answer.question not in self._protocol.timed for answer in self._history)

    def _check_flags(self, level: Level) -> None:
        for name, value in self._answers.items():
            flag = self._protocol.questions[name].red_flag
            assert flag is None or value == NO or level >= flag, f"{name} is {value!r}, yet {level.id}"

    @staticmethod
    def _check_words(prompt: str, text: str) -> None:
        assert longest_sentence(text) <= SENTENCE_WORDS, f"{prompt} has a long sentence: {text}"
        assert UNKNOWN not in text, f"{prompt} says {text!r}"
