"""Lattice-free maximum mutual information, and its gradient, with no lattice and no automatic differentiation.

The objective of an utterance is log P(sound, its transcript) - log P(sound, anything), where a path through units
scores the network's output for the first frame of each unit (`entry`) and for every later one (`loop`), and the bigram
scores the units. Its gradient is the difference of the two posteriors (Povey et al., "Purely sequence-trained neural
networks for ASR based on lattice-free MMI", Interspeech 2016; flat start as in Hadian et al., Interspeech 2018).

Scores are [frames, utterances, 2 * units]: all entries, then all loops.
"""

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt
import torch

from training.language import Bigram, Graph

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_NOTHING = -1e30


@numba.njit(inline="always")
def _add(a: float, b: float) -> float:
    """log(exp(a) + exp(b))"""
    if a < b:
        a, b = b, a
    difference = b - a
    return a if difference < -30.0 else a + np.log1p(np.exp(difference))


@numba.njit(cache=True, fastmath=True)
def _one(
    scores: Floats,
    frames: int,
    units: Ints,
    sources: Ints,
    first_arc: Ints,
    weights: Floats,
    finals: Floats,
    out: Floats,
) -> float:
    """Adds the posteriors of one utterance (`scores` and `out`: [frames, 2 * units]); the log likelihood."""
    states, loops = len(units), scores.shape[1] // 2
    entered = np.full((frames, states), _NOTHING)
    alpha = np.full((frames, states), _NOTHING)
    for t in range(frames):
        for s in range(states):
            enter = _NOTHING
            for arc in range(first_arc[s], first_arc[s + 1]):
                source = sources[arc]
                if source < 0:
                    if t == 0:
                        enter = _add(enter, weights[arc])
                elif t > 0:
                    enter = _add(enter, alpha[t - 1, source] + weights[arc])
            enter += scores[t, units[s]]
            entered[t, s] = enter
            alpha[t, s] = enter if t == 0 else _add(enter, alpha[t - 1, s] + scores[t, loops + units[s]])
    total = _NOTHING
    for s in range(states):
        total = _add(total, alpha[frames - 1, s] + finals[s])
    if total < -1e20:
        return _NOTHING
    beta = finals.astype(np.float64)
    for t in range(frames - 1, -1, -1):
        before = np.full(states, _NOTHING)
        for s in range(states):
            if beta[s] < -1e20:
                continue
            out[t, units[s]] += np.exp(entered[t, s] + beta[s] - total)
            if t > 0:
                stay = scores[t, loops + units[s]] + beta[s]
                out[t, loops + units[s]] += np.exp(alpha[t - 1, s] + stay - total)
                before[s] = _add(before[s], stay)
                enter = scores[t, units[s]] + beta[s]
                for arc in range(first_arc[s], first_arc[s + 1]):
                    if sources[arc] >= 0:
                        before[sources[arc]] = _add(before[sources[arc]], weights[arc] + enter)
        beta = before
    return total


class Objective:
    """LF-MMI over one bigram."""

    def __init__(self, bigram: Bigram) -> None:
        with np.errstate(divide="ignore"):
            self._log_start, self._log_next = np.log(bigram.start), np.log(bigram.next)
            self._log_final = np.maximum(np.log(bigram.final), _NOTHING).astype(np.float32)
        self._start, self._final = torch.from_numpy(bigram.start), torch.from_numpy(bigram.final)
        self._next = torch.from_numpy(bigram.next).contiguous()
        self._back = self._next.T.contiguous()

    def numerator(
        self, scores: torch.Tensor, frames: Sequence[int], graphs: Sequence[Graph]
    ) -> tuple[Floats, torch.Tensor]:
        """Log likelihoods [utterances] of the transcripts, and posteriors of the scores' shape."""
        values, posteriors = scores.numpy(), np.zeros(scores.shape, np.float32)
        totals = np.zeros(len(graphs), np.float32)
        for b, (length, graph) in enumerate(zip(frames, graphs, strict=True)):
            targets = np.repeat(graph.units, np.diff(graph.first_arc))
            begins = graph.sources < 0
            weights = np.where(
                begins, self._log_start[targets], self._log_next[graph.units[np.maximum(graph.sources, 0)], targets]
            )
            finals = np.where(graph.final, self._log_final[graph.units], np.float32(_NOTHING))
            totals[b] = _one(
                values[:, b], length, graph.units, graph.sources, graph.first_arc, weights, finals, posteriors[:, b]
            )
        return totals, torch.from_numpy(posteriors)

    def denominator(self, scores: torch.Tensor, frames: Sequence[int]) -> tuple[Floats, torch.Tensor]:
        """Log likelihoods [utterances] of anything, and posteriors of the scores' shape."""
        length, utterances, width = scores.shape
        units = width // 2
        highest = scores.amax(2, keepdim=True)
        likelihood = (scores - highest).exp_()
        over = torch.arange(length)[:, None] >= torch.tensor(frames)[None]
        entry, loop = likelihood[..., :units], likelihood[..., units:]
        entry[over] = 0.0  # after its end an utterance stands still
        loop[over] = 1.0
        alpha = torch.empty(length, utterances, units)
        entered = torch.empty(length, utterances, units)
        scale = torch.empty(length, utterances, 1)
        for t in range(length):
            if t == 0:
                torch.mul(entry[0], self._start, out=entered[0])
                alpha[0] = entered[0]
            else:
                torch.matmul(alpha[t - 1], self._next, out=entered[t])
                entered[t] *= entry[t]
                torch.addcmul(entered[t], alpha[t - 1], loop[t], out=alpha[t])
            torch.sum(alpha[t], 1, keepdim=True, out=scale[t]).clamp_(min=1e-30)
            alpha[t] /= scale[t]
        ending = (alpha[-1] * self._final).sum(1, keepdim=True).clamp_(min=1e-30)
        logs = torch.where(over[..., None], 0.0, scale.log() + highest).sum(0) + ending.log()
        beta = self._final / ending
        for t in range(length - 1, -1, -1):
            beta = beta / scale[t]
            coming = entry[t] * beta
            staying = loop[t] * beta
            entry[t] = entered[t] * beta
            if t == 0:
                loop[0] = 0.0
            else:
                loop[t] = alpha[t - 1] * staying
                beta = torch.addmm(staying, coming, self._back)
        likelihood[over] = 0.0
        return logs[:, 0].numpy(), likelihood

    def __call__(
        self, scores: torch.Tensor, frames: Sequence[int], graphs: Sequence[Graph]
    ) -> tuple[Floats, torch.Tensor]:
        """The objective of each utterance (at most 0), and its gradient with respect to the scores."""
        told, gradient = self.numerator(scores, frames, graphs)
        anything, posteriors = self.denominator(scores, frames)
        objective = told - anything
        gradient -= posteriors
        lost = ~np.isfinite(objective) | (told < -1e20)
        if lost.any():  # too short for its transcript
            gradient[:, torch.from_numpy(lost)] = 0.0
            objective[lost] = np.nan
        return objective, gradient
