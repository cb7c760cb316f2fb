"""How long `charley diary` takes with many cramps remembered, the whole command by the wall and by the processor.

`python bench/diary.py [--cramps 5000] [--days 3650] [--picture FILE] [--json FILE]`: the cramps are made up and
spread over so many days. With --picture the diary is drawn as well: `docs/diary.png` is 60 cramps of 360 days.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from skill.episodes.episode import Effect, Note, Tried
from skill.episodes.store import EpisodeStore
from skill.triage.model import Answer, Level, Value

RUNS = 7
PLACES = {"calf": 20, "foot": 6, "thigh": 4, "hand": 2, "lower_back": 3, "neck": 1, "eyelid": 1, "several": 1}
TRIGGERS = {"exercise": 9, "heat": 4, "sitting": 3, "stress": 2, "none": 3, "cold": 1}
LEVELS = {Level.SELF_CARE: 24, Level.SOON: 5, Level.URGENT: 2}
#: Questions that a whole conversation answers beside those that a diary shows.
OTHERS = 25


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cramps", type=int, default=5000)
    arguments.add_argument("--days", type=int, default=3650, help="over which the cramps are spread")
    arguments.add_argument("--picture", type=Path, help="draw the diary into this file as well")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    wanted = arguments.parse_args()
    with TemporaryDirectory() as home:
        make_up(Path(home) / "charley" / "episodes.sqlite", wanted.cramps, wanted.days)
        if wanted.picture:
            run(home, "--picture", str(wanted.picture))
        run(home)  # the first one compiles what is kept
        walls, processors = zip(*(run(home) for _ in range(RUNS)), strict=True)
    figures = {
        "cramps": wanted.cramps,
        "days": wanted.days,
        "wall_s": round(sorted(walls)[RUNS // 2], 3),
        "processor_s": round(sorted(processors)[RUNS // 2], 3),
        "load": round(os.getloadavg()[0], 1),
    }
    Console().print(figures)
    if wanted.json:
        wanted.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def run(home: str, *options: str) -> tuple[float, float]:
    """Seconds by the wall and of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    environment = {**os.environ, "XDG_DATA_HOME": home}
    command = [sys.executable, "-m", "skill", "diary", *options]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def make_up(file: Path, cramps: int, days: int) -> None:
    """Cramps of somebody who runs, at random times of the last `days` days; always the same ones."""
    chance, now = random.Random(7), datetime.now(UTC)
    with closing(EpisodeStore(file)) as store:
        for _ in range(cramps):
            began = now - timedelta(days=days * chance.random())
            episode = store.begin(began)
            place = chance.choices(list(PLACES), list(PLACES.values()))[0]
            answers = [Answer("emergency", "no"), Answer("place", place), *details(chance)]
            others = (Answer(f"other{number}", "no") for number in range(OTHERS))
            store.keep(episode, (*answers, *others), tried(chance, place))
            level = chance.choices(list(LEVELS), list(LEVELS.values()))[0]
            store.conclude(episode, level, ("simple",), ("warmth", "short_walks"))
            if chance.random() < 0.1:
                store.note(episode, Note(began, "it was after football"))


def details(chance: random.Random) -> list[Answer]:
    """What some tell and others do not."""
    told: dict[str, Value] = {
        "side": chance.choice(("left", "left", "right")),
        "worst": chance.choice((2, 3, 5, 5, 6, 7, 8)),
        "trigger": chance.choices(list(TRIGGERS), list(TRIGGERS.values()))[0],
        "lasts": chance.choice((60, 120, 300, 600)),
    }
    return [Answer(question, value) for question, value in told.items() if chance.random() < 0.6]


def tried(chance: random.Random, place: str) -> tuple[Tried, ...]:
    """What was tried; the second one where the first did not ease it."""
    first = "calf_stretch" if place == "calf" else "foot_stretch" if place == "foot" else "massage"
    if chance.random() < 0.6:
        return (Tried(first, Effect.EASED, chance.randint(20, 90)),)
    other = chance.choice((Effect.EASED, Effect.EASED, Effect.NOT_EASED, Effect.WORSE))
    return Tried(first, Effect.NOT_EASED, 60), Tried("stand_on_it", other, chance.randint(30, 120))


if __name__ == "__main__":
    main()
