"""One earlier cramp: what was answered, what was tried against it, what was advised, and what was noted later."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from skill.triage.model import UNANSWERED, Answer, Level, Value


class Effect(StrEnum):
    """What a remedy did."""

    EASED = "eased"
    NOT_EASED = "not_eased"
    WORSE = "worse"
    """It hurt, or made it worse."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A remedy that the person was told or led through."""

    remedy: str
    effect: Effect | None
    """None while nobody has said."""
    seconds: int | None
    """From its first instruction until its effect was told; None while nobody has said."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the person had written down about the cramp, in the person's own words."""

    noted: datetime
    """UTC, to the second."""
    text: str


@dataclass(frozen=True, slots=True)
class Episode:
    """A conversation about one cramp. A dataclass like everything that travels between rooms."""

    id: int
    began: datetime
    """UTC, to the second."""
    answers: tuple[Answer, ...]
    """In the order in which they were given; the last one to a question counts."""
    level: Level | None
    """The advice; None when none was given."""
    ended: bool
    """False while the conversation runs, and for ever when it was cut off."""
    tried: tuple[Tried, ...] = ()
    """In the order in which they were begun."""
    reasons: tuple[str, ...] = ()
    """The rules behind the advice, the most urgent first; none in what an older Charley has kept."""
    remedies: tuple[str, ...] = ()
    """The remedies named in the advice."""
    notes: tuple[Note, ...] = ()
    """The oldest first."""

    def value(self, question: str) -> Value | None:
        """The answer that counts; None where there is none of use."""
        value = {answer.question: answer.value for answer in self.answers}.get(question)
        return None if value == UNANSWERED else value

    @property
    def eased_by(self) -> Tried | None:
        """What eased it; None where nothing did, or nobody said."""
        return next((tried for tried in reversed(self.tried) if tried.effect is Effect.EASED), None)


def to_json(episodes: Iterable[Episode], summarise: Callable[[Episode], tuple[str, ...]]) -> str:
    """The episodes as a JSON list, readable by a person; `summarise` gives the sentences for a doctor."""
    listed = [
        {
            "id": episode.id,
            "began": episode.began.isoformat(),
            "level": None if episode.level is None else episode.level.id,
            "ended": episode.ended,
            "summary": summarise(episode),
            "answers": [asdict(answer) for answer in episode.answers],
            "tried": [asdict(tried) for tried in episode.tried],
            "reasons": episode.reasons,
            "remedies": episode.remedies,
            "notes": [{"noted": note.noted.isoformat(), "text": note.text} for note in episode.notes],
        }
        for episode in episodes
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
