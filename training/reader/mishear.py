"""What Moonshine hears of examples: `python -m training.reader.mishear --voices hibari piper espeak --number N`.

Says examples of people who may be learnt from in synthetic voices, a third each in quiet and in noise of 18 and 10 dB,
and writes what was heard beside what was said to `training/examples/heard.tsv`. Goes on where it stopped. The voices
are those of `training/requirements-voices.txt`.
"""

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import numpy as np

from training.examples.loader import FOLDER, Example, load_examples

FILE: Final = FOLDER.parent / "heard.tsv"
COLUMNS: Final = ("question", "persona", "said", "meaning", "heard")
#: Samples a second that the recogniser gets, and seconds of quiet after the words.
_RATE: Final = 16_000
_QUIET: Final = 0.5
#: Decibels of speech over noise, by turns; None is no noise.
_NOISE: Final = (None, 18.0, 10.0)
_PEAK: Final = 0.5
#: Words of what is said: one alone is heard by phrases.
_LEAST, _MOST = 2, 25
#: Words in a row that may be heard as others.
_ROW: Final = 2
_SEED: Final = 5


@dataclass(frozen=True, slots=True)
class Misheard:
    """An example, and what a recogniser made of it."""

    example: Example
    heard: str


def load_misheard(file: Path = FILE) -> list[Misheard]:
    """What was heard so far; nothing where there is no file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Misheard(Example(row["question"], row["persona"], row["said"], row["meaning"]), row["heard"])
            for row in rows
        ]


def confusions(misheard: Sequence[Misheard]) -> Mapping[str, Sequence[str]]:
    """Word → what was heard instead of it, as often as it was; words that were never misheard are missing."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in misheard:
        said, heard = one.example.said.split(), one.heard.split()
        for kind, start, end, other, last in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
            if kind == "replace" and end - start == 1 and 1 <= last - other <= _ROW:
                found[said[start]].append(" ".join(heard[other:last]))
    return found


def main() -> None:
    """Say and hear, and write a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", nargs="+", default=["hibari", "piper", "espeak"])
    parser.add_argument("--number", type=int, default=1500)
    arguments = parser.parse_args()
    done = len(load_misheard())
    new = not FILE.exists()
    with FILE.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for one in _heard(_drawn(arguments.number)[done:], done, arguments.voices):
            example = one.example
            writer.writerow((example.question, example.persona, example.said, example.meaning, one.heard))
            out.flush()


def _drawn(number: int) -> list[Example]:
    chosen = [one for one in load_examples() if not one.held_out and _LEAST <= len(one.said.split()) <= _MOST]
    random.Random(_SEED).shuffle(chosen)
    return chosen[:number]


def _heard(examples: Sequence[Example], first: int, voices: Sequence[str]) -> Iterator[Misheard]:
    import soxr

    from skill.listening.moonshine import Moonshine
    from training.voices import engine

    moonshine, engines = Moonshine(), [engine(name) for name in voices]
    for number, example in enumerate(examples, first):
        chance = np.random.default_rng([number, _SEED])
        clip = engines[number % len(engines)](example.said, chance)
        sound = soxr.resample(clip.samples, clip.rate, _RATE).astype(np.float32)
        decibels = _NOISE[number // len(engines) % len(_NOISE)]
        if decibels is not None:
            noise = chance.standard_normal(len(sound)).astype(np.float32)
            sound += noise * np.float32(sound.std() / 10 ** (decibels / 20))
        pcm = (sound * (_PEAK * 32_767 / (float(np.abs(sound).max()) + 1e-9))).astype(np.int16)
        samples = np.concatenate([pcm, np.zeros(int(_QUIET * _RATE), np.int16)])
        yield Misheard(example, moonshine.hear(samples, _RATE, example.question).text)
    moonshine.close()


if __name__ == "__main__":
    main()
