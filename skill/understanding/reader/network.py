"""The reader's network in numpy: pieces of an answer in, a score for every label out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Attention heads of every layer, as in MiniLM, whose first layers these are.
HEADS: Final = 12
_EPSILON: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Dense:
    """A matrix product with a bias: `weight` is in × out."""

    weight: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        """`x`: rows × in; rows × out."""
        y: Floats = x @ self.weight + self.bias
        return y


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation."""

    weight: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        """`x`: rows × hidden."""
        x = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((x * x).mean(-1, keepdims=True) + _EPSILON)
        y: Floats = x / scale * self.weight + self.bias
        return y


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer, normalised after each of its two sums as BERT is."""

    qkv: Dense
    out: Dense
    norm_a: Norm
    up: Dense
    down: Dense
    norm_b: Norm

    def __call__(self, x: Floats) -> Floats:
        """`x`: pieces × hidden."""
        length, hidden = x.shape
        q, k, v = self.qkv(x).reshape(length, 3, HEADS, hidden // HEADS).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(hidden // HEADS))
        mixed = (softmax(scores) @ v).transpose(1, 0, 2).reshape(length, hidden)
        x = self.norm_a(x + self.out(mixed))
        return self.norm_b(x + self.down(_gelu(self.up(x))))


class Network:
    """The whole network, read from the file that `training/reader` writes."""

    def __init__(self, file: Path) -> None:
        """Raises OSError, ValueError or KeyError where `file` is none of these."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        self._words, self._word_scales = arrays["words.weight.int8"], arrays["words.weight.scale"]
        self._codes, self._code_scales = arrays["codes.weight.int8"], arrays["codes.weight.scale"]
        self._basis = _dense(arrays, "basis")
        self._places: Floats = _matrix(arrays, "places.weight")
        self._questions: Floats = _matrix(arrays, "questions.weight")
        self._norm = _norm(arrays, "norm")
        count = 1 + max(int(name.split(".")[1]) for name in arrays if name.startswith("layers."))
        self._layers = tuple(
            Layer(
                _dense(arrays, f"layers.{n}.qkv"),
                _dense(arrays, f"layers.{n}.out"),
                _norm(arrays, f"layers.{n}.norm_a"),
                _dense(arrays, f"layers.{n}.up"),
                _dense(arrays, f"layers.{n}.down"),
                _norm(arrays, f"layers.{n}.norm_b"),
            )
            for n in range(count)
        )
        self._head = _dense(arrays, "head")
        self.longest = len(self._places) - 1
        """Pieces of an answer that it can take."""

    def scores(self, question: int | None, sign: list[int], pieces: list[int]) -> Floats:
        """A score for every label. `question`: its row, None for one that training never saw; `sign`, `pieces`: ids."""
        front = self._embed(sign).mean(0) + self._places[0]
        if question is not None:
            front = front + self._questions[question]
        words = self._embed(pieces) + self._places[1 : len(pieces) + 1]
        x = self._norm(np.concatenate([front[None], words]))
        for layer in self._layers:
            x = layer(x)
        scores: Floats = self._head(np.concatenate([x[0], x[1:].mean(0)])[None])[0]
        return scores

    def _embed(self, pieces: list[int]) -> Floats:
        """The vectors of pieces; those numbered after the learnt ones are known by a short code."""
        ids, common = np.array(pieces, dtype=np.intp), len(self._words)
        rare = ids >= common
        rows: Floats = np.empty((len(ids), self._words.shape[1]), np.float32)
        rows[~rare] = self._words[ids[~rare]] * self._word_scales[ids[~rare], None]
        codes = ids[rare] - common
        rows[rare] = self._basis(self._codes[codes] * self._code_scales[codes, None])
        return rows


def softmax(x: Floats) -> Floats:
    """Probabilities along the last axis."""
    x = np.exp(x - x.max(-1, keepdims=True))
    shares: Floats = x / x.sum(-1, keepdims=True)
    return shares


def _gelu(x: Floats) -> Floats:
    """The exact GELU by an approximation of the error function (Abramowitz and Stegun 7.1.26, |error| < 1.5e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = (
        t
        * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
        * np.exp(-z * z)
    )
    half = (0.5 * tail).astype(np.float32)
    y: Floats = x * np.where(x < 0, half, 1 - half)
    return y


def _matrix(arrays: dict[str, NDArray[np.generic]], name: str) -> Floats:
    matrix: Floats = arrays[f"{name}.int8"].astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)[:, None]
    return matrix


def _dense(arrays: dict[str, NDArray[np.generic]], name: str) -> Dense:
    return Dense(np.ascontiguousarray(_matrix(arrays, f"{name}.weight").T), arrays[f"{name}.bias"].astype(np.float32))


def _norm(arrays: dict[str, NDArray[np.generic]], name: str) -> Norm:
    return Norm(arrays[f"{name}.weight"].astype(np.float32), arrays[f"{name}.bias"].astype(np.float32))
