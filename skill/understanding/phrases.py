"""The fast road: short usual answers, which are whole phrases of a grammar."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from skill.language.grammar import Reading
from skill.language.normalise import UNKNOWN
from skill.listening.ear import Heard
from skill.triage.model import NO, UNSURE, YES, Answer, Kind, Level, Question
from skill.understanding.amounts.answering import with_amount
from skill.understanding.decision import Decision, Thresholds, decide
from skill.understanding.faq import may_be_question, opens_as_question
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
from skill.understanding.phrasebook import CHANGE, COMMANDS, EMERGENCY, FAQ, INTERRUPTING, Phrasebook

#: Phrases of the longest speech that raises an alarm by itself: in longer talk some are made out that nobody said.
_ALONE: Final = 2
#: Commands with which a cry for help may begin: "wait, I can't breathe".
_MAY_GO_ON: Final = frozenset({Command.HELP, Command.STOP, Command.WAIT})


def by_phrases(
    heard: Heard, question: Question, phrasebook: Phrasebook, thresholds: Thresholds, now: datetime
) -> Understanding:
    """Read speech as an answer to `question`, by the phrases that may be said there. `now`: the time, with its zone.

    An emergency phrase wins over everything, an answer over a command, but for "no, change the place". A yes to an
    emergency question needs less to be sure, because it is acted on at once and can be taken back by voice; below its
    own floor it is asked back.
    """
    reading = phrasebook.at(question).read(heard.text)
    if not opens_as_question(heard.text):
        reading = with_amount(reading, heard.text, question, now)
    alarms = [sense for sense in reading.senses if sense.topic == EMERGENCY]
    if alarms:
        reading = replace(reading, senses=(alarms[0],))
    elif _is_unknown_question(heard.text, reading):
        return Puzzled(heard.text)
    decision = decide(heard, reading, thresholds, question)
    if decision is Decision.REJECT:
        return Unclear(_trouble(reading))
    if alarms:
        alone = heard.typed or len(heard.phrases) <= _ALONE
        return Alarmed(str(alarms[0].value), heard.words, sure=decision is Decision.ACCEPT and alone)
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
        grave = question.red_flag is Level.EMERGENCY and value in (YES, UNSURE) and heard.confidence >= thresholds.grave
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
