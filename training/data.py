"""The recordings: which files there are, what is said in them, and which of them training may hear.

The speech folder holds `manifest.tsv` (split, set, file, speaker, seconds, licence, text), `SPLIT.tar` or an unpacked
`SPLIT/` for each split, and `pseudo_agreement.tsv` (file, word error rate between two recognisers, the other's words).
"""

import csv
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
import soxr

from training.features import RATE, Samples

#: Machine transcripts that a second recogniser contradicts in more words than this are not believed.
MOST_DISAGREEMENT: Final = 0.15

#: Up to here they are taken where the network that is being trained agrees with them.
MOST_DISPUTED: Final = 0.5

#: Noise that goes on evenly: a background, taught as silence. Everything else is an event, taught as noise.
STEADY: Final = frozenset(
    [
        "crickets",
        "engine",
        "helicopter",
        "insects",
        "pink_noise",
        "rain",
        "running_tap",
        "sea_waves",
        "train",
        "vacuum_cleaner",
        "washing_machine",
        "white_noise",
        "wind",
        "hand_saw",
        "chainsaw",
    ]
)


@dataclass(frozen=True)
class Utterance:
    """One recording."""

    file: Path
    source: str
    """The set it comes from, or the synthetic engine."""
    speaker: str
    text: str
    """As written by its source; for noise, the kind of noise."""


def unpack(speech: Path, work: Path) -> Path:
    """The folder where every split is unpacked: `work`, filled from the archives of `speech` when it is not yet."""
    for archive in sorted(speech.glob("*.tar")):
        folder = work / archive.stem
        if not folder.exists():
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
    for table in speech.glob("*.tsv"):
        (work / table.name).write_bytes(table.read_bytes())
    return work


def split(speech: Path, name: str) -> list[Utterance]:
    """The recordings of one split, in the order of the manifest."""
    return [
        Utterance(speech / name / row["file"], row["set"], row["speaker"], row["text"])
        for row in _table(speech / "manifest.tsv")
        if row["split"] == name
    ]


def believed(speech: Path) -> list[Utterance]:
    """The recordings of `train_pseudo` on whose words two recognisers agree."""
    return [u for u, disagreement in _pseudo(speech) if disagreement <= MOST_DISAGREEMENT]


def disputed(speech: Path) -> list[Utterance]:
    """The recordings of `train_pseudo` on whose words two recognisers agree in part."""
    return [u for u, disagreement in _pseudo(speech) if MOST_DISAGREEMENT < disagreement <= MOST_DISPUTED]


def _pseudo(speech: Path) -> Iterator[tuple[Utterance, float]]:
    """Transcripts written by a recogniser, with the word error rate between it and another one."""
    rates = {row["file"]: float(row["word_error_rate"]) for row in _table(speech / "pseudo_agreement.tsv")}
    for utterance in split(speech, "train_pseudo"):
        yield utterance, rates.get(str(utterance.file.relative_to(speech / "train_pseudo")), 0.0)


def words(speech: Path) -> list[Utterance]:
    """Single words of many people; none where the split is missing."""
    return split(speech, "train_words")


def read_aloud(speech: Path) -> list[Utterance]:
    """More sentences that people read; none where the split is missing."""
    return split(speech, "train_libri")


def talk(speech: Path) -> list[Utterance]:
    """Free speech of people; none where the split is missing."""
    return split(speech, "train_talk")


def transcripts(speech: Path) -> list[str]:
    """All that is said in training and believed."""
    parts = split(speech, "train"), believed(speech), words(speech), read_aloud(speech), talk(speech)
    return [utterance.text for part in parts for utterance in part]


def noises(speech: Path, *, held_out: bool) -> list[Utterance]:
    """The noise clips for training, or the third of every kind that is kept for tests."""
    by_kind: dict[str, list[Utterance]] = {}
    for clip in split(speech, "noise"):
        by_kind.setdefault(clip.text, []).append(clip)
    return [c for clips in by_kind.values() for n, c in enumerate(clips) if (n % 3 == 2) == held_out]


def rendered(manifest: Path) -> list[Utterance]:
    """What a synthetic engine has said so far (the manifest of `training.render`)."""
    rows = [line.split("\t") for line in manifest.read_text(encoding="utf-8").splitlines()]
    return [Utterance(Path(file), manifest.parent.name, speaker, text) for file, speaker, _, text in rows]


def sound(file: Path) -> Samples:
    """Mono samples at 16 kHz, ±1."""
    samples, rate = sf.read(file, dtype="float32")
    if samples.ndim > 1:
        samples = np.ascontiguousarray(samples[:, 0])
    return np.asarray(samples if rate == RATE else soxr.resample(samples, rate, RATE), np.float32)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
