"""The labels of the examples: what the reader learns to tell apart."""

from skill.triage.model import AMOUNTS, Kind
from skill.understanding.reader.labels import ANY_AMOUNT, ASIDE, POLARITY, Label, Topic
from training.examples.loader import Example
from training.examples.meanings import Meanings


def all_labels(meanings: Meanings) -> tuple[Label, ...]:
    """Every answer of every question, and what may be said at any, in a fixed order."""
    choices = [
        Label(Topic.ANSWER, choice, question.id)
        for question in meanings.questions.values()
        if question.kind is Kind.CHOICE
        for choice in question.choices
    ]
    besides = [Label(Topic(topic), name) for topic, names in meanings.besides.items() for name in sorted(names)]
    return (*POLARITY, ANY_AMOUNT, ASIDE, *choices, *besides)


def label_of(example: Example, meanings: Meanings) -> Label:
    """What an example means."""
    question = meanings.questions[example.question]
    if ":" in example.meaning:
        return Label.named(example.meaning)
    if example.nobodys:
        return ASIDE
    if question.kind in AMOUNTS:
        return ANY_AMOUNT
    if question.kind is Kind.YES_NO:
        return Label(Topic.ANSWER, example.meaning)
    return Label(Topic.ANSWER, example.meaning, question.id)
