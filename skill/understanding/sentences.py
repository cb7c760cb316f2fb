"""The road for people as they talk: what the learned reader makes of a sentence, and whether that may be acted on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from skill.language.grammar import Reading
from skill.triage.model import NO, UNSURE, Answer, Kind, Question
from skill.understanding.amounts import read_amount
from skill.understanding.decision import Decision
from skill.understanding.meanings import (
    Alarmed,
    Command,
    Commanded,
    Corrects,
    Digressed,
    Meant,
    Puzzled,
    Trouble,
    Unclear,
    Understanding,
    Wondered,
)
from skill.understanding.phrasebook import EMERGENCY, INTERRUPTING, Phrasebook
from skill.understanding.reader.calibration import Calibration, Evidence, Stake, stake_of
from skill.understanding.reader.labels import AMOUNT, NO_ENTRY, Label, Topic
from skill.understanding.reader.reader import LearnedReading, Reader

#: From this share of all alarms on, a sentence with an alarm's own words is asked back; below it means another thing.
_ALARM_FLOOR: Final = 0.05
#: From here on the reader's own probability counts against a phrase of the grammar.
_CERTAIN: Final = 0.9
#: Words of a story that raises an alarm that are said back at most, and how far apart the parts of it begin.
_SAID_BACK: Final = 12
_PART: Final = 4
#: How likely the reader must hold what was said in passing before it is kept unasked.
_IN_PASSING: Final = 0.85
#: How likely what is no answer must be a question of the person's own before the nearest entries are offered.
_ASKING: Final = 0.3


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and how it came to be known."""

    text: str
    heard: bool
    """Made out by a recogniser; False when it was typed."""
    agreed: float
    """Share of its words that the first hearing had as well, 0..1; 1 for what was typed."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The likeliest meaning, how likely it is, and what to do with it."""

    label: Label
    probability: float
    decision: Decision
    reading: LearnedReading


