"""Words wrong, real-time factor and memory of each hearing of sentences.

Invented people who are kept out of training speak in espeak-ng's voices that training never hears, quiet, at 10 dB in
white noise and three metres away; with --consultations a folder of clips and its table (file, said) of real people too.

`python bench/sentences.py [--json FILE] [--clips N] [--consultations FOLDER TABLE] [--model DIR]`
"""

import argparse
import csv
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import soxr
from measuring.rooms import distant
from rich.console import Console
from rich.table import Table

from skill.listening.child_model import ChildModel
from skill.listening.moonshine import Moonshine
from skill.listening.recogniser import Recogniser
from skill.listening.sentence import SentenceHearing
from skill.system import resources
from tests.support.processes import children
from training import data
from training.cases import Case, noisy, pcm
from training.examples.loader import load_examples
from training.features import RATE
from training.voices import ESPEAK_HELD_OUT, espeak_held_out


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--clips", type=int, default=120, help="answers of invented people")
    arguments.add_argument("--consultations", type=Path, nargs=2, help="folder of clips, and its table")
    arguments.add_argument("--model", type=Path, help="Vosk's hearing alone, by another acoustic model")
    chosen = arguments.parse_args()
    quiet = list(_invented(chosen.clips))
    white = [np.random.default_rng(3).standard_normal(10 * RATE).astype(np.float32)]
    sets = {"quiet": quiet, "10 dB": noisy(quiet, white, 10), "3 m": distant(quiet, 3.0)}
    if chosen.consultations:
        sets["consultations"] = list(_consultations(*chosen.consultations))
    table, figures = Table("hearing", "set", "words wrong %", "real-time factor", "MB"), {}
    engines: dict[str, Callable[[], AbstractContextManager[tuple[SentenceHearing, int]]]]
    engines = {"moonshine": _moonshine, "vosk": partial(_vosk, chosen.model or resources.MODEL)}
    for name, engine in engines.items():
        if chosen.model and name != "vosk":
            continue
        with engine() as (hearing, worker):
            hearing.hear(np.zeros(RATE, np.int16), RATE, "place")  # the model is loaded
            for group, cases in sets.items():
                wrong, factor = _measure(hearing, cases)
                memory = _peak(worker)
                figures[f"{name} {group}"] = {"wrong": wrong, "real_time_factor": factor, "mb": memory}
                table.add_row(name, group, f"{wrong:.1%}", f"{factor:.3f}", f"{memory:.0f}")
    Console().print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _invented(count: int) -> Iterator[Case]:
    said = sorted({example.said for example in load_examples() if example.held_out and " " in example.said})
    for number, text in enumerate(random.Random(1).sample(said, count)):
        voice = ESPEAK_HELD_OUT[number % len(ESPEAK_HELD_OUT)]
        clip = espeak_held_out(text, np.random.default_rng(number), voice)
        sound = soxr.resample(clip.samples, clip.rate, RATE)
        yield Case(sound * (0.5 / float(np.abs(sound).max())), text, clip.speaker)


def _consultations(folder: Path, table: Path) -> Iterator[Case]:
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Case(data.sound(folder / row["file"]), row["said"])


@contextmanager
def _moonshine() -> Iterator[tuple[SentenceHearing, int]]:
    hearing = Moonshine()
    time.sleep(1.0)  # a process that is just being started has no name yet
    yield hearing, children("skill.listening.moonshine_worker")[0]
    hearing.close()


@contextmanager
def _vosk(model: Path) -> Iterator[tuple[SentenceHearing, int]]:
    recogniser = Recogniser(model, load=ChildModel)
    hearing = recogniser.sentences()
    assert hearing is not None
    yield hearing, children("skill.listening.worker")[0]
    recogniser.close()


def _measure(hearing: SentenceHearing, cases: Sequence[Case]) -> tuple[float, float]:
    """Share of the words that are wrong, and seconds of waiting a second of sound."""
    wrong = words = 0
    seconds = sound = 0.0
    for case in cases:
        samples, said = pcm(case.sound), (case.text or "").split()
        began = time.perf_counter()
        heard = hearing.hear(samples, RATE, "place").text.split()
        seconds += time.perf_counter() - began
        sound += len(samples) / RATE
        wrong, words = wrong + _distance(said, heard), words + len(said)
    return wrong / words, seconds / sound


def _distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words put in, left out or changed."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        before, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def _peak(process: int) -> float:
    """MB resident at most."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
