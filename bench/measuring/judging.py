"""What the program would do with what was heard, and whether that is right."""

from enum import StrEnum
from typing import Final

from skill.language.grammar import Grammar, Sense
from skill.listening.ear import Ending, Heard, Phrase
from skill.understanding.decision import Decision, Thresholds, decide
from skill.understanding.phrasebook import EMERGENCY

#: Answers to one question that must never be taken for one another.
_OPPOSITES: Final = (
    {"yes", "no"},
    {"cramp", "over"},
    {"left", "right"},
    {"better", "worse"},
    {"better", "same"},
    {"gone", "same"},
    {"gone", "worse"},
)


class Outcome(StrEnum):
    """What comes of one clip."""

    RIGHT = "right"
    """Accepted with the meaning that was said."""
    ASKED = "asked back"
    REJECTED = "rejected"
    WRONG = "wrong"
    """Accepted with another meaning, or though nothing was said to Charley."""
    OPPOSITE = "opposite"
    """Wrong, and the worst way: yes for no, better for worse, an alarm lost."""
    ALARM = "false alarm"
    """Taken for an emergency, though nothing was said to Charley."""


WRONG: Final = (Outcome.WRONG, Outcome.OPPOSITE, Outcome.ALARM)
"""Accepted, and should not have been."""


def heard_as(text: str, confidence: float) -> Heard:
    """A transcript as one phrase."""
    return Heard(Ending.SPEECH, (Phrase(text, confidence),) if text else ())


def judge(heard: Heard, said: str | None, grammar: Grammar, thresholds: Thresholds) -> Outcome:
    """Compare what was heard with what was said; None: nothing that was meant for Charley."""
    reading = grammar.read(heard.text)
    match decide(heard, reading, thresholds):
        case Decision.REJECT:
            return Outcome.REJECTED
        case Decision.CONFIRM:
            return Outcome.ASKED
        case Decision.ACCEPT:
            if said is None:
                return Outcome.ALARM if _is_alarm(reading.senses) else Outcome.WRONG
            meant = grammar.read(said).senses
            if reading.senses == meant:
                return Outcome.RIGHT
            return Outcome.OPPOSITE if _opposite(meant, reading.senses) else Outcome.WRONG


def _opposite(meant: tuple[Sense, ...], heard: tuple[Sense, ...]) -> bool:
    if _is_alarm(meant):
        return not _is_alarm(heard)
    return any(m.topic == h.topic and {m.value, h.value} in _OPPOSITES for m in meant for h in heard)


def _is_alarm(senses: tuple[Sense, ...]) -> bool:
    return any(sense.topic == EMERGENCY for sense in senses)
