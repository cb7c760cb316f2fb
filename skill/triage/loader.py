"""Reads the files of a protocol: what it returns is consistent, anything else is an error with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from skill.system import resources
from skill.system.compiled import Compiled
from skill.system.frozen import from_json, to_json
from skill.triage import condition, definition, model
from skill.triage.condition import ALWAYS, NEVER, All, AtLeast, Condition, Is, Some, gated, questions, ways
from skill.triage.definition import (
    Advice,
    Cause,
    DoctorsInterview,
    Item,
    Offer,
    Protocol,
    ReliefLimit,
    Remembrance,
    Rule,
    Stage,
)
from skill.triage.interview import takes
from skill.triage.model import (
    AMOUNTS,
    NO,
    UNANSWERED,
    UNSURE,
    Answer,
    Kind,
    Level,
    Question,
    Remedy,
    RemedyStep,
    Source,
    Value,
)

if TYPE_CHECKING:
    from skill.triage.entry import Entry

_LEVELS: Final = {level.id: level for level in Level}
_KINDS: Final = {str(kind): kind for kind in Kind}
_STAGES: Final = {str(stage): stage for stage in Stage}
_Member = TypeVar("_Member")


def load_protocol(folder: Path = resources.PROTOCOL) -> Protocol:
    """The protocol in `folder`, read once and not at each start. Raises InstallationError as `read_protocol`."""
    protocol: Protocol = from_json(compiled_protocol(folder).load(), condition, definition, model)
    return protocol


def compiled_protocol(folder: Path) -> Compiled:
    """What is kept of the protocol in `folder`."""

    def sources() -> list[Path]:
        return [*folder.glob("*.yaml"), *Path(__file__).parent.glob("*.py")]

    return Compiled(folder.name, sources, lambda: to_json(read_protocol(folder)))


def read_protocol(folder: Path) -> Protocol:
    """The protocol in `folder`. Raises InstallationError: file, line, what is wrong, how to mend it."""
    return _Reader(folder).protocol()


class _Reader:
    """What has been read so far, so that later files can be checked against it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._questions: dict[str, Question] = {}
        self._when: dict[str, Condition] = {}
        self._named: dict[str, Condition] = {}
        self._sources: dict[str, Source] = {}

    def protocol(self) -> Protocol:
        self._sources = {name.text(): Source(name.text(), title.text()) for name, title in self._file("sources")}
        declared = [(name, self._question(name, body), body) for name, body in self._file("questions")]
        self._questions = {question.id: question for _, question, _ in declared}
        for name, body in self._file("conditions"):
            self._named[name.text()] = self._condition(body)
        items = tuple(self._item(name, question, body) for name, question, body in declared)
        rules = tuple(self._rule(name, body) for name, body in self._file("rules"))
        offers = tuple(self._offer(name, body, items) for name, body in self._file("remedies"))
        causes = tuple(self._cause(name, body) for name, body in self._file("causes"))
        prevention = tuple(self._advice(name, body) for name, body in self._file("prevention"))
        first_aid = tuple(self._advice(name, body) for name, body in self._file("first_aid"))
        watch = tuple(self._advice(name, body) for name, body in self._file("watch"))
        cited = {f"faq.{name.text()}": self._cited(body) for name, body in self._file("faq")}
        cited |= {name.text(): self._cited(body) for name, body in self._file("texts")}
        relief = self._read("relief").fields(
            ("cramping", "eased", "most_coached", "most_remedies", "signs", "alarms"),
            ("limit", "help_coming", "passed"),
        )
        limit = self._limit(relief["limit"], items) if "limit" in relief else None
        return Protocol(
            items,
            rules,
            offers,
            causes,
            prevention,
            first_aid,
            watch,
            self._sources,
            cited,
            alarms=self._answers(relief["alarms"]),
            help_coming=relief["help_coming"].text() if "help_coming" in relief else None,
            signs=self._answers(relief["signs"]),
            cramping=self._condition(relief["cramping"]),
            passed=self._condition(relief["passed"]) if "passed" in relief else NEVER,
            eased=self._asked(relief["eased"]).id,
            most_coached=relief["most_coached"].integer(),
            most_remedies=relief["most_remedies"].integer(),
            relief_limit=limit,
            doctor=self._doctor(self._read("doctor")),
            remembrance=self._remembrance(self._read("memory"), items),
        )

    def _file(self, name: str) -> list[tuple[Entry, Entry]]:
        return list(self._read(name).pairs())

    def _read(self, name: str) -> Entry:
        from skill.triage.entry import read_entry  # only here is YAML needed

        return read_entry(self._folder / f"{name}.yaml")

    def _question(self, name: Entry, body: Entry) -> Question:
        fields = body.fields(("kind", "stage"), ("grammar", "choices", "red_flag", "smaller", "otherwise", "when"))
        kind = _one_of(fields["kind"], _KINDS)
        if (kind is Kind.CHOICE) != ("choices" in fields):
            raise name.wrong(f"{name.text()!r} is of kind {kind}", "give `choices` to a choice and to nothing else")
        question = Question(
            name.text(),
            kind,
            fields["grammar"].text() if "grammar" in fields else (name.text() if kind is Kind.CHOICE else str(kind)),
            tuple(choice.text() for choice in fields["choices"].items()) if "choices" in fields else (),
            _one_of(fields["red_flag"], _LEVELS) if "red_flag" in fields else None,
        )
        if "smaller" in fields:
            question = replace(question, smaller=self._smaller(question, fields["smaller"]))
        if "otherwise" in fields:
            question = replace(question, otherwise=self._value(question, fields["otherwise"]))
        return question

    def _smaller(self, question: Question, entry: Entry) -> tuple[Value, ...]:
        values: list[Value] = []
        for item in entry.items():
            values.append(item.integer() if question.kind in AMOUNTS else item.text())
            if question.kind is Kind.YES_NO or not takes(question, values[-1]):
                raise item.wrong(f"{question.id!r} cannot be asked for {values[-1]!r}", "name some of its answers")
        return tuple(values)

    def _item(self, name: Entry, question: Question, body: Entry) -> Item:
        fields = {key.text(): value for key, value in body.pairs()}
        when = self._condition(fields["when"]) if "when" in fields else ALWAYS
        later = questions(when) - self._when.keys()
        if later:
            raise fields["when"].wrong(
                f"{question.id!r} depends on {', '.join(sorted(later))}, which comes later", "move it below"
            )
        self._when[question.id] = when
        self._must_be_possible(name, when)
        return Item(question, _one_of(fields["stage"], _STAGES), when)

    def _rule(self, name: Entry, body: Entry) -> Rule:
        fields = body.fields(("level", "when", "sources"))
        when = self._condition(fields["when"])
        if not questions(when):
            raise name.wrong(f"the rule {name.text()!r} looks at no question", "name one below `when`")
        self._must_be_possible(name, when)
        return Rule(name.text(), _one_of(fields["level"], _LEVELS), when, self._cited(fields["sources"]))

    def _offer(self, name: Entry, body: Entry, items: tuple[Item, ...]) -> Offer:
        fields = body.fields(("steps", "fits", "sources"), ("never", "up_to", "coached", "opening"))
        steps = tuple(RemedyStep(seconds.integer()) for seconds in fields["steps"].items())
        fits = self._condition(fields["fits"])
        never = self._condition(fields["never"]) if "never" in fields else NEVER
        self._must_be_possible(name, fits)
        late = {item.question.id for item in items if item.stage in (Stage.RELIEF, Stage.AFTER)} & questions(never)
        coached = fields["coached"].boolean() if "coached" in fields else False
        if coached and late:
            raise fields["never"].wrong(
                f"{', '.join(sorted(late))} is asked after the remedy", "give it the stage first or during"
            )
        return Offer(
            Remedy(name.text(), steps, self._cited(fields["sources"])),
            fits,
            never,
            _one_of(fields["up_to"], _LEVELS) if "up_to" in fields else Level.SOON,
            coached,
            fields["opening"].boolean() if "opening" in fields else False,
        )

    def _cause(self, name: Entry, body: Entry) -> Cause:
        fields = body.fields(("supports", "sources"))
        supports = tuple(self._condition(support) for support in fields["supports"].items())
        for support in supports:
            self._must_be_possible(name, support)
        return Cause(name.text(), supports, self._cited(fields["sources"]))

    def _advice(self, name: Entry, body: Entry) -> Advice:
        fields = body.fields(("when", "sources"), ("never",))
        when = self._condition(fields["when"])
        self._must_be_possible(name, when)
        never = self._condition(fields["never"]) if "never" in fields else NEVER
        return Advice(name.text(), when, never, self._cited(fields["sources"]))

    def _doctor(self, entry: Entry) -> DoctorsInterview | None:
        if not any(True for _ in entry.pairs()):
            return None
        fields = entry.fields(
            ("offer", "confirmed", "offered_at", "sources", "read_back", "unless_denied", "instead_of", "yes_to")
        )
        return DoctorsInterview(
            self._asked(fields["offer"]).id,
            self._asked(fields["confirmed"]).id,
            tuple(_one_of(level, _LEVELS) for level in fields["offered_at"].items()),
            self._cited(fields["sources"]),
            tuple(self._asked(question).id for question in fields["read_back"].items()),
            frozenset(self._asked(question).id for question in fields["unless_denied"].items()),
            {self._asked(one).id: self._asked(other).id for one, other in fields["instead_of"].pairs()},
            {self._asked(earlier).id: self._condition(when) for earlier, when in fields["yes_to"].pairs()},
        )

    def _remembrance(self, entry: Entry, items: tuple[Item, ...]) -> Remembrance | None:
        if not any(True for _ in entry.pairs()):
            return None
        fields = entry.fields(("changed", "kept", "denied", "alike"))
        changed = self._asked(fields["changed"])
        if not any(item.question is changed and item.stage is Stage.RENEWAL for item in items):
            raise fields["changed"].wrong(f"{changed.id!r} has a turn of its own", "give it the stage renewal")
        denied = tuple(self._asked(question) for question in fields["denied"].items())
        for question, entry_of in zip(denied, fields["denied"].items(), strict=True):
            if not takes(question, NO):
                raise entry_of.wrong(f"{question.id!r} cannot be denied", "name yes/no questions")
        kept = tuple(self._asked(question).id for question in fields["kept"].items())
        return Remembrance(changed.id, kept, tuple(question.id for question in denied), self._asked(fields["alike"]).id)

    def _limit(self, entry: Entry, items: tuple[Item, ...]) -> ReliefLimit:
        fields = entry.fields(("seconds", "question"))
        question = self._asked(fields["question"])
        if not any(item.question is question and item.stage is Stage.CLOCK for item in items):
            raise fields["question"].wrong(f"{question.id!r} is put to the person", "give it the stage clock")
        return ReliefLimit(fields["seconds"].integer(), question.id)

    def _condition(self, entry: Entry) -> Condition:
        """A name of conditions.yaml, or a mapping of `all`, `any` and questions; several keys must hold together."""
        if entry.is_text:
            if entry.text() not in self._named:
                raise entry.wrong(f"there is no condition {entry.text()!r}", "name one of conditions.yaml")
            return self._named[entry.text()]
        parts: list[Condition] = []
        for name, body in entry.pairs():
            if name.text() in ("all", "any"):
                inner = tuple(self._condition(part) for part in body.items())
                parts.append(All(inner) if name.text() == "all" else Some(inner))
            else:
                parts.append(self._test(self._asked(name), body))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _test(self, question: Question, body: Entry) -> Is | AtLeast:
        if question.kind in AMOUNTS:
            return AtLeast(question.id, body.fields(("at_least",))["at_least"].integer())
        values = frozenset(self._value(question, value) for value in body.items())
        return Is(question.id, values)

    def _value(self, question: Question, entry: Entry) -> Value:
        value = entry.text()
        if value in (UNSURE, UNANSWERED):
            raise entry.wrong(f"{value!r} counts as the worse answer by itself", "leave it out")
        if not takes(question, value):
            raise entry.wrong(f"{question.id!r} has no answer {value!r}", "name one of its answers")
        if value == NO and question.red_flag is not None:
            raise entry.wrong(f"a no to the red flag {question.id!r} would count for something", 'use "yes"')
        return value

    def _answers(self, entry: Entry) -> Mapping[str, Answer]:
        found = {}
        for name, body in entry.pairs():
            ((key, value),) = body.pairs()
            question = self._asked(key)
            if not takes(question, value.text()):
                raise value.wrong(f"{question.id!r} has no answer {value.text()!r}", "name one of its answers")
            found[name.text()] = Answer(question.id, value.text())
        return found

    def _asked(self, entry: Entry) -> Question:
        if entry.text() not in self._questions:
            raise entry.wrong(f"there is no question {entry.text()!r}", "name one of questions.yaml")
        return self._questions[entry.text()]

    def _cited(self, entry: Entry) -> tuple[str, ...]:
        for source in entry.items():
            if source.text() not in self._sources:
                raise source.wrong(f"there is no source {source.text()!r}", "add it to sources.yaml")
        if not entry.items():
            raise entry.wrong("no source is named", "name at least one of sources.yaml")
        return tuple(source.text() for source in entry.items())

    def _must_be_possible(self, name: Entry, condition: Condition) -> None:
        """Its answers must not contradict each other, nor the conditions under which its questions are asked."""
        if not any(True for _ in ways(gated(condition, self._when))):
            raise name.wrong(f"{name.text()!r} can never apply", "its answers exclude each other: mend its conditions")


def _one_of(entry: Entry, members: Mapping[str, _Member]) -> _Member:
    if entry.text() not in members:
        raise entry.wrong(f"{entry.text()!r} is not known", f"use one of {', '.join(members)}")
    return members[entry.text()]
