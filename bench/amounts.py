"""How well durations, counts and degrees are read from the typed words of people whom no rule was made on.

    PYTHONPATH=. python bench/amounts.py [--all] [--json FILE]

The examples of the held-out sixth of all invented people; `--all`: of everybody. Right is within a tenth of a duration,
exactly a count or a degree. Sure ones are taken at once, others asked back. "Invented" is an amount read where the
label is none: those are commands, alarms, questions and talk to others, which are looked for first. Amounts that rest
on a clock which the example does not tell are left out.
"""

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.triage.model import Kind, Question
from skill.understanding.amounts import read_amount
from training.examples.loader import Example, load_examples

KINDS = (Kind.DURATION, Kind.COUNT, Kind.SCALE)
OUTCOMES = (
    "right",
    "right, asked back",
    "wrong",
    "wrong, asked back",
    "unread",
    "invented",
    "invented, asked back",
    "left",
)


@dataclass
class Tally:
    """What became of the examples of one question."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def outcome(example: Example, question: Question) -> str | None:
    """One of OUTCOMES; None where the clock is missing."""
    amount = read_amount(example.said, question, SimulatedClock().today())
    meant = example.meaning.partition("|")[0]
    if not meant.isdecimal():
        return "left" if amount is None else "invented" if amount.sure else "invented, asked back"
    if amount is None:
        return "unread"
    slack = max(5.0, 0.1 * int(meant)) if question.kind is Kind.DURATION else 0.0
    right = abs(amount.value - int(meant)) <= slack
    if amount.by_clock and not right:
        return None
    return f"{'right' if right else 'wrong'}{'' if amount.sure else ', asked back'}"


def measure(examples: tuple[Example, ...], questions: dict[str, Question]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for example in examples:
        tally = tallies.setdefault(example.question, Tally())
        begun = time.perf_counter()
        found = outcome(example, questions[example.question])
        tally.seconds += time.perf_counter() - begun
        if found is not None:
            tally.outcomes[found] += 1
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also the people whom the rules were made on")
    parser.add_argument("--json", type=Path, help="write the figures there")
    arguments = parser.parse_args()
    questions = {**load_protocol().questions, **load_protocol(resources.FOLLOWUP).questions}
    asked = {name: question for name, question in questions.items() if question.kind in KINDS}
    examples = load_examples()
    chosen = tuple(one for one in examples if one.question in asked and (arguments.all or one.held_out))
    tallies = measure(chosen, asked)
    table = Table("question", "amounts", *(f"{name} %" for name in OUTCOMES[:5]), "invented", "ms each")
    total = Counter[str]()
    for name, tally in sorted(tallies.items()):
        total.update(tally.outcomes)
        table.add_row(name, *row(tally.outcomes), f"{1000 * tally.seconds / tally.outcomes.total():.2f}")
    table.add_row("all", *row(total), "")
    Console().print(table)
    if arguments.json:
        figures = {name: dict(tally.outcomes) for name, tally in tallies.items()}
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def row(outcomes: Counter[str]) -> list[str]:
    amounts = sum(outcomes[name] for name in OUTCOMES[:5])
    shares = [f"{100 * outcomes[name] / max(1, amounts):.1f}" for name in OUTCOMES[:5]]
    others = sum(outcomes[name] for name in OUTCOMES[5:])
    invented = f"{outcomes['invented']} + {outcomes['invented, asked back']} of {others}"
    return [str(amounts), *shares, invented]


if __name__ == "__main__":
    main()
