"""The moments of the conversation that differ in what may be said."""

from collections.abc import Mapping

from skill.language.grammar import Grammar
from skill.triage.loader import load_protocol
from skill.triage.model import Question
from skill.understanding.moments import HOLD
from skill.understanding.phrasebook import Phrasebook


def moments() -> Mapping[str, Grammar]:
    """By the topic that is asked for: the grammar that is open then. The first question with a topic stands for all."""
    protocol = load_protocol()
    phrasebook = Phrasebook(protocol)
    first: dict[str, Question] = {}
    for question in (*protocol.questions.values(), HOLD):
        first.setdefault(question.grammar, question)
    return {topic: phrasebook.at(question) for topic, question in first.items()}
