"""The diary in sentences: for a screen reader, for a pipe, and below the calendar of a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from skill.dialogue.amounts import spoken_span
from skill.dialogue.prompts import Prompts
from skill.reporting.diary import Cramp, Diary
from skill.triage.model import Level


@dataclass(frozen=True)
class DiaryWords:
    """Puts what a diary holds into words. Raises InstallationError where a word is missing."""

    written: Prompts
    spoken: Prompts
    """Names of remedies and times are said as Charley says them."""

    def text(self, prompt: str, **slots: str) -> str:
        """A text of the diary."""
        return self.written.utterance(f"diary.{prompt}", **slots).text

    def overview(self, diary: Diary) -> Iterator[str]:
        """How often, how bad, where, what came before, what eased it and how long; a sentence each."""
        if not diary.cramps:
            yield self._nothing(diary)
            return
        yield self.count(diary)
        if diary.earlier:
            yield self.text("earlier", cramps=self.number("cramps", diary.earlier))
        if diary.pains:
            yield self.pain(diary)
        yield self.where(diary)
        yield self.before(diary)
        yield self.eased(diary)
        if diary.worse:
            yield self.text("worse", list=self._remedies(diary.worse))
        if diary.without_ease:
            yield self.text("not_eased", list=self._remedies(diary.without_ease))
        if diary.lasted:
            usual = self.span(round(median(diary.lasted)))
            yield self.text("lasted", usual=usual, longest=self.span(diary.lasted[-1]))

    def cramps(self, diary: Diary, most: int | None = None) -> Iterator[str]:
        """A line that tells what follows, then a line each, the newest first; `most`: so many of them only."""
        newest = tuple(reversed(diary.cramps))[:most]
        if newest:
            every = len(newest) == len(diary.cramps)
            yield self.text("every") if every else self.text("newest", cramps=self.number("cramps", len(newest)))
        yield from map(self.cramp, newest)

    def cramp(self, cramp: Cramp) -> str:
        """One line."""
        return self.text("cramp", when=self.moment(cramp.began), parts="; ".join(self._parts(cramp)))

    def count(self, diary: Diary) -> str:
        """How many cramps on how many days."""
        return self.text(
            "count",
            span=self.span_of(diary),
            cramps=self.number("cramps", len(diary.cramps)),
            days=self.number("days", len(diary.days)),
            lately=self.number("cramps", diary.lately),
        )

    def pain(self, diary: Diary) -> str:
        """The usual pain and the worst."""
        pains = [pain for _, pain in diary.pains]
        return self.text("pain", usual=str(round(median(pains))), worst=str(max(pains)))

    def where(self, diary: Diary) -> str:
        """The places."""
        return self.text("where", list=self._list("places", diary.places))

    def before(self, diary: Diary) -> str:
        """What came before."""
        listed = self._list("triggers", diary.triggers)
        return self.text("before", list=listed) if listed else self.text("before_untold")

    def eased(self, diary: Diary) -> str:
        """What eased it, how often, and how soon."""
        items = (
            self.text(
                "eased_item",
                name=self.remedy(one.remedy),
                times=self.text("of", part=str(one.eased), whole=str(one.judged)),
                time=self.span(one.seconds),
            )
            for one in diary.easings
        )
        listed = "; ".join(items)
        return self.text("eased", list=listed) if listed else self.text("eased_untold")

    def number(self, what: str, number: int) -> str:
        """So many of something: `cramps`, `days`, `times`."""
        form = {0: "none", 1: "one"}.get(number, "many")
        return self.text(f"{what}.{form}", number=f"{number:,}")

    def date(self, day: date) -> str:
        """A date with its year."""
        return self.text("date", day=str(day.day), month=self.text(f"months.{day.month}"), year=str(day.year))

    def moment(self, moment: datetime) -> str:
        """A date with weekday and time of day."""
        return self.text(
            "moment",
            weekday=self.text(f"weekdays.{moment.weekday()}"),
            day=str(moment.day),
            month=self.text(f"months.{moment.month}"),
            year=str(moment.year),
            time=f"{moment:%H:%M}",
        )

    def span_of(self, diary: Diary) -> str:
        """The time that the diary is about."""
        return self.text("span", first=self.date(diary.first), last=self.date(diary.last))

    def advice(self, level: Level | None) -> str:
        """An advice in short."""
        return self.text(f"advice.{level.id if level is not None else 'none'}")

    def remedy(self, remedy: str) -> str:
        """A remedy as Charley names it; its id where this Charley no longer knows it."""
        name = f"remedies.{remedy}.name"
        return self.spoken.utterance(name).text if self.spoken.has(name) else remedy

    def span(self, seconds: int) -> str:
        """How long something took, to no more than people count."""
        return spoken_span(seconds, self.spoken)

    def named(self, topic: str, value: str) -> str:
        """A `places`, `sides` or `triggers`; the value itself where this Charley no longer knows it."""
        return self.text(f"{topic}.{value}") if self.written.has(f"diary.{topic}.{value}") else value

    def _nothing(self, diary: Diary) -> str:
        if not diary.earlier:
            return self.text("nothing")
        earlier = self.text("earlier", cramps=self.number("cramps", diary.earlier))
        return self.text("nothing_lately", span=self.span_of(diary), earlier=earlier)

    def _list(self, topic: str, counts: tuple[tuple[str, int], ...]) -> str:
        items = (
            self.text("item", name=self.named(topic, value), times=self.number("times", count))
            for value, count in counts
        )
        return "; ".join(items)

    def _remedies(self, counts: tuple[tuple[str, int], ...]) -> str:
        items = (
            self.text("item", name=self.remedy(remedy), times=self.number("times", count)) for remedy, count in counts
        )
        return "; ".join(items)

    def _parts(self, cramp: Cramp) -> Iterator[str]:
        place = self.named("places", cramp.place)
        if cramp.side is None:
            yield self.text("parts.place", place=place)
        else:
            yield self.text("parts.place_side", place=place, side=self.named("sides", cramp.side))
        if cramp.pain is not None:
            yield self.text("parts.pain", pain=str(cramp.pain))
        if cramp.trigger is not None and cramp.trigger != "none":
            yield self.text("parts.trigger", trigger=self.named("triggers", cramp.trigger))
        if cramp.lasted is not None:
            yield self.text("parts.lasted", time=self.span(cramp.lasted))
        if cramp.eased is not None and cramp.eased.seconds is not None:
            name = self.remedy(cramp.eased.remedy)
            yield self.text("parts.eased", name=name, time=self.span(cramp.eased.seconds))
        yield self.text("parts.advice", advice=self.advice(cramp.level))
        for note in cramp.notes:
            yield self.text("parts.note", note=note)
