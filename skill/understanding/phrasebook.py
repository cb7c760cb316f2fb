"""Which phrases are open at which moment of the conversation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from skill.language.grammar import Grammar, Sense
from skill.language.normalise import UNKNOWN, normalise
from skill.language.shipped import load_grammar
from skill.triage.definition import Protocol, Stage
from skill.triage.model import AMOUNTS, Answer, Kind, Question

#: Grammars that are open at every question, beside its own answers.
COMMANDS = "command"
EMERGENCY = "emergency"
#: "Change the place": its values are the ids of questions.
CHANGE = "change"
#: Questions that a person may ask: its values are the entries of the prompts `faq`.
FAQ = "faq"
#: What may be said during a hold.
COACHING = "coaching"
YES_NO = "yes_no"
#: The command to write something down.
NOTE = "note"

#: Commands that break in while Charley speaks.
INTERRUPTING = frozenset({"stop", "wait", "repeat", "help"})
#: How many times likelier than the other things that may be said, of which there are more than a thousand, an answer to
#: the question is: in its usual words, in others. The usual commands and emergency phrases lie between.
USUAL_ANSWER: Final = 30
OTHER_ANSWER: Final = 5
USUAL_COMMAND: Final = 5
#: The same of speech that is none of these: the more it can be mistaken for, the likelier it must be.
STRANGE: Final = 54
#: Digits of an emergency number that is dialled even where an amount is asked for: "15" may be an answer there.
_NO_AMOUNT: Final = 3
#: Words of somebody who speaks of himself, or calls.
_OWN_WORDS = frozenset({"i", "i'm", "i've", "my", "call"})


class Phrasebook:
    """The grammars of one protocol."""

    def __init__(self, protocol: Protocol, emergency_number: str = "") -> None:
        """`emergency_number`: digits that are an alarm here beside those of the grammar; empty for none."""
        emergency = load_grammar(EMERGENCY)
        self.emergency = emergency.with_telephone(emergency_number) if emergency_number else emergency
        """The emergency phrases."""
        self._questions = protocol.questions
        self.asides: Mapping[str, str] = _sole_questions(protocol)
        """By topic: the choice question that alone has this grammar, and may be answered at any other one."""
        self._details: Mapping[str, str] = _sole_questions(protocol, for_doctor=True)
        self._open: dict[Question, Grammar] = {}

    def everything(self) -> frozenset[str]:
        """Every phrase of every moment: what the recogniser must be able to hear."""
        topics = {question.grammar for question in self._questions.values()}
        topics |= {YES_NO, COMMANDS, CHANGE, FAQ, COACHING}
        return frozenset(self.emergency.phrases).union(*(load_grammar(topic).phrases for topic in topics))

    def at(self, question: Question) -> Grammar:
        """What may be said at `question`: its answers, commands, emergency phrases, answers to other questions, and
        questions of the person's own.
        """
        if question not in self._open:
            self._open[question] = self._at(question)
        return self._open[question]

    def to_be_noted(self, text: str) -> str:
        """What follows the command to write it down: "note that it was after football"; empty where that is not so."""
        words = normalise(text)
        openings = (f"{one} " for one, sense in load_grammar(COMMANDS).sentences.items() if sense.value == NOTE)
        return words.removeprefix(max((one for one in openings if words.startswith(one)), key=len, default=words))

    def mentioned(self, text: str, question: Question) -> tuple[tuple[Question, Answer], ...]:
        """The choice questions, but for this one, that exactly one unmistakable phrase in `text` answers."""
        found = (*_mentioned(self.asides, text, question), *_mentioned(self._details, text, question))
        return tuple((self._questions[answer.question], answer) for answer in found)

    def in_passing(self, text: str, question: Question) -> tuple[Answer, ...]:
        """What an answer to `question` tells beside it to the questions that only a doctor asks: "my left calf"."""
        return tuple(_mentioned(self._details, text, question))

    def _at(self, question: Question) -> Grammar:
        """Of two meanings the one named first here wins."""
        answers = load_grammar(question.grammar).expected(USUAL_ANSWER, OTHER_ANSWER)
        emergency = self.emergency
        if question.kind in AMOUNTS:
            emergency = replace(emergency, telephones=emergency.telephones.of_length(_NO_AMOUNT))
        always = [grammar.expected(USUAL_COMMAND, 1) for grammar in (load_grammar(COMMANDS), emergency)]
        if question.id not in self._questions:
            return _beside_strange_speech(answers.union(*always))
        asides = [self._aside(topic, question) for topic in self.asides if topic != question.grammar]
        return _beside_strange_speech(answers.union(*always, self._changes(), *asides, load_grammar(FAQ)))

    def _aside(self, topic: str, question: Question) -> Grammar:
        """Answers to another question; all of them when it is this one in smaller steps ("is it your calf?")."""
        grammar = load_grammar(topic)
        return grammar.expected(OTHER_ANSWER, 1) if self.asides[topic] == question.id else unmistakable(topic)

    def _changes(self) -> Grammar:
        """How to change an earlier answer, for the questions of this protocol."""
        change = load_grammar(CHANGE)
        sentences = {sentence: sense for sentence, sense in change.sentences.items() if sense.value in self._questions}
        return replace(change, sentences=sentences)

    def interrupting(self) -> Grammar:
        """The few phrases that are heard while Charley speaks; no prompt may contain one: `charley check`.

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
            for sentence, sense in self.emergency.sentences.items()
            if not _OWN_WORDS.isdisjoint(sentence.split())
        }
        return Grammar("interrupting", {**commands, **alarms})

    def while_asking(self, question: Question) -> Grammar:
        """What is heard while Charley puts `question`: its answers, and as likely what interrupts at any time."""
        answers = load_grammar(question.grammar).expected(USUAL_ANSWER, OTHER_ANSWER)
        return _beside_strange_speech(answers.union(self.interrupting().expected(1, USUAL_ANSWER)))


def _mentioned(others: Mapping[str, str], text: str, question: Question) -> Iterator[Answer]:
    """What exactly one unmistakable phrase in `text` answers; `others`: by topic, the ids of questions."""
    for topic, other in others.items():
        senses = unmistakable(topic).read(text).senses if topic != question.grammar else ()
        if len(senses) == 1:
            yield Answer(other, senses[0].value)


def _beside_strange_speech(grammar: Grammar) -> Grammar:
    return replace(grammar, weights={**grammar.weights, UNKNOWN: STRANGE})


def _sole_questions(protocol: Protocol, *, for_doctor: bool = False) -> dict[str, str]:
    choices = [
        item.question
        for item in protocol.items
        if item.question.kind is Kind.CHOICE and (item.stage is Stage.DOCTOR) is for_doctor
    ]
    grammars = [question.grammar for question in choices]
    return {question.grammar: question.id for question in choices if grammars.count(question.grammar) == 1}


@cache
def unmistakable(topic: str) -> Grammar:
    """The sentences of two words or more that are no plain yes or no: what may be said where nobody asked for it."""
    grammar = load_grammar(topic)
    general = load_grammar(YES_NO).sentences
    sentences: dict[str, Sense] = {
        sentence: sense for sentence, sense in grammar.sentences.items() if " " in sentence and sentence not in general
    }
    return Grammar(grammar.name, sentences, grammar.fillers, grammar.spellings)
