"""What the commands print: tables for a person at a terminal, elsewhere plain text, one record a line."""

import sys
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from skill.commands.check import Finding
from skill.commands.selftest import Check
from skill.dialogue.emergency_number import EmergencyNumber
from skill.episodes.episode import Episode
from skill.triage.proof import Proof


def print_table(names: Sequence[str], rows: Iterable[Sequence[str]], *, lines: bool = False) -> None:
    """A table of columns called `names`, with `lines` between the rows.

    Where nobody sits at a terminal, or it is too narrow for the longest word, one row a line, its fields apart by tabs.
    """
    every = tuple(rows)
    table = Table(show_lines=lines)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in every:
        table.add_row(*row)
    console = Console(highlight=False, markup=False)
    if sys.stdout.isatty() and Measurement.get(console, console.options, table).minimum <= console.width:
        console.print(table)
        return
    for row in every:
        sys.stdout.write("\t".join(" ".join(field.split()) for field in row) + "\n")


def print_findings(findings: Iterable[Finding]) -> None:
    """One row a check, then every problem in full."""
    every = tuple(findings)
    print_table(
        ("data", "checked", "problems"),
        ((finding.name, str(finding.checked), str(len(finding.problems))) for finding in every),
    )
    _print_problems(problem for finding in every for problem in finding.problems)


def print_proof(subject: str, proof: Proof) -> None:
    """What each red flag reaches alone, then the statements about the protocol, then every failure in full."""
    print_table(
        ("red flag", "must reach", "yes", "doubt", "silence", "branches"),
        (
            (row.question, row.level.id, row.yes.id, row.unsure.id, row.unanswered.id, str(row.branches))
            for row in proof.flags
        ),
    )
    print_table(
        (f"safety proof of {subject}", "holds"),
        ((check.name, "yes" if check.passed else "NO") for check in proof.checks),
    )
    sys.stdout.write(
        f"{proof.walks} interviews played over {proof.branches} branches; answers to the advice: "
        f"median {proof.median_answers:g}, at most {proof.most_answers}, with nearly everything wrong "
        f"{proof.longest}.\n"
    )
    _print_problems(failure for check in proof.checks for failure in check.failures)


def print_selftest(checks: Iterable[Check]) -> None:
    """One row a part of the machine, then what to do about each that fails."""
    every = tuple(checks)
    print_table(
        ("part", "works", "measured"),
        ((check.name, "yes" if check.passed else "NO", check.measured) for check in every),
    )
    _print_problems(f"{check.name}: {check.remedy}" for check in every if check.remedy)


def print_emergency_number(number: EmergencyNumber) -> None:
    """Which number is said in an emergency, and why that one."""
    sys.stdout.write(f"Emergency number: {number.digits} ({number.reason}).\n")


def print_episodes(episodes: Iterable[Episode], summarise: Callable[[Episode], tuple[str, ...]]) -> None:
    """One row a remembered cramp, in local time, with what a doctor will ask."""
    print_table(
        ("began", "place", "advice", "for the doctor"),
        (
            (
                episode.began.astimezone().strftime("%Y-%m-%d %H:%M"),
                str(episode.value("place") or "-"),
                "-" if episode.level is None else episode.level.id,
                "\n".join(summarise(episode)),
            )
            for episode in episodes
        ),
        lines=True,
    )


def _print_problems(problems: Iterable[str]) -> None:
    for problem in problems:
        sys.stdout.write(f"- {problem}\n")
