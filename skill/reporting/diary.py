"""The diary: a year of remembered cramps, counted; every picture and every text of it is drawn from this."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from statistics import median
from typing import Final

from skill.episodes.episode import Effect, Episode, Tried
from skill.triage.model import UNANSWERED, Level

#: Weeks of a diary, the present one included.
WEEKS: Final = 53
#: Days that count as lately, as in the follow-up.
LATELY: Final = timedelta(days=30)
#: The questions whose answers a diary shows: of thousands of episodes only these are read.
QUESTIONS: Final = ("place", "side", "pain", "worst", "trigger", "how_long", "lasts")


@dataclass(frozen=True, slots=True)
class Cramp:
    """One cramp, as a diary shows it."""

    began: datetime
    """Where the person is."""
    place: str
    side: str | None
    pain: int | None
    """0 to 10, the worst that was told."""
    trigger: str | None
    """What came before; "none" where nothing special did."""
    lasted: int | None
    """Seconds, where the person told them."""
    tried: tuple[Tried, ...]
    eased: Tried | None
    level: Level | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day with at least one cramp."""

    cramps: tuple[Cramp, ...]

    @property
    def pain(self) -> int | None:
        """The worst of the day that was told."""
        return max((cramp.pain for cramp in self.cramps if cramp.pain is not None), default=None)

    @property
    def level(self) -> Level | None:
        """The most urgent advice of the day."""
        return max((cramp.level for cramp in self.cramps if cramp.level is not None), default=None)


@dataclass(frozen=True, slots=True)
class Easing:
    """How often a remedy eased a cramp."""

    remedy: str
    eased: int
    judged: int
    """How often it was tried and the person told how it went."""
    seconds: int
    """The median of the times it took."""


@dataclass(frozen=True)
class Diary:
    """Cramps from the Monday `first` to the day `last`, the oldest first."""

    first: date
    last: date
    cramps: tuple[Cramp, ...]
    earlier: int
    """How many there were before `first`."""

    @cached_property
    def days(self) -> Mapping[date, Day]:
        """The days with cramps."""
        found: dict[date, list[Cramp]] = {}
        for cramp in self.cramps:
            found.setdefault(cramp.began.date(), []).append(cramp)
        return {day: Day(tuple(cramps)) for day, cramps in found.items()}

    @property
    def lately(self) -> int:
        """Cramps of the last thirty days."""
        return sum(self.last - cramp.began.date() < LATELY for cramp in self.cramps)

    @property
    def pains(self) -> tuple[tuple[datetime, int], ...]:
        """When how much pain was told."""
        return tuple((cramp.began, cramp.pain) for cramp in self.cramps if cramp.pain is not None)

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """How often each place cramped, the most frequent first."""
        return tuple(Counter(cramp.place for cramp in self.cramps).most_common())

    @property
    def sides(self) -> Mapping[tuple[str, str | None], int]:
        """The same by place and side."""
        return Counter((cramp.place, cramp.side) for cramp in self.cramps)

    @property
    def triggers(self) -> tuple[tuple[str, int], ...]:
        """How often each thing came before, the most frequent first."""
        return tuple(Counter(cramp.trigger for cramp in self.cramps if cramp.trigger is not None).most_common())

    @property
    def lasted(self) -> tuple[int, ...]:
        """Seconds of the cramps of which it is known, the shortest first."""
        return tuple(sorted(cramp.lasted for cramp in self.cramps if cramp.lasted is not None))

    @cached_property
    def easings(self) -> tuple[Easing, ...]:
        """The remedies that eased a cramp, the most frequent first."""
        found = []
        for remedy, effects in self._effects.items():
            seconds = [tried.seconds for tried in effects if tried.effect is Effect.EASED and tried.seconds is not None]
            if seconds:
                found.append(Easing(remedy, len(seconds), len(effects), round(median(seconds))))
        return tuple(sorted(found, key=lambda easing: -easing.eased))

    @property
    def worse(self) -> tuple[tuple[str, int], ...]:
        """The remedies that made a cramp worse, and how often."""
        return self._counted(Effect.WORSE)

    @property
    def without_ease(self) -> tuple[tuple[str, int], ...]:
        """The remedies that did nothing and never eased one, and how often."""
        eased = {easing.remedy for easing in self.easings}
        return tuple(one for one in self._counted(Effect.NOT_EASED) if one[0] not in eased)

    @cached_property
    def _effects(self) -> Mapping[str, list[Tried]]:
        found: dict[str, list[Tried]] = {}
        for tried in (tried for cramp in self.cramps for tried in cramp.tried if tried.effect is not None):
            found.setdefault(tried.remedy, []).append(tried)
        return found

    def _counted(self, effect: Effect) -> tuple[tuple[str, int], ...]:
        counts = {remedy: sum(one.effect is effect for one in tried) for remedy, tried in self._effects.items()}
        return tuple((remedy, count) for remedy, count in Counter(counts).most_common() if count)


def first_day(last: date) -> date:
    """The Monday with which the year begins that ends with this day."""
    return last - timedelta(days=last.weekday(), weeks=WEEKS - 1)


def diary_of(episodes: Iterable[Episode], today: date, zone: tzinfo | None, earlier: int = 0) -> Diary:
    """The year that ends `today`, or with a later cramp where the clock has been set back since.

    `episodes`: the oldest first; a conversation that ended before the place was known is no cramp. `zone`: where the
    person is, None for this machine's. `earlier`: cramps that are not among the episodes, because they are older.
    """
    cramps = [cramp for episode in episodes if (cramp := _cramp(episode, zone)) is not None]
    last = max(today, cramps[-1].began.date()) if cramps else today
    first = first_day(last)
    shown = tuple(cramp for cramp in cramps if cramp.began.date() >= first)
    return Diary(first, last, shown, earlier + len(cramps) - len(shown))


def _cramp(episode: Episode, zone: tzinfo | None) -> Cramp | None:
    counted = {answer.question: answer.value for answer in episode.answers}
    told = {question: value for question, value in counted.items() if value != UNANSWERED}
    place = told.get("place")
    if place is None:
        return None
    return Cramp(
        episode.began.astimezone(zone),
        str(place),
        _text(told.get("side")),
        _most(told.get("pain"), told.get("worst")),
        _text(told.get("trigger")),
        _most(told.get("how_long"), told.get("lasts")),
        episode.tried,
        episode.eased_by,
        episode.level,
        tuple(note.text for note in episode.notes),
    )


def _text(value: str | int | None) -> str | None:
    return value if isinstance(value, str) else None


def _most(*values: str | int | None) -> int | None:
    return max((value for value in values if isinstance(value, int)), default=None)
