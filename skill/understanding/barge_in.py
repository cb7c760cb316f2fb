"""What of an answer counts that is said while the question is still being spoken.

It must be a whole answer that is accepted outright, in words that the question does not contain, lest Charley answers
itself. A yes or a doubt at a red flag goes up; a no may deny only what was heard so far, so it waits for the end.
"""

from typing import Final

from skill.language.grammar import Grammar, Sense
from skill.language.normalise import normalise
from skill.language.shipped import load_grammar
from skill.listening.ear import Heard, Turn
from skill.triage.model import UNSURE, YES, Kind, Question
from skill.understanding.decision import Thresholds
from skill.understanding.phrasebook import YES_NO, Phrasebook

#: Words that prompts are full of: they tell neither that somebody answered nor that Charley said it.
_SMALL: Final = frozenset(
    {"a", "am", "and", "did", "do", "has", "have", "i", "in", "is", "it", "my", "of", "the", "to"}
)
#: Letters from which on two words of which one begins with the other count as one: "toe" and "toes".
_STEM: Final = 3


def while_asking(question: Question, spoken: str, phrasebook: Phrasebook, thresholds: Thresholds) -> Turn:
    """What is listened for while `spoken` puts `question`: what may interrupt at any time, and its own answers.

    The recogniser hears the answers that do not count as well, lest it take them for some that do.
    """
    grammar, early = phrasebook.while_asking(question), early_answers(question, spoken)

    def interrupts(text: str) -> bool:
        return any(sense.topic != question.grammar for sense in grammar.read(text).senses)

    def answers(heard: Heard) -> bool:
        return heard.confidence >= thresholds.accept and early.read(heard.text).sole is not None

    return Turn("interruption", grammar, 0.0, complete=interrupts, answers=answers)


def early_answers(question: Question, spoken: str) -> Grammar:
    """The answers to `question` that count before it has been heard to its end."""
    grammar = load_grammar(question.grammar)
    prompt = _telling(normalise(spoken))
    sentences = {
        sentence: sense
        for sentence, sense in grammar.sentences.items()
        if _may_come_early(question, sentence, sense) and _is_foreign(_telling(sentence), prompt)
    }
    return Grammar("early", sentences, grammar.fillers, grammar.spellings)


def _may_come_early(question: Question, sentence: str, sense: Sense) -> bool:
    """A yes or a no between the choices may mean any of them."""
    if question.kind is Kind.YES_NO:
        return question.red_flag is not None and sense.value in (YES, UNSURE)
    return sentence not in load_grammar(YES_NO).sentences


def _telling(text: str) -> frozenset[str]:
    return frozenset(text.split()) - _SMALL


def _is_foreign(words: frozenset[str], prompt: frozenset[str]) -> bool:
    """Whether there are words, and none of them is in the prompt."""
    return bool(words) and not any(_alike(word, spoken) for word in words for spoken in prompt)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _STEM and long.startswith(short))
