"""What training learns from: features with the graphs of their transcripts, in batches of about the same length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from training import language, lexicon, net, warp
from training.augment import GASP_WORD, NOISE_WORD
from training.features import SUBSAMPLING, decoded
from training.language import Bigram, Graph
from training.shards import DOUBTFUL, Shard

#: Answers in a batch.
_BATCH: Final = 3300

_MOST_UTTERANCES: Final = 64

#: One utterance in so many is kept for validation.
_HELD_OUT: Final = 100

#: Whose shards are taken in all their copies at once: they say the domain's words naturally.
_NATURAL: Final = ("kokoro", "hibari", "piper", "fragments")


@dataclass(frozen=True)
class Example:
    """An utterance ready to be trained on."""

    features: npt.NDArray[np.float16]
    graph: Graph
    text: str
    doubtful: bool = False
    """A recogniser wrote the transcript, and another one disagrees in places."""

    @property
    def answers(self) -> int:
        """How many times the network answers."""
        return decoded(len(self.features))


class Corpus:
    """All shards there are, each source file in one of its augmented copies at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lexicon = lexicon.full()
        self._unknown: set[str] = set()
        self._shards: dict[Path, list[Example]] = {}

    def refresh(self) -> None:
        """Read the shards that have appeared since."""
        for path in sorted(set(self._folder.glob("*.*.npz")) - self._shards.keys()):
            shard = Shard.load(path)
            self._learn(shard.texts)
            starts = np.cumsum([0, *shard.lengths])
            self._shards[path] = [
                Example(shard.features[first:last], graph, text, path.name.startswith(DOUBTFUL))
                for first, last, text in zip(starts, starts[1:], shard.texts, strict=False)
                if (graph := self._graph(text)) is not None and graph.shortest < decoded(last - first)
            ]

    def _learn(self, texts: Sequence[str]) -> None:
        unknown = {w for t in texts for w in lexicon.words(t) if w not in self._lexicon} - self._unknown
        self._lexicon |= lexicon.guess(unknown)
        self._unknown |= unknown - self._lexicon.keys()

    def _graph(self, text: str) -> Graph | None:
        forms = language.spoken(text, self._lexicon)
        return None if forms is None else language.graph(forms, gasping=GASP_WORD in text)

    def bigram(self, more: Sequence[str]) -> Bigram:
        """Over units, from all transcripts and `more` texts."""
        self._learn(more)
        texts = [e.text for examples in self._shards.values() for e in examples] + list(more)
        return language.bigram(forms for text in texts if (forms := language.spoken(text, self._lexicon)) is not None)

    def split(self, rng: np.random.Generator) -> tuple[list[Example], list[Example]]:
        """Training and validation examples; the copy of each shard is drawn anew."""
        copies: dict[str, list[Path]] = {}
        for path in sorted(self._shards):
            copies.setdefault(path.name.split(".")[0], []).append(path)
        training: list[Example] = []
        validation: list[Example] = []
        for name, paths in copies.items():
            kept = self._shards[paths[0]][::_HELD_OUT] if name.startswith("people") else []
            said = {e.text for e in kept} - {"", NOISE_WORD}
            validation += kept
            drawn = paths if name.startswith(_NATURAL) else [paths[rng.integers(len(paths))]]
            training += [e for path in drawn for e in self._shards[path] if e.text not in said]
        return training, validation


def batches(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[list[Example]]:
    """Examples of about the same length together, in a random order."""
    order = np.argsort([e.answers * rng.uniform(0.9, 1.1) for e in examples])
    found: list[list[Example]] = [[]]
    for i in order:
        longest = max([examples[i].answers, *(e.answers for e in found[-1])])
        if longest * (len(found[-1]) + 1) > _BATCH or len(found[-1]) >= _MOST_UTTERANCES:
            found.append([])
        found[-1].append(examples[i])
    for i in rng.permutation(len(found)):
        if found[i]:
            yield found[i]


def padded(
    examples: Sequence[Example], shape: net.Shape, rng: np.random.Generator | None = None
) -> tuple[torch.Tensor, list[int]]:
    """Features [frames, utterances, 40] with their edges repeated, as Vosk does it, and the answers of each.

    With `rng`, every utterance is warped anew (`training.warp`).
    """
    answers = [e.answers for e in examples]
    frames = SUBSAMPLING * (max(answers) - 1) + 1 + shape.left + shape.right
    features = np.stack(
        [e.features[np.clip(np.arange(frames) - shape.left, 0, len(e.features) - 1)] for e in examples], axis=1
    ).astype(np.float32)
    if rng:
        for n in range(len(examples)):
            if drawn := warp.drawn(rng):
                matrix, offset = drawn
                features[:, n] = features[:, n] @ matrix + offset
    return torch.from_numpy(features), answers
