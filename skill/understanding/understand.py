"""From what was heard to what was meant: an answer, a command, an alarm, or nothing of use."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from skill.language.grammar import Reading
from skill.language.normalise import UNKNOWN
from skill.listening.ear import Ending, Heard
from skill.triage.model import NO, UNSURE, YES, Answer, Kind, Level, Question, Value
from skill.understanding.amounts.answering import with_amount
from skill.understanding.decision import Decision, Thresholds, decide
from skill.understanding.faq import may_be_question, opens_as_question
from skill.understanding.phrasebook import CHANGE, COMMANDS, EMERGENCY, FAQ, INTERRUPTING, Phrasebook


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
    """A question, typed, that no grammar knows."""

    question: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """One of the commands."""

    command: Command


@dataclass(frozen=True, slots=True)
class Alarmed:
    """An emergency phrase: `alarm` is its value in the grammar, `text` the words made out."""

    alarm: str
    text: str
    sure: bool


#: Commands with which a cry for help may begin: "wait, I can't breathe".
_MAY_GO_ON: Final = frozenset({Command.HELP, Command.STOP, Command.WAIT})

Understanding = Silent | Gone | Unclear | Meant | Digressed | Corrects | Wondered | Puzzled | Commanded | Alarmed


def understand(
    heard: Heard, question: Question, phrasebook: Phrasebook, thresholds: Thresholds, now: datetime
) -> Understanding:
    """Read what was heard as an answer to `question`. `now`: the time of day where the person is, with its zone.

    An emergency phrase wins over everything, an answer over a command, but for "no, change the place". A yes to an
    emergency question is sure at any confidence that is not rejected, because it is acted on at once and can be taken
    back by voice.
    """
    if heard.ending is not Ending.SPEECH:
        return Gone() if heard.ending is Ending.CLOSED else Silent()
    reading = phrasebook.at(question).read(heard.text)
    if not opens_as_question(heard.text):
        reading = with_amount(reading, heard.text, question, now)
    alarms = [sense for sense in reading.senses if sense.topic == EMERGENCY]
    if alarms:
        reading = replace(reading, senses=(alarms[0],))
    elif _is_unknown_question(heard.text, reading):
        return Puzzled(heard.text)
    decision = decide(heard, reading, thresholds)
    if decision is Decision.REJECT:
        return Unclear(_trouble(reading))
    if alarms:
        return Alarmed(str(alarms[0].value), heard.words, sure=decision is Decision.ACCEPT)
    by_topic = {sense.topic: sense.value for sense in reading.senses}
    certain = decision is Decision.ACCEPT
    also = tuple(
        Answer(phrasebook.asides[topic], value)
        for topic, value in by_topic.items()
        if certain and topic in phrasebook.asides and topic != question.grammar
    )
    if certain and (also or question.grammar in by_topic):
        also += phrasebook.in_passing(heard.text, question)
    changes = CHANGE in by_topic and certain and not also
    if question.grammar in by_topic and not (changes and by_topic[question.grammar] == NO):
        value = by_topic[question.grammar]
        grave = question.red_flag is Level.EMERGENCY and value in (YES, UNSURE)
        return Meant(value, certain or grave, also)
    if COMMANDS in by_topic:
        command = Command(str(by_topic[COMMANDS]))
        return _command(command, question, sure=certain, alone=UNKNOWN not in heard.text.split())
    if changes:
        return Corrects(str(by_topic[CHANGE]))
    if FAQ in by_topic and certain and not also:
        return Wondered(str(by_topic[FAQ]))
    return Digressed(also) if also else Unclear()


def is_complete(text: str, question: Question, phrasebook: Phrasebook) -> bool:
    """Whether a partial transcript is one whole, unambiguous thing to act on before the speaker's pause is over.

    A "no" to a red flag is not: more may follow it.
    """
    sense = phrasebook.at(question).read(text).sole
    if sense is None:
        return False
    if sense.topic == question.grammar:
        return question.red_flag is None or sense.value in (YES, UNSURE)
    return sense.topic == EMERGENCY or (sense.topic == COMMANDS and sense.value not in _MAY_GO_ON)


def _is_unknown_question(text: str, reading: Reading) -> bool:
    """Asking "should I worry about my calf" says nothing of where it is, but "yes, is that bad?" is a yes."""
    return not reading.complete and (opens_as_question(text) or (not reading.senses and may_be_question(text)))


def _trouble(reading: Reading) -> Trouble:
    if not reading.senses:
        return Trouble.NO_MATCH
    topics = [sense.topic for sense in reading.senses]
    return Trouble.LOW_CONFIDENCE if len(topics) == len(set(topics)) else Trouble.AMBIGUOUS


def _command(command: Command, question: Question, *, sure: bool, alone: bool) -> Understanding:
    """A doubtful command is none, but for those that only ask for a pause or another hearing, said by themselves."""
    if command is Command.DONT_KNOW and question.kind is Kind.YES_NO:
        return Meant(UNSURE, sure=True)
    return Commanded(command) if sure or (alone and command in INTERRUPTING) else Unclear(Trouble.LOW_CONFIDENCE)
