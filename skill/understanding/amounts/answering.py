"""Amounts beside the phrase grammar: where one is asked for, what this package reads counts before its phrases."""

from dataclasses import replace
from datetime import datetime

from skill.language.grammar import Reading, Sense
from skill.language.normalise import UNKNOWN
from skill.language.numbers import split_words
from skill.triage.model import AMOUNTS, Question
from skill.understanding.amounts.quantity import strange_rows
from skill.understanding.amounts.reading import read_amount
from skill.understanding.amounts.words import amount_words


def with_amount(reading: Reading, text: str, question: Question, now: datetime) -> Reading:
    """`reading`, what the phrase grammar makes of `text`, with the amount that `text` says in answer to `question`.

    Where none is read, only a whole phrase of the grammar answers, never a part of what was said or a row of numbers:
    999 is no nine.
    """
    own = [sense for sense in reading.senses if sense.topic == question.grammar]
    if question.kind not in AMOUNTS or (reading.complete and not own):
        return reading
    others = tuple(sense for sense in reading.senses if sense.topic != question.grammar)
    amount = read_amount(text, question, now)
    if amount is None:
        return reading if reading.complete and not _names_a_number(text) else replace(reading, senses=others)
    whole = reading.complete or (amount.sure and UNKNOWN not in text.split())
    return Reading((*others, Sense(question.grammar, amount.value)), whole)


def _names_a_number(text: str) -> bool:
    """Whether there are digits or rows of numbers in it, such as 999, that the reader of amounts left."""
    return any(character.isdigit() for character in text) or bool(strange_rows(split_words(text), amount_words()))
