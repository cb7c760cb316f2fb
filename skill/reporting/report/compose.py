"""Composes the report of what is remembered: what a doctor wants to know, on one page."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from importlib import metadata
from typing import Final

from skill.reporting.report.document import Blanks, Block, Document, Facts, Listing, Paragraph, Section, Table
from skill.reporting.report.history import Told
from skill.reporting.report.picture import weeks
from skill.reporting.report.wording import Wording
from skill.triage.definition import Protocol
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Level, Value

#: So many cramps are listed one by one, unless the page is too short for them.
ROWS: Final = 12
#: So many reasons are told for each advice, and so many remedies.
MOST_REASONS: Final = 3
MOST_REMEDIES: Final = 6
#: So many notes are told, the newest.
MOST_NOTES: Final = 3
LATELY: Final = timedelta(days=30)

_ASKED: Final = ("began", "how_often", "lasts", "worst", "twitch_time", "person")
_MEDICINES: Final = ("medicines", "new_medicine", "statin", "conditions", "background")
#: A doctor asks these of everybody; the others stand in the report only where they were answered.
_ALWAYS: Final = frozenset({"began", "how_often", "lasts", "worst", "medicines", "new_medicine", "conditions"})
#: Shorter tables, tried one after the other until the report fits one page.
SHORTER: Final = (ROWS, 9, 6, 4)
_DOUBTS: Final = (UNSURE, UNANSWERED)


def compose(told: tuple[Told, ...], protocol: Protocol, wording: Wording, now: datetime, rows: int = ROWS) -> Document:
    """The report on `told`, the oldest first, one at least; `rows` of them are listed one by one."""
    return _Composer(told, protocol, wording, now).document(rows)


class _Composer:
    def __init__(self, told: tuple[Told, ...], protocol: Protocol, wording: Wording, now: datetime) -> None:
        self._told = told
        self._protocol = protocol
        self._words = wording
        self._now = now
        self._tried = Counter(effect.remedy for one in told for effect in one.tried)
        self._named = Counter(remedy for one in told for remedy in one.remedies)

    def document(self, rows: int) -> Document:
        text, first, last = self._words.text, self._told[0].began, self._told[-1].began
        sections: tuple[tuple[str, Iterable[Block]], ...] = (
            ("person", [Blanks(self._words.texts("person"))]),
            ("summary", [Paragraph(f"{self._cramps()} {self._worst_advice()}")]),
            ("episodes", self._episodes(rows)),
            ("asked", [Facts(tuple(self._facts(_ASKED, self._asked)))]),
            ("flags", [Listing(tuple(self._flags()))]),
            (
                "medicines",
                [Facts(tuple(self._facts(_MEDICINES, self._asked_once))), Blanks((text("by_hand"),))],
            ),
            ("advice", self._advice()),
            ("sources", [Listing(self._sources())]),
        )
        return Document(
            text("title"),
            text(
                "lead",
                made=self._words.day(self._now),
                version=metadata.version("charley"),
                first=self._words.day(first),
                last=self._words.day(last),
            ),
            tuple(Section(name, text(f"headings.{name}"), tuple(blocks)) for name, blocks in sections),
            text("closing"),
        )

    def _cramps(self) -> str:
        """How many, where, how bad."""
        words, told = self._words, self._told
        places = Counter(str(one.answers["place"]) for one in told if one.given("place"))
        pains = [int(one.answers[name]) for one in told for name in ("pain", "worst") if one.given(name)]
        named = (
            words.text("summary.place", place=self._answer("place", place), count=str(count))
            for place, count in places.most_common()
        )
        return words.text(
            "summary.cramps." + ("one" if len(told) == 1 else "many"),
            count=str(len(told)),
            first=words.day(told[0].began),
            last=words.day(told[-1].began),
            recent=str(sum(self._now - one.began <= LATELY for one in told)),
            places=words.joined(named, by=", ") or words.text("not_told"),
            worst=words.text("summary.worst", pain=str(max(pains))) if pains else "",
        )

    def _worst_advice(self) -> str:
        level = max((one.level for one in self._told if one.level is not None), default=None)
        if level is None:
            return self._words.text("summary.none")
        times = [one for one in self._told if one.level is level]
        form = "once" if len(times) == 1 else "often"
        when = self._words.text(f"summary.when.{form}", count=str(len(times)), last=self._words.day(times[-1].began))
        return self._words.text("summary.advice", level=self._words.text(f"summary.levels.{level.id}"), when=when)

    def _episodes(self, rows: int) -> Iterator[Block]:
        yield self._table(rows)
        yield weeks(self._told, self._words)
        yield Paragraph(self._words.text("picture.key"))
        noted = [(one, note) for one in self._told for note in one.notes][-MOST_NOTES:]
        if noted:
            yield Listing(
                tuple(
                    self._words.text("note", date=self._words.day(one.began), note=note.text)
                    for one, note in reversed(noted)
                )
            )

    def _table(self, rows: int) -> Table:
        names = ("began", "place", "happening", "lasted", "pain", "trigger", "eased", "advice")
        shown = self._told[-rows:]
        form = "all" if len(shown) == len(self._told) else "newest"
        return Table(
            self._words.text(f"caption.{form}", shown=str(len(shown)), count=str(len(self._told))),
            tuple(self._words.text(f"columns.{name}") for name in names),
            tuple(self._row(one) for one in reversed(shown)),
        )

    def _row(self, one: Told) -> tuple[str, ...]:
        side = f", {self._answer('side', one.answers['side'])}" if one.given("side") else ""
        return (
            self._words.moment(one.began),
            self._cell(one, "place") + side,
            self._cell(one, "happening"),
            self._cell(one, "how_long", "lasts"),
            self._cell(one, "pain", "worst"),
            self._cell(one, "trigger"),
            self._eased(one),
            self._words.text(f"levels.{one.level.id if one.level is not None else 'none'}"),
        )

    def _eased(self, one: Told) -> str:
        """By what, and after how long; else whether at all."""
        if one.eased_by is None:
            return self._cell(one, "eased")
        name = self._words.spoken(f"remedies.{one.eased_by.remedy}.name")
        if one.eased_by.seconds is None:
            return name
        return self._words.text("eased", name=name, amount=self._words.duration(one.eased_by.seconds))

    def _cell(self, one: Told, *questions: str) -> str:
        """The first of these that was answered."""
        known = (self._answer(name, one.answers[name]) for name in questions if one.given(name))
        return next(known, self._words.text("empty"))

    def _facts(self, names: Iterable[str], value: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        """What was asked, and what was answered."""
        for name in names:
            if name not in _ALWAYS and not any(one.given(name) for one in self._told):
                continue
            room = "medicines" if name in _MEDICINES else "asked"
            yield self._words.text(f"{room}.{name}"), value(name)

    def _asked(self, name: str) -> str:
        """The newest answer, and when it was given; how long ago something was counts from then."""
        newest = next((one for one in reversed(self._told) if one.given(name)), None)
        if newest is None:
            return self._words.text("not_told")
        value, form = self._answer(name, newest.answers[name]), "ago" if name == "began" else "told"
        return self._words.text(form, value=value, date=self._words.day(newest.began))

    def _asked_once(self, name: str) -> str:
        """The same; a yes at any time outweighs a later no."""
        yes = any(one.answers.get(name) == YES for one in self._told)
        if not yes:
            return self._asked(name)
        last = next(one for one in reversed(self._told) if one.answers.get(name) == YES)
        value = self._answer(name, YES)
        return self._words.text("told", value=value, date=self._words.day(last.began))

    def _flags(self) -> Iterator[str]:
        """Every red flag that was asked: those with a yes, those in doubt, those that were always denied."""
        flags = [name for name, question in self._protocol.questions.items() if question.red_flag is not None]
        yes = [name for name in flags if self._times(name, YES)]
        doubt = [name for name in flags if self._times(name, *_DOUBTS) and name not in yes]
        denied = [name for name in flags if self._times(name, NO) and name not in (*yes, *doubt)]
        if yes:
            yield self._words.text("flags.yes", topics=self._words.joined(self._dated(name, YES) for name in yes))
        else:
            yield self._words.text("flags.none_yes")
        if doubt:
            topics = self._words.joined(self._dated(name, *_DOUBTS) for name in doubt)
            yield self._words.text("flags.doubt", topics=topics)
        if denied:
            yield self._words.text("flags.no", topics=self._words.joined(map(self._words.topic, denied)))

    def _dated(self, name: str, *values: Value) -> str:
        times = self._times(name, *values)
        return self._words.text(
            "flags.dated",
            topic=self._words.topic(name),
            count=str(len(times)),
            date=self._words.day(times[-1].began),
        )

    def _times(self, name: str, *values: Value) -> list[Told]:
        return [one for one in self._told if one.answers.get(name) in values]

    def _advice(self) -> Iterator[Block]:
        columns = tuple(self._words.text(f"advice.columns.{name}") for name in ("level", "when", "why"))
        rows = tuple(self._advised(level, times) for level, times in self._given().items() if times)
        if rows:
            yield Table(self._words.text("advice.caption"), columns, rows)
        if self._tried:
            effects = (self._effect(name, count) for name, count in self._tried.most_common(MOST_REMEDIES))
            yield Paragraph(self._words.text("advice.tried", names=self._words.joined(effects)))
        if self._named:
            remedies = (
                self._words.text("advice.remedy", name=self._words.spoken(f"remedies.{name}.name"), count=str(count))
                for name, count in self._named.most_common(MOST_REMEDIES)
            )
            yield Paragraph(self._words.text("advice.remedies", names=self._words.joined(remedies)))

    def _given(self) -> dict[Level, list[Told]]:
        """Who was advised what, the most urgent level first."""
        return {level: [one for one in self._told if one.level is level] for level in sorted(Level, reverse=True)}

    def _effect(self, remedy: str, count: int) -> str:
        eased = sum(one.eased_by is not None and one.eased_by.remedy == remedy for one in self._told)
        name = self._words.spoken(f"remedies.{remedy}.name")
        return self._words.text("advice.effect", name=name, count=str(count), eased=str(eased))

    def _advised(self, level: Level, times: list[Told]) -> tuple[str, str, str]:
        when = self._words.text("advice.times", count=str(len(times)), date=self._words.day(times[-1].began))
        why = _counted(times).most_common()
        told = [
            self._words.text("advice.why", reason=self._words.reason(rule), count=str(count))
            for rule, count in why[:MOST_REASONS]
        ]
        if len(why) > MOST_REASONS:
            told.append(self._words.text("advice.more", count=str(len(why) - MOST_REASONS)))
        return (
            self._words.text(f"advice.levels.{level.id}"),
            when,
            self._words.joined(told) or self._words.text("advice.no_reason"),
        )

    def _sources(self) -> tuple[str, ...]:
        """Those of the reasons and remedies that the report names."""
        reasons = {rule for times in self._given().values() for rule, _ in _counted(times).most_common(MOST_REASONS)}
        remedies = {name for counter in (self._tried, self._named) for name, _ in counter.most_common(MOST_REMEDIES)}
        cited = set[str]()
        cited.update(*(rule.sources for rule in self._protocol.rules if rule.id in reasons))
        cited.update(*(self._protocol.remedies[name].sources for name in remedies))
        return tuple(source.title for name, source in self._protocol.sources.items() if name in cited)

    def _answer(self, name: str, value: Value) -> str:
        return self._words.answer(self._protocol.questions[name], value)


def _counted(times: Iterable[Told]) -> Counter[str]:
    """How often each rule was a reason."""
    return Counter(rule for one in times for rule in one.reasons)
