"""What may follow what: the units of a transcript as a small graph, and the bigram of all transcripts over units.

A unit after the last phone of a word, or after silence or noise, begins a word. The bigram is the denominator of
training, and its arcs weigh the numerators too, so that a numerator never exceeds its denominator.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from skill.listening.phones import NOISE, PHONE_IDS, PHONES, SILENCE, UNIT_COUNT, UNITS, unit
from training.augment import GASP_WORD, NOISE_WORD
from training.lexicon import Lexicon, Pronunciation, words

BIGRAM_FILE: Final = Path(__file__).resolve().parent.parent / "skill" / "listening" / "model" / "phone_bigram.txt"

SIL: Final = unit(SILENCE)
NSN: Final = unit(NOISE)

#: How often people pause between two words; before the first and after the last.
_PAUSE: Final = 0.2
_EDGE: Final = 0.8

#: Counts that every possible transition is given in advance.
_FLOOR: Final = 0.2
_FLOOR_START: Final = 0.05

START: Final = -1


@dataclass(frozen=True)
class Graph:
    """The units an utterance may pass through. State s scores unit `units[s]`; arcs are sorted by their target."""

    units: npt.NDArray[np.int32]
    sources: npt.NDArray[np.int32]
    """The state an arc leaves; -1 is the start of the utterance."""
    first_arc: npt.NDArray[np.int32]
    """[states + 1]: the arcs into state s are first_arc[s] … first_arc[s + 1] - 1."""
    final: npt.NDArray[np.bool_]
    shortest: int
    """Frames of the shortest way through."""


def spoken(text: str, lexicon: Lexicon) -> list[list[Pronunciation]] | None:
    """The pronunciations of each word, noise as the phone NSN; None when a word is unknown."""
    found: list[list[Pronunciation]] = []
    for part in _parts(text):
        forms: list[Pronunciation] | None = [(NOISE,)] if part == NOISE_WORD else lexicon.get(part)
        if forms is None:
            return None
        found.append(forms)
    return found


def _parts(text: str) -> Iterator[str]:
    for n, piece in enumerate(text.replace(GASP_WORD, "").split(NOISE_WORD)):
        if n:
            yield NOISE_WORD
        yield from words(piece)


def _units(phones: Pronunciation) -> list[int]:
    return [unit(phone, left) for phone, left in zip(phones, (None, *phones), strict=False)]


def graph(forms: Sequence[Sequence[Pronunciation]], *, gasping: bool = False) -> Graph:
    """Every pronunciation of every word in a row, with optional silence between, before and after them.

    Nothing said is silence; nothing but noise is noise with silences anywhere. With `gasping` a noise and a silence
    may follow any word.
    """
    states: list[int] = []
    arcs: list[list[int]] = []

    def state(number: int, sources: Iterable[int]) -> int:
        states.append(number)
        arcs.append(list(sources))
        return len(states) - 1

    ends: list[int] = [START]
    ends.append(state(SIL, ends))
    for pronunciations in forms:
        word_ends = []
        for phones in pronunciations:
            end = ends
            for number in _units(phones):
                end = [state(number, end)]
            word_ends += end
        if pronunciations == [(NOISE,)]:  # a noise may pause and go on
            pause = state(SIL, word_ends)
            arcs[word_ends[0]].append(pause)
            ends = [*word_ends, pause]
        else:
            pause = state(SIL, word_ends)
            ends = [*word_ends, pause]
            if gasping:
                gasp = state(NSN, ends)
                ends += [gasp, state(SIL, [gasp])]
    if not forms:
        ends = [0]
    counts = [len(a) for a in arcs]
    return Graph(
        units=np.array(states, np.int32),
        sources=np.array([s for a in arcs for s in a], np.int32),
        first_arc=np.cumsum([0, *counts]).astype(np.int32),
        final=np.isin(np.arange(len(states)), ends),
        shortest=max(1, sum(min(map(len, pronunciations)) for pronunciations in forms)),
    )


@dataclass(frozen=True)
class Bigram:
    """Probabilities over units."""

    start: npt.NDArray[np.float32]
    """[units]"""
    next: npt.NDArray[np.float32]
    """[units, units], from row to column; a row and its `final` sum to 1."""
    final: npt.NDArray[np.float32]
    """[units]"""


def _allowed() -> npt.NDArray[np.float64]:
    """The floor of counts: inside a word the left class must be right; a word may begin after anything."""
    floor = np.zeros((UNIT_COUNT, UNIT_COUNT))
    begins = [unit(phone) for phone in PHONES]
    for source, (left, _) in enumerate(UNITS):
        floor[source, begins] = _FLOOR_START
        floor[source, [SIL, NSN]] = _FLOOR_START
        if left not in (SILENCE, NOISE):
            floor[source, [unit(phone, left) for phone in PHONES]] += _FLOOR
    floor[SIL, SIL] = 0  # staying is the unit's own loop
    floor[NSN, NSN] = 0
    return floor


def bigram(texts: Iterable[Sequence[Sequence[Pronunciation]]]) -> Bigram:
    """Estimated from the words of many utterances, each pronunciation of a word counted alike."""
    begins, ends, edges = np.zeros(UNIT_COUNT), np.zeros(UNIT_COUNT), defaultdict[tuple[int, int], float](float)
    for forms in texts:
        before: list[tuple[int, float]] = []
        begins[SIL] += _EDGE if forms else 1
        if not forms:
            ends[SIL] += 1
        for n, pronunciations in enumerate(forms):
            share, after = 1 / len(pronunciations), []
            for first, *rest in map(_units, pronunciations):
                if n == 0:
                    begins[first] += (1 - _EDGE) * share
                    edges[SIL, first] += _EDGE * share
                for last, weight in before:
                    edges[last, first] += (1 - _PAUSE) * weight * share
                    edges[last, SIL] += _PAUSE * weight * share
                    edges[SIL, first] += _PAUSE * weight * share
                for number, follower in pairwise([first, *rest]):
                    edges[number, follower] += share
                after.append(([first, *rest][-1], share))
            before = after
        for last, weight in before:
            edges[last, SIL] += _EDGE * weight
            ends[SIL] += _EDGE * weight
            ends[last] += (1 - _EDGE) * weight
    counts = _allowed()
    for (source, target), count in edges.items():
        counts[source, target] += count
    begins[[SIL, NSN, *(unit(p) for p in PHONES)]] += 1
    ends += 0.02 * counts.sum(1)
    totals = counts.sum(1) + ends
    return Bigram(
        start=(begins / begins.sum()).astype(np.float32),
        next=(counts / totals[:, None]).astype(np.float32),
        final=(ends / totals).astype(np.float32),
    )


def phone_bigram(texts: Iterable[Sequence[Sequence[Pronunciation]]], floor: float = 0.3) -> npt.NDArray[np.float64]:
    """Log probabilities [41, 41] of a phone (column) after a phone (row) of the same word; row 0 is a word's start.

    Rows and columns are Kaldi's phone numbers less one: silence (as a row: the word's start), noise, the 39 phones.
    A column 0 is the word's end.
    """
    counts = np.full((len(PHONE_IDS), len(PHONE_IDS)), floor)
    for forms in texts:
        for pronunciations in forms:
            for phones in pronunciations:
                numbers = [0, *(PHONE_IDS[p] - 1 for p in phones), 0]
                for left, right in pairwise(numbers):
                    counts[left, right] += 1 / len(pronunciations)
    noise = PHONE_IDS[NOISE] - 1
    counts[noise, :] = counts[:, noise] = 0
    counts[0, 0] = 0
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(counts / np.maximum(counts.sum(1, keepdims=True), 1e-300)))


def write_phone_bigram(table: npt.NDArray[np.float64], path: Path = BIGRAM_FILE) -> None:
    """`left<TAB>right<TAB>natural log of P(right | left)`, one pair a line; `<w>` begins a word and `</w>` ends it."""
    names = ["", NOISE, *PHONES]
    lines = [
        f"{names[i] or '<w>'}\t{names[j] or '</w>'}\t{table[i, j]:.3f}\n"
        for i in range(len(names))
        for j in range(len(names))
        if np.isfinite(table[i, j])
    ]
    path.write_text("".join(lines), encoding="utf-8")
