"""The doctor's report asked for by voice: written where documents lie, and said where that is."""

from pathlib import Path
from typing import Protocol

from skill.dialogue.narrator import Narrator
from skill.dialogue.prompts import Utterance
from skill.errors import CharleyError, complain


class Reporter(Protocol):
    """Writes the report on all that is remembered, this conversation included."""

    def write(self) -> Path | None:
        """The file that was written; None where nothing is remembered. Raises CharleyError where that is impossible."""
        ...


class NoReporter:
    """Where nothing is remembered: in demos, on the telephone."""

    def write(self) -> Path | None:
        """There is nothing to report."""
        return None


def write_report(reporter: Reporter, narrator: Narrator) -> tuple[Utterance, ...]:
    """Have it written, which takes some seconds, and say what became of it; a failure is told on the screen as well."""
    narrator.say("dialogue.report.working")
    prompts = narrator.prompts
    try:
        file = reporter.write()
    except CharleyError as fault:
        complain(fault)
        return (prompts.utterance("dialogue.report.failed"),)
    if file is None:
        return (prompts.utterance("dialogue.report.nothing"),)
    return (prompts.utterance("dialogue.report.written", name=file.name, folder=file.parent.name),)