class SentenceReader:
    """Reads sentences by the learned reader, the amounts in them by rules."""

    def __init__(
        self, reader: Reader, calibration: Calibration, phrasebook: Phrasebook, now: Callable[[], datetime]
    ) -> None:
        """`now`: the time of day where the person is, with its zone."""
        self._reader = reader
        self._calibration = calibration
        self._phrasebook = phrasebook
        self._now = now

    def judge(self, said: Said, question: Question) -> Judgement | None:
        """What `said` means at `question`; None where the reader cannot tell at all."""
        reading = self._reader.read(said.text, question)
        if reading is None:
            return None
        phrases = self._phrasebook.at(question).read(said.text)
        label = reading.best.label
        words = len(said.text.split())
        probability = self._calibration.probability(
            Evidence(reading, words, phrases, question, heard=said.heard, agreed=said.agreed)
        )
        alarm = self._alarm(reading, phrases, probability)
        if alarm is not None:
            return Judgement(alarm[0], probability, alarm[1], reading)
        return Judgement(label, probability, self._decide(label, probability, question), reading)

    def understand(self, said: Said, question: Question) -> Understanding | None:
        """What `said` means at `question`, as far as it may be acted on; None where the reader cannot tell at all."""
        judged = self.judge(said, question)
        if judged is None:
            return None
        label, sure = judged.label, judged.decision is Decision.ACCEPT
        match label.topic:
            case Topic.ALARM if judged.decision is not Decision.REJECT:
                return Alarmed(label.value, self._alarming(said, question), sure=sure)
            case Topic.QUESTION:
                return self._question(said, judged)
            case Topic.COMMAND:
                return _command(Command(label.value), judged, question)
            case Topic.CHANGE if sure:
                return Corrects(label.value)
            case Topic.ANSWER if judged.decision is not Decision.REJECT:
                also = self._told(said, label, question) if sure else ()
                return self._answer(said, label, question, sure=sure, also=also)
            case _:
                return self._otherwise(said, judged, question)

    def denies(self, phrases: Reading, said: Said, question: Question) -> bool:
        """Whether the reader is certain that `said` answers `question` otherwise than the phrase grammar reads it."""
        values = {str(sense.value) for sense in phrases.senses if sense.topic == question.grammar}
        reading = self._reader.read(said.text, question) if values else None
        if reading is None or question.kind not in (Kind.YES_NO, Kind.CHOICE):
            return False
        best = reading.best
        return best.probability >= _CERTAIN and best.label.topic is Topic.ANSWER and best.label.value not in values

    def in_passing(self, said: Said, question: Question) -> tuple[Answer, ...]:
        """What is told beside it in answer to other questions, where the phrases and the reader agree on it."""
        return tuple(
            answer
            for other, answer in self._phrasebook.mentioned(said.text, question)
            if (reading := self._reader.read(said.text, other)) is not None
            and reading.best.label == Label(Topic.ANSWER, str(answer.value), other.id)
            and reading.best.probability >= _IN_PASSING
        )

    def _told(self, said: Said, label: Label, question: Question) -> tuple[Answer, ...]:
        """The same, but for a no: what it names it may deny ("my chest is fine")."""
        return () if label.value == NO else self.in_passing(said, question)

    def _decide(self, label: Label, probability: float, question: Question) -> Decision:
        limits = self._calibration.limits[stake_of(label, question)]
        if probability >= limits.accept:
            return Decision.ACCEPT
        return Decision.CONFIRM if probability >= limits.confirm else Decision.REJECT

    def _alarm(self, reading: LearnedReading, phrases: Reading, probability: float) -> tuple[Label, Decision] | None:
        """The alarm to heed, and how. Its own words in a sentence are asked back unless the reader is against it."""
        share = _share(reading)
        named = [str(sense.value) for sense in phrases.senses if sense.topic == EMERGENCY]
        limits = self._calibration.limits[Stake.ALARM]
        if reading.best.label.topic is Topic.ALARM:
            sure = probability >= limits.accept or bool(named and share >= limits.accept)
            if sure or share >= limits.confirm:
                return reading.best.label, Decision.ACCEPT if sure else Decision.CONFIRM
        if named and share >= _ALARM_FLOOR:
            return Label(Topic.ALARM, named[0]), Decision.CONFIRM
        return None

    def _alarming(self, said: Said, question: Question) -> str:
        """What is said back of an alarm: the part of a story that raises it, so that help is not kept waiting."""
        words = said.text.split()
        begins = range(0, max(1, len(words) - _SAID_BACK + _PART), _PART)
        parts = [" ".join(words[begin : begin + _SAID_BACK]) for begin in begins]
        return max(parts, key=lambda part: _share(self._reader.read(part, question))) if len(parts) > 1 else said.text

    def _answer(
        self, said: Said, label: Label, question: Question, *, sure: bool, also: tuple[Answer, ...]
    ) -> Understanding:
        if label.value != AMOUNT:
            return Meant(label.value, sure, also)
        amount = read_amount(said.text, question, self._now())
        if amount is None:
            return Digressed(also) if also else Unclear(Trouble.NO_MATCH)
        return Meant(amount.value, sure and amount.sure, also)

    def _question(self, said: Said, judged: Judgement) -> Understanding:
        sure = judged.decision is Decision.ACCEPT
        if judged.label.value == NO_ENTRY:
            return Puzzled(said.text, () if sure else _nearest(judged.reading))
        return Wondered(judged.label.value) if sure else Puzzled(said.text, _nearest(judged.reading))

    def _otherwise(self, said: Said, judged: Judgement, question: Question) -> Understanding:
        """No answer to the question; what it tells of others is kept all the same."""
        also = self._told(said, judged.label, question)
        if also and judged.label.topic is not Topic.ASIDE:
            return Digressed(also)
        if judged.reading.asking >= _ASKING:
            return Puzzled(said.text, _nearest(judged.reading))
        near = judged.decision is Decision.REJECT and judged.label.topic is Topic.ANSWER
        return Unclear(Trouble.LOW_CONFIDENCE if near else Trouble.NO_MATCH)


def _nearest(reading: LearnedReading) -> tuple[str, ...]:
    """The entries that a question of the person's own may be about."""
    return tuple(guess.label.value for guess in reading.entries)


def _share(reading: LearnedReading | None) -> float:
    """What all alarms together have of the probability."""
    guesses = reading.guesses if reading else ()
    return sum(guess.probability for guess in guesses if guess.label.topic is Topic.ALARM)


def _command(command: Command, judged: Judgement, question: Question) -> Understanding:
    """A doubtful command is none, but for those that only ask for a pause or another hearing."""
    if command is Command.DONT_KNOW and question.kind is Kind.YES_NO:
        return Meant(UNSURE, sure=True)
    harmless = command in INTERRUPTING and command is not Command.STOP
    if judged.decision is Decision.ACCEPT or (harmless and judged.probability >= 0.5):
        return Commanded(command)
    return Unclear(Trouble.LOW_CONFIDENCE)
