"""From what was heard to what was meant: an answer, a command, an alarm, or nothing of use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from skill.listening.decision import Decision, Thresholds, decide
from skill.listening.ear import Ending, Heard
from skill.listening.grammar import Grammar, Sense, load_grammar
from skill.triage.definition import Protocol
from skill.triage.model import UNSURE, YES, Kind, Level, Question, Value

#: Grammars that are open at every question, beside its own answers.
COMMANDS = "command"
EMERGENCY = "emergency"
#: What may be said during a hold.
COACHING = "coaching"


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


#: Commands that break in while Charley speaks.
INTERRUPTING = frozenset({Command.STOP, Command.WAIT, Command.REPEAT, Command.HELP})


#: Words of somebody who speaks of himself, or calls.
_OWN_WORDS = frozenset({"i", "i'm", "i've", "my", "call"})


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody spoke."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The microphone or the input has ended for good."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Somebody spoke, but it was no answer, no command and no alarm."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer; `sure` is False where a mistake would matter and the recogniser was in doubt."""

    value: Value
    sure: bool


@dataclass(frozen=True, slots=True)
class Commanded:
    """One of the commands."""

    command: Command


@dataclass(frozen=True, slots=True)
class Alarmed:
    """An emergency phrase: `alarm` is its value in the grammar, `text` the words heard."""

    alarm: str
    text: str
    sure: bool


Understanding = Silent | Gone | Unclear | Meant | Commanded | Alarmed


def answer_grammar(name: str) -> Grammar:
    """The grammar `name` with everything else that may be said at a question."""
    return load_grammar(name).union(load_grammar(COMMANDS), load_grammar(EMERGENCY))


def all_phrases(protocol: Protocol) -> frozenset[str]:
    """Everything that may be said at any moment of a conversation: what the recogniser must be able to hear."""
    topics = {question.grammar for question in protocol.questions.values()} | {COMMANDS, EMERGENCY, COACHING}
    return frozenset().union(*(load_grammar(topic).phrases for topic in topics))


def interrupting_grammar() -> Grammar:
    """The few phrases that are heard while Charley speaks; no prompt may contain one, see `skill/check.py`.

    Of the commands those that have their name in them ("please stop", not "enough"); of the emergency phrases those
    that a person says of himself ("my chest hurts", not "chest pain"), because prompts must name the signs too.
    """
    commands = {
        sentence: sense
        for sentence, sense in load_grammar(COMMANDS).sentences.items()
        if sense.value in INTERRUPTING and sense.value in sentence.split()
    }
    alarms = {
        sentence: sense
        for sentence, sense in load_grammar(EMERGENCY).sentences.items()
        if not _OWN_WORDS.isdisjoint(sentence.split())
    }
    return Grammar("interrupting", {**commands, **alarms})


def understand(heard: Heard, grammar: Grammar, question: Question, thresholds: Thresholds) -> Understanding:
    """Read what was heard as an answer to `question`.

    An emergency phrase wins over everything; a command over an answer. A yes to an emergency question is sure at any
    confidence that is not rejected, because it is acted on at once and can be taken back by voice.
    """
    if heard.ending is not Ending.SPEECH:
        return Gone() if heard.ending is Ending.CLOSED else Silent()
    reading = grammar.read(heard.text)
    alarms = [sense for sense in reading.senses if sense.topic == EMERGENCY]
    if alarms:
        reading = replace(reading, senses=(alarms[0],))
    decision = decide(heard, reading, thresholds)
    if decision is Decision.REJECT:
        return Unclear()
    if alarms:
        return Alarmed(str(alarms[0].value), heard.text, sure=decision is Decision.ACCEPT)
    by_topic = _by_topic(reading.senses)
    values = by_topic.get(question.grammar, ())
    if COMMANDS in by_topic and not values:
        return _command(Command(str(by_topic[COMMANDS][0])), question, sure=decision is Decision.ACCEPT)
    if len(values) != 1:
        return Unclear()
    sure = decision is Decision.ACCEPT or (question.red_flag is Level.EMERGENCY and values[0] in (YES, UNSURE))
    return Meant(values[0], sure)


def is_complete(text: str, grammar: Grammar, question: Question) -> bool:
    """Whether a partial transcript is already one whole, unambiguous answer to `question`."""
    reading = grammar.read(text)
    by_topic = _by_topic(reading.senses)
    return reading.complete and list(by_topic) == [question.grammar] and len(by_topic[question.grammar]) == 1


def _by_topic(senses: tuple[Sense, ...]) -> Mapping[str, tuple[Value, ...]]:
    """The distinct values of each topic, in the order said."""
    found: dict[str, dict[Value, None]] = {}
    for sense in senses:
        found.setdefault(sense.topic, {})[sense.value] = None
    return {topic: tuple(values) for topic, values in found.items()}


def _command(command: Command, question: Question, *, sure: bool) -> Understanding:
    """A doubtful command is none, but for those that only ask for a pause or another hearing."""
    if command is Command.DONT_KNOW and question.kind is Kind.YES_NO:
        return Meant(UNSURE, sure=True)
    return Commanded(command) if sure or command in INTERRUPTING else Unclear()
