"""Spoken conversations one after the other in one process, a third of them with a fault: does the advice stay right?

Does any of them hang, does memory grow, is anything left over? `PYTHONPATH=. python bench/soak.py [--conversations N]
[--every N] [--seed N] [--json FILE]`
"""

import argparse
import gc
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring.faults import Fault, Mishap
from measuring.holdings import Holdings, temporary_files, watch_temporary_files
from measuring.stage import VOICES, Held, Stage, Story, stories
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

#: Conversations before the memory is looked at for the first time, at most a third of all.
WARM_UP = 20
#: A fault comes at one of the first so many answers, or utterances of Charley.
MOMENTS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=200)
    arguments.add_argument("--every", type=int, default=3, help="one conversation in so many has a fault")
    arguments.add_argument("--seed", type=int, default=1, help="draws patients, voices and faults")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = arguments.parse_args()
    figures = soak(chosen.conversations, chosen.every, chosen.seed)
    table = Table("measured", "figure")
    for name, figure in figures.items():
        table.add_row(name.replace("_", " "), f"{figure:,}")
    Console().print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


@dataclass
class Tally:
    """What has been counted so far."""

    conversations: int = 0
    wrong: int = 0
    hangs: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)

    def add(self, outcome: Held, mishap: Mishap) -> None:
        """Count one more conversation."""
        self.conversations += 1
        self.wrong += bool(outcome.wrong)
        self.hangs += outcome.hung
        if mishap.fault and mishap.happened:
            self.faults[mishap.fault] += 1


def soak(conversations: int, every: int, seed: int) -> dict[str, float]:
    """Hold the conversations, until Ctrl-C at most; the figures."""
    tally, console = Tally(), Console(stderr=True)
    watch_temporary_files()
    before, began = _holdings(), time.perf_counter()
    with TemporaryDirectory() as folder, Progress(console=console, auto_refresh=False) as progress:
        stage, task = Stage(Path(folder)), progress.add_task("conversations", total=conversations)
        warm = _holdings()
        with suppress(KeyboardInterrupt):
            for story, voice, mishap in _drawn(conversations, every, seed):
                outcome = stage.hold(story, voice, mishap)
                tally.add(outcome, mishap)
                if outcome.wrong or outcome.hung:
                    who = f"{tally.conversations} {story.patient.name}, {voice}, {mishap.fault}"
                    progress.console.print(who, *outcome.wrong, *outcome.heard, sep=" | ", markup=False)
                if tally.conversations == min(WARM_UP, conversations // 3):
                    warm = _holdings()
                progress.update(task, advance=1, refresh=True)
        done = _holdings()
        stage.close()
    after = _holdings()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "conversations": tally.conversations,
        "wrong_verdicts": tally.wrong,
        "hangs": tally.hangs,
        "rss_growth_mb": round(done.memory - warm.memory, 1),
        "children_rss_growth_mb": round(done.memory_of_children - warm.memory_of_children, 1),
        "threads_left": after.threads - before.threads,
        "children_left": after.children - before.children,
        "descriptors_left": after.descriptors - before.descriptors,
        "files_left": len(temporary_files()),
        "faults": tally.faults.total(),
        **{f"fault_{fault}": tally.faults[fault] for fault in Fault},
        "rss_mb": round(done.memory, 1),
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(sum(part.ru_utime + part.ru_stime for part in used), 1),
    }


def _drawn(conversations: int, every: int, seed: int) -> Iterator[tuple[Story, str, Mishap]]:
    """Every patient as often as every other, and so every fault."""
    draw = random.Random(seed)
    patients: list[Story] = []
    faults: list[Fault] = []
    for number in range(conversations):
        patients = patients or draw.sample(stories(), k=len(stories()))
        faults = faults or draw.sample(list(Fault), k=len(Fault))
        fault = faults.pop() if number % every == every - 1 else None
        yield patients.pop(), draw.choice(VOICES), Mishap(fault, draw.randint(1, MOMENTS))


def _holdings() -> Holdings:
    gc.collect()
    return Holdings.now()


if __name__ == "__main__":
    main()
