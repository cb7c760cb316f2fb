"""One earlier cramp: what was answered, and what was advised."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from skill.triage.model import UNANSWERED, Answer, Level, Value


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

    def value(self, question: str) -> Value | None:
        """The answer that counts; None where there is none of use."""
        value = {answer.question: answer.value for answer in self.answers}.get(question)
        return None if value == UNANSWERED else value


def to_json(episodes: Iterable[Episode], summarise: Callable[[Episode], tuple[str, ...]]) -> str:
    """The episodes as a JSON list, readable by a person; `summarise` gives the sentences for a doctor."""
    listed = [
        {
            "id": episode.id,
            "began": episode.began.isoformat(),
            "level": None if episode.level is None else episode.level.id,
            "ended": episode.ended,
            "summary": summarise(episode),
            "answers": [{"question": answer.question, "value": answer.value} for answer in episode.answers],
        }
        for episode in episodes
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
