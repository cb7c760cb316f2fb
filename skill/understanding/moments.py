"""The moments of a conversation that are no question of a protocol, and the questions that there are in all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from skill.language.shipped import load_grammar
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import Kind, Question
from skill.understanding.phrasebook import COACHING, YES_NO

#: Whether Charley heard right.
CONFIRM: Final = Question("confirm", Kind.YES_NO, YES_NO)
#: Whether something more is wanted.
OFFER: Final = Question("offer", Kind.YES_NO, YES_NO)
#: What may be said during a hold.
HOLD: Final = Question("coaching", Kind.CHOICE, COACHING)


def every_question() -> Mapping[str, Question]:
    """By id: the questions of both protocols, and the moments. Raises InstallationError."""
    questions = dict(load_protocol(resources.FOLLOWUP).questions) | dict(load_protocol().questions)
    signs = {str(sense.value) for sense in load_grammar(COACHING).sentences.values()}
    moments = (CONFIRM, OFFER, replace(HOLD, choices=tuple(sorted(signs))))
    return questions | {moment.id: moment for moment in moments}
