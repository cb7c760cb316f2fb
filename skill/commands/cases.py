"""The command `charley cases`: a reviewer's cases through the real interview, and a table of what came of them."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from skill.language.shipped import load_grammar
from skill.system import resources
from skill.triage.cases import Outcome, load_cases, run_case
from skill.triage.loader import load_protocol
from skill.triage.model import Question, Value
from skill.triage.scenarios import Scenarios

#: The exit status when a case comes out otherwise than it must.
FAILED: Final = 1
_HEAD: Final = ("case", "verdict", "must be", "is", "because of", "never asked", "source")


def run_cases(file: Path) -> int:
    """Print one row a case, then how many came out right; FAILED unless all did. Raises UsageError for a bad file."""
    protocol, followup = load_protocol(), load_protocol(resources.FOLLOWUP)
    now, later = Scenarios(protocol), Scenarios(followup)
    cases = load_cases(file, protocol, followup, _in_words)
    outcomes = [run_case(case, later if case.followup else now) for case in cases]
    _print(outcomes)
    wrong = sum(bool(outcome.problems) for outcome in outcomes)
    low = sum(outcome.level < outcome.case.level for outcome in outcomes)
    high = sum(outcome.level > outcome.case.level for outcome in outcomes)
    sys.stderr.write(
        f"{len(outcomes)} cases: {len(outcomes) - wrong} as they must be, {low} too low, {high} too high, "
        f"{wrong - low - high} at the right level for another reason or with another remedy.\n"
    )
    return FAILED if wrong else 0


def _in_words(question: Question, said: str) -> Value | None:
    """What a person who says this answers to the question: "twenty minutes", "my calf"."""
    sense = load_grammar(question.grammar).read(said).sole
    return None if sense is None else sense.value


def _print(outcomes: Iterable[Outcome]) -> None:
    """A table on a terminal; elsewhere one record a line, its fields apart by tabs."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for row in (_HEAD, *map(_row, outcomes)):
            sys.stdout.write("\t".join(row) + "\n")
        return
    table = Table()
    for name in _HEAD:
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        table.add_row(*_row(outcome), style="bold red" if outcome.problems else None)
    console.print(table)


def _row(outcome: Outcome) -> tuple[str, ...]:
    case = outcome.case
    return (
        case.id,
        "; ".join(outcome.problems) or "right",
        case.level.id,
        outcome.level.id,
        ", ".join(outcome.reasons),
        ", ".join(outcome.unasked),
        case.source,
    )
