"""The linear half of the reader: the weights of the features in an answer, added up for every label."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.understanding.reader.features import BUCKETS, features

Floats = NDArray[np.float32]


class Linear:
    """Sparse weights: few features say anything of most labels."""

    def __init__(self, file: Path, clusters: Mapping[str, int], labels: int) -> None:
        """Raises OSError, ValueError or KeyError where `file` is none that `training/reader` wrote."""
        with np.load(file, allow_pickle=False) as stored:
            counts = np.zeros(BUCKETS + 1, np.int64)
            counts[np.cumsum(stored["steps"].astype(np.int64)) + 1] = stored["counts"]
            self._starts = np.cumsum(counts)
            self._labels = stored["labels"].astype(np.intp)
            self._weights = stored["weights"].astype(np.float32) * np.float32(stored["scale"])
        self._clusters = clusters
        self._count = labels

    def scores(self, words: Sequence[str], question: str) -> Floats:
        """A score for every label of `words` in answer to `question`."""
        found = features(words, question, self._clusters)
        places = np.concatenate([np.arange(self._starts[number], self._starts[number + 1]) for number in found])
        sums = np.bincount(self._labels[places], self._weights[places], self._count)
        scores: Floats = (sums / np.sqrt(len(found))).astype(np.float32)
        return scores
