"""Tables for a person at a terminal: what `charley check`, `charley selftest` and `charley episodes` found."""

from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table

from skill.commands.check import Finding
from skill.commands.selftest import Check
from skill.episodes.episode import Episode
from skill.triage.proof import Proof


def print_findings(findings: Iterable[Finding]) -> None:
    """One row a check, then every problem in full."""
    table = Table("data", "checked", "problems")
    for finding in findings:
        table.add_row(finding.name, str(finding.checked), str(len(finding.problems)))
    _console().print(table)
    _print_problems(problem for finding in findings for problem in finding.problems)


def print_proof(subject: str, proof: Proof) -> None:
    """What each red flag reaches alone, then the statements about the protocol, then every failure in full."""
    flags = Table("red flag", "must reach", "yes", "doubt", "silence", "branches")
    for row in proof.flags:
        flags.add_row(row.question, row.level.id, row.yes.id, row.unsure.id, row.unanswered.id, str(row.branches))
    _console().print(flags)
    checks = Table(f"safety proof of {subject}", "holds")
    for check in proof.checks:
        checks.add_row(check.name, "yes" if check.passed else "NO")
    _console().print(checks)
    _console().print(
        f"{proof.walks} interviews played over {proof.branches} branches; answers to the advice: "
        f"median {proof.median_answers:g}, at most {proof.most_answers}, with nearly everything wrong {proof.longest}."
    )
    _print_problems(failure for check in proof.checks for failure in check.failures)


def print_selftest(checks: Iterable[Check]) -> None:
    """One row a part of the machine, then what to do about each that fails."""
    table = Table("part", "works", "measured")
    every = tuple(checks)
    for check in every:
        table.add_row(check.name, "yes" if check.passed else "NO", check.measured)
    _console().print(table)
    _print_problems(f"{check.name}: {check.remedy}" for check in every if check.remedy)


def print_episodes(episodes: Iterable[Episode], summarise: Callable[[Episode], tuple[str, ...]]) -> None:
    """One row a remembered cramp, in local time, with what a doctor will ask."""
    table = Table("began", "place", "advice", "for the doctor", show_lines=True)
    for episode in episodes:
        began = episode.began.astimezone().strftime("%Y-%m-%d %H:%M")
        level = "-" if episode.level is None else episode.level.id
        table.add_row(began, str(episode.value("place") or "-"), level, "\n".join(summarise(episode)))
    _console().print(table)


def _console() -> Console:
    """Plain text of any width in a pipe, so that nothing is cut off."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160)


def _print_problems(problems: Iterable[str]) -> None:
    for problem in problems:
        _console().print(f"- {problem}", markup=False, soft_wrap=True)
