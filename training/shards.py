"""Features of many augmented utterances in one file, so that training never waits for sound.

`python -m training.shards OUT --speech DIR --rendered DIR` writes OUT/SOURCE-NNNN.COPY.npz. Shards that exist are kept,
and what is still being rendered is taken up by the next run: training looks for new shards at every epoch.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from training import data, rooms
from training.augment import NOISE_WORD, Augmenter
from training.features import RATE, Samples, mfcc
from training.noise import Noises

#: Recordings in a shard.
_SIZE: Final = 200

#: Longer recordings are left out (seconds).
_LONGEST: Final = 15.0

#: Without speech, for each recording with speech: nobody there; a noise.
_NOTHING: Final = 0.03
_EVENT: Final = 0.06

#: Different rooms, and places in them.
_ROOMS: Final = 500

#: The name that shards of disputed transcripts begin with.
DOUBTFUL: Final = "disputed"


@dataclass(frozen=True)
class Shard:
    """Utterances side by side."""

    features: npt.NDArray[np.float16]
    """[all frames, 40]"""
    lengths: npt.NDArray[np.int32]
    """Frames of each utterance."""
    texts: list[str]
    sources: list[str]

    def save(self, path: Path) -> None:
        """Written under another name first, so that a reader never sees half a shard."""
        with path.with_suffix(".part").open("wb") as file:
            np.savez(file, features=self.features, lengths=self.lengths, texts=self.texts, sources=self.sources)
        path.with_suffix(".part").rename(path)

    @staticmethod
    def load(path: Path) -> "Shard":
        """What `save` wrote."""
        with np.load(path) as arrays:
            return Shard(arrays["features"], arrays["lengths"], arrays["texts"].tolist(), arrays["sources"].tolist())


def make(utterances: Sequence[data.Utterance], augmenter: Augmenter, rng: np.random.Generator) -> Shard:
    """One augmented copy of each utterance, with silence and noise among them."""
    made: list[tuple[Samples, str, str]] = []
    for utterance in utterances:
        samples = data.sound(utterance.file)
        if len(samples) > _LONGEST * RATE:
            continue
        made.append((*augmenter.speech(samples, utterance.text, rng), utterance.source))
        if rng.random() < _NOTHING:
            made.append((augmenter.nothing(rng), "", "nothing"))
        if rng.random() < _EVENT:
            made.append((augmenter.event(rng), NOISE_WORD, "noise"))
    features = [mfcc(samples).astype(np.float16) for samples, _, _ in made]
    lengths = np.array([len(f) for f in features], np.int32)
    return Shard(np.concatenate(features), lengths, [text for _, text, _ in made], [source for _, _, source in made])


def groups(speech: Path, rendering: Path | None) -> list[tuple[str, list[data.Utterance]]]:
    """The utterances of each shard with its name; an engine's last, unfilled group waits.

    All sources in turn, in proportion to their sizes, so that training may begin when only some are made.
    """
    found: list[tuple[float, str, list[data.Utterance]]] = []
    for name, people in (
        ("words", data.words(speech)),
        ("people", data.split(speech, "train") + data.believed(speech)),
        ("read", data.read_aloud(speech)),
        ("talk", data.talk(speech)),
        (DOUBTFUL, data.disputed(speech)),
    ):
        order = np.random.default_rng(0).permutation(len(people))
        for first in range(0, len(people), _SIZE):
            part = [people[i] for i in order[first : first + _SIZE]]
            found.append((first / len(people), f"{name}-{first // _SIZE:04d}", part))
    for manifest in sorted(rendering.glob("*/manifest.tsv")) if rendering else ():
        said = data.rendered(manifest)
        for first in range(0, len(said) - _SIZE + 1, _SIZE):
            part = said[first : first + _SIZE]
            found.append((first / len(said), f"{manifest.parent.name}-{first // _SIZE:04d}", part))
    return [(name, part) for _, name, part in sorted(found, key=lambda one: one[:2])]


def prepare(out: Path, speech: Path, rendering: Path | None, copies: int) -> None:
    """Write the shards that are missing, all of the first copy before any of the second."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    people = data.split(speech, "train")
    babble = [data.sound(people[i].file) for i in rng.permutation(len(people))[:150]]
    augmenter = Augmenter(
        Noises(data.noises(speech, held_out=False)), babble, rooms.kept(out / "rooms.npz", _ROOMS, seed=2)
    )
    for copy in range(copies):
        for name, utterances in groups(speech, rendering):
            path = out / f"{name}.{copy}.npz"
            if not path.exists():
                shard = make(utterances, augmenter, np.random.default_rng([crc32(name.encode()), copy]))
                shard.save(path)
                print(
                    f"{path.name}: {len(shard.lengths)} utterances, {shard.lengths.sum() / 360_000:.2f} h", flush=True
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--speech", type=Path, required=True, help="unpacked speech folder")
    parser.add_argument("--rendered", type=Path, help="folder of rendered voices")
    parser.add_argument("--copies", type=int, default=3)
    a = parser.parse_args()
    prepare(a.out, a.speech, a.rendered, a.copies)
