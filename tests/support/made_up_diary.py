"""Remembered cramps for the tests of what is made of them."""

from datetime import UTC, datetime, timedelta

from skill.episodes.episode import Effect, Episode, Note, Tried
from skill.triage.model import Answer, Level, Value

#: A Thursday.
TODAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def cramp(
    days_ago: float,
    *tried: Tried,
    level: Level | None = Level.SELF_CARE,
    notes: tuple[str, ...] = (),
    place: str | None = "calf",
    **answers: Value,
) -> Episode:
    """A cramp of the calf, unless told otherwise; without a place it is none."""
    began = TODAY - timedelta(days=days_ago)
    where = {} if place is None else {"place": place}
    told = tuple(Answer(question, value) for question, value in ({"emergency": "no"} | where | answers).items())
    noted = tuple(Note(began, note) for note in notes)
    return Episode(1, began, told, level, True, tried, notes=noted)


#: The oldest first: one before the year, five in it, one that was no cramp.
EPISODES = (
    cramp(400),
    cramp(200, Tried("calf_stretch", Effect.EASED, 30), side="left", worst=8, trigger="exercise", level=Level.SOON),
    cramp(40, Tried("calf_stretch", Effect.EASED, 50), pain=3, worst=5, trigger="exercise", lasts=120),
    cramp(20, Tried("massage", Effect.WORSE, 9), place="foot", trigger="none", level=Level.URGENT),
    cramp(3, Tried("stand_on_it", Effect.NOT_EASED, 60), notes=("it was after football",), side="unanswered"),
    cramp(3.1, place=None),
    cramp(2.9, place="lower_back", level=None, how_long=900),
)
