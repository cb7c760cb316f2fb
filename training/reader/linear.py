"""Learns the linear half of the reader: sparse multinomial logistic regression by AdaGrad."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from skill.triage.model import Question
from skill.understanding.reader.features import BUCKETS, features
from skill.understanding.reader.labels import Label
from training.reader.data import Sample

#: Times that every sample is learnt, and how fast.
EPOCHS: Final = 8
RATE: Final = 1.0
_BATCH: Final = 128
#: AdaGrad's first sum of squares: what keeps the first steps small.
_FIRST: Final = 1e-3
#: Words of like meaning are put together by their places in MiniLM's space of words.
_CLUSTERS: Final = 700
#: Letters in the shortest word that belongs to a cluster.
_SHORTEST: Final = 3
#: Weights that are kept: those that move the most scores.
KEPT: Final = 1_200_000
_REACH: Final = 127


class LinearNet:
    """Weights of all features, and the labels that each question leaves open."""

    def __init__(self, labels: Sequence[Label], asked: Mapping[str, Question], clusters: Mapping[str, int]) -> None:
        self.bag = torch.nn.EmbeddingBag(BUCKETS, len(labels), mode="sum", sparse=True)
        torch.nn.init.zeros_(self.bag.weight)
        self.clusters = clusters
        self.places = {label: place for place, label in enumerate(labels)}
        self._rows = {question: row for row, question in enumerate(asked)}
        closed = [[0.0 if label.is_open_at(question) else -1e4 for label in labels] for question in asked.values()]
        self._closed = torch.tensor(closed)

    def features(self, pairs: Iterable[tuple[str, str]]) -> list[list[int]]:
        """The features of pairs of question and words."""
        return [features(said.split(), question, self.clusters) for question, said in pairs]

    def scores(self, found: Sequence[list[int]], questions: Sequence[str]) -> Tensor:
        """Answers × labels."""
        flat = torch.tensor([number for row in found for number in row])
        starts = torch.tensor(np.cumsum([0] + [len(row) for row in found[:-1]]))
        size = torch.tensor([len(row) ** -0.5 for row in found])[:, None]
        return self.bag(flat, starts) * size + self._closed[[self._rows[question] for question in questions]]

    def predict(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Probabilities of all labels, pairs of question and words × labels."""
        found = []
        with torch.no_grad():
            for start in range(0, len(pairs), _BATCH):
                part = pairs[start : start + _BATCH]
                scores = self.scores(self.features(part), [question for question, _ in part])
                found.append(torch.softmax(scores, -1).numpy())
        return np.concatenate(found)


def learn_linear(net: LinearNet, samples: Sequence[Sample], seed: int, name: str, epochs: int = EPOCHS) -> np.ndarray:
    """Learn from `samples`; how often each feature occurs in them."""
    optimiser = torch.optim.Adagrad(net.bag.parameters(), lr=RATE, initial_accumulator_value=_FIRST)
    found = net.features((sample.question, sample.heard or sample.said) for sample in samples)
    target = torch.tensor([net.places[sample.label] for sample in samples])
    weight = torch.tensor([sample.weight for sample in samples])
    began = time.monotonic()
    for epoch in range(epochs):
        order, loss_sum = np.random.default_rng([seed, epoch]).permutation(len(samples)), 0.0
        for start in range(0, len(samples), _BATCH):
            rows = order[start : start + _BATCH]
            scores = net.scores([found[row] for row in rows], [samples[row].question for row in rows])
            losses = cross_entropy(scores, target[rows], reduction="none") * weight[rows]
            loss = losses.sum() / weight[rows].sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            loss_sum += loss.item() * len(rows)
        seconds = time.monotonic() - began
        print(
            f"{name}: epoch {epoch + 1} of {epochs}, loss {loss_sum / len(samples):.3f}, {seconds:.0f} s",
            file=sys.stderr,
        )
    counts = np.zeros(BUCKETS, np.int64)
    for row in found:
        counts[row] += 1
    return counts


def word_clusters(
    samples: Iterable[Sample], embeddings: np.ndarray, known: Mapping[str, int], seed: int
) -> dict[str, int]:
    """Words of like meaning by number: k-means over MiniLM's word embeddings; a word alone is in none."""
    from scipy.cluster.vq import kmeans2

    words = sorted(
        {word for sample in samples for word in sample.said.split() if word in known and len(word) >= _SHORTEST}
    )
    points = np.array([embeddings[known[word]] for word in words])
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    _, numbers = kmeans2(points, min(_CLUSTERS, len(words) // 4), minit="points", rng=seed)
    sizes = Counter(numbers.tolist())
    return {word: number for word, number in zip(words, numbers.tolist(), strict=True) if sizes[number] > 1}


def export_linear(net: LinearNet, counts: np.ndarray, file: Path) -> None:
    """Write the weights that matter: a bucket's distance from the last one, how many weights it has, labels, values."""
    weights = net.bag.weight.detach().numpy()
    moved = np.abs(weights) * np.sqrt(counts)[:, None]
    least = np.partition(moved.ravel(), -KEPT)[-KEPT] if moved.size > KEPT else 0.0
    buckets, labels = np.nonzero(moved > max(least, 0.0))
    values = weights[buckets, labels]
    scale = float(np.abs(values).max()) / _REACH
    used, sizes = np.unique(buckets, return_counts=True)
    np.savez_compressed(
        file,
        steps=np.diff(used, prepend=0).astype(np.uint16),
        counts=sizes.astype(np.uint8),
        labels=labels.astype(np.uint16),
        weights=np.rint(values / scale).astype(np.int8),
        scale=np.float32(scale),
    )
