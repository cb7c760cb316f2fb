"""Cases of a reviewer: what somebody would answer, the level that it must come to, and what comes of it.

A file of cases is a mapping of names to cases; the format is described in docs/clinical.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from skill.errors import UsageError
from skill.triage.definition import Protocol
from skill.triage.entry import Entry, read_entry
from skill.triage.interview import takes
from skill.triage.model import Level, Question, Value
from skill.triage.scenarios import Scenarios

_LEVELS: Final = {level.id: level for level in Level}
#: Says what a value written in words means at a question; None when it means nothing there.
Reader = Callable[[Question, str], Value | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the file. Questions that `answers` does not name are answered benignly (`Scenarios.benign`)."""

    id: str
    story: str
    answers: Mapping[str, Value]
    level: Level
    reasons: tuple[str, ...]
    """Rules that must be among those that give the level."""
    remedies: tuple[str, ...]
    """Remedies that the advice must name."""
    never: tuple[str, ...]
    """Remedies that must be neither named nor led through; the first step of an opening is not looked at."""
    source: str
    followup: bool
    """Whether it is put through the interview of the follow-up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the interview made of a case."""

    case: Case
    level: Level
    reasons: tuple[str, ...]
    """The rules that gave the level."""
    remedies: tuple[str, ...]
    unasked: tuple[str, ...]
    """Answers of the case that were never asked for: the level was reached before, or no question leads there."""
    problems: tuple[str, ...]
    """What is wrong; empty when all is as it must be."""


def load_cases(file: Path, protocol: Protocol, followup: Protocol, read: Reader) -> tuple[Case, ...]:
    """The cases in `file`. Raises UsageError: file, line, what is wrong, how to mend it."""
    entries = read_entry(file, UsageError, "name a YAML file of cases, as docs/clinical.md describes it")
    return tuple(_case(name, body, protocol, followup, read) for name, body in entries.pairs())


def run_case(case: Case, scenarios: Scenarios) -> Outcome:
    """Put a case through the interview of `scenarios`."""
    walk = scenarios.play(case.answers)
    level = walk.verdict.level
    reasons = tuple(reason.rule for reason in walk.verdict.reasons if reason.level is level)
    named = tuple(remedy.id for remedy in walk.verdict.remedies)
    told = {*named, *(coached.remedy for coached in walk.coached if not coached.opening)}
    problems = (
        *(["too low"] if level < case.level else ["too high"] if level > case.level else []),
        *(f"{rule} does not decide" for rule in case.reasons if rule not in reasons),
        *(f"{remedy} is missing" for remedy in case.remedies if remedy not in named),
        *(f"{remedy} is told" for remedy in case.never if remedy in told),
    )
    unasked = tuple(question for question in case.answers if question not in walk.end.answers)
    return Outcome(case, level, reasons, named, unasked, problems)


def _case(name: Entry, body: Entry, protocol: Protocol, followup: Protocol, read: Reader) -> Case:
    fields = body.fields(("story", "answers", "level", "source"), ("reasons", "remedies", "never", "followup"))
    later = "followup" in fields and fields["followup"].boolean()
    asked = followup if later else protocol
    rules = {rule.id for rule in asked.rules}

    def listed(field: str, known: Mapping[str, object] | set[str]) -> tuple[str, ...]:
        return tuple(_known(item, known, field) for item in fields[field].items()) if field in fields else ()

    return Case(
        name.as_written(),
        fields["story"].as_written(),
        {
            _known(question, asked.questions, "answers"): _value(question, value, asked, read)
            for question, value in fields["answers"].pairs()
        },
        _LEVELS[_known(fields["level"], _LEVELS, "level")],
        listed("reasons", rules),
        listed("remedies", asked.remedies),
        listed("never", asked.remedies),
        fields["source"].as_written(),
        later,
    )


def _value(name: Entry, entry: Entry, protocol: Protocol, read: Reader) -> Value:
    question, written = protocol.questions[name.as_written()], entry.as_written()
    value = int(written) if written.isdecimal() else written
    if takes(question, value):
        return value
    meant = read(question, written)
    if meant is None or not takes(question, meant):
        choices = ", ".join(question.choices) or f"an answer of the kind {question.kind}"
        raise entry.wrong(f"{question.id!r} has no answer {written!r}", f"write {choices}")
    return meant


def _known(entry: Entry, known: Mapping[str, object] | set[str], field: str) -> str:
    word = entry.as_written()
    if word not in known:
        near = get_close_matches(word, known, n=3) or sorted(known)
        raise entry.wrong(f"{word!r} is not known at `{field}`", f"write {' or '.join(near)}")
    return word
