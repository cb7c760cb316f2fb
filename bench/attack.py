"""Random conversations through the real dialogue: how many were played, how they ended, and which promises they broke.

`python bench/attack.py [--conversations N] [--json FILE]`
"""

import argparse
import json
import statistics
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from rich.console import Console
from rich.table import Table

from tests.support.attack import Attack, Tally

#: Runs of the state machine between two looks at how many conversations have been played.
RUNS = 20


class Counted(Attack):
    """The attack whose conversations are counted here."""

    tally = Tally()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=10_000, help="play at least so many")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = arguments.parse_args()
    tally, broken = Counted.tally, 0
    began = time.perf_counter()
    while tally.conversations < chosen.conversations:
        try:
            _play()
        except Exception as violation:  # a broken promise, or a conversation that broke: shown and counted
            broken += 1
            Console(stderr=True).print(repr(violation), *getattr(violation, "__notes__", ()), sep="\n", markup=False)
    answers = sorted(tally.answers)
    figures = {
        "conversations": tally.conversations,
        "things_said": tally.spoken,
        "violations": broken,
        "in_words_of_their_own": tally.talked,
        "yes_to_a_red_flag_among_them": tally.grave,
        "of_those_taken_for_a_no": len(tally.denied),
        "answers_median": statistics.median(answers),
        "answers_most": answers[-1],
        **{f"ended_{name}": count for name, count in sorted(tally.endings.items())},
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time(), 1),
    }
    table = Table("measured", "figure")
    for name, figure in figures.items():
        table.add_row(name.replace("_", " "), f"{figure:,}")
    Console().print(table)
    for denied in tally.denied:
        Console().print(f"a yes taken for a no at {denied}", markup=False)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _play() -> None:
    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=50,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


if __name__ == "__main__":
    main()
