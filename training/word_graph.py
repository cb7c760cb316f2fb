"""The decoding graph of single words: a tree of their sounds, from which any row of them can be heard.

A word's number stands at its end, where the language model's cost falls due. So that the beam sees likely words before,
each branch of the tree is charged the unigram cost of its likeliest word, which is given back at the word's end.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from skill.listening.fst import Fst
from skill.listening.graph import Costs
from skill.listening.lexicon import Lexicon
from skill.listening.phones import NOISE, SILENCE, entry_transition, loop_transition, unit

#: How much of the unigram cost is charged in advance.
_AHEAD: Final = 0.8
#: Numbers rounded so that the graph can be packed small.
_STEP: Final = 1 / 32


class WordGraph:
    """One graph under construction."""

    def __init__(self, lexicon: Lexicon, costs: Costs, unigram: Mapping[str, float]) -> None:
        """`unigram`: probabilities of the words."""
        self._lexicon = lexicon
        self._costs = costs
        self._unigram = unigram
        self._branches: list[dict[int, int]] = [{}]  # by node: the next unit's node; node 0 is the root
        self._ends: list[list[str]] = [[]]
        self._best: list[float] = [math.inf]

    def build(self, words: Mapping[str, int]) -> Fst:
        """Any row of `words`, which are given with their numbers."""
        for word in words:
            for phones in self._lexicon.pronunciations(word):
                self._grow(word, phones)
        fst = Fst()
        start, loop, end = fst.state(), fst.state(), fst.state()
        fst.final[loop] = 0.0
        self._pause(fst, start, loop, self._costs.edge_silence)
        self._pause(fst, end, loop, self._costs.inner_silence)
        noise, number = fst.state(), unit(NOISE)
        fst.arc(loop, noise, entry_transition(number), cost=self._costs.noise)
        fst.arc(noise, noise, loop_transition(number))
        fst.arc(noise, loop)
        states = [loop, *(fst.state() for _ in self._branches[1:])]
        for node, branches in enumerate(self._branches):
            before = self._best[node] if node else 0.0
            for number, child in sorted(branches.items()):
                ahead = round((self._best[child] - before) / _STEP) * _STEP
                fst.arc(states[node], states[child], entry_transition(number), cost=ahead)
                fst.arc(states[child], states[child], loop_transition(number))
            for word in self._ends[node]:
                fst.arc(states[node], end, word=words[word], cost=round(-before / _STEP) * _STEP)
        return fst

    def _grow(self, word: str, phones: Iterable[str]) -> None:
        cost, node, row = -_AHEAD * math.log(self._unigram[word]), 0, tuple(phones)
        for phone, left in zip(row, (None, *row), strict=False):
            number = unit(phone, left)
            if number not in self._branches[node]:
                self._branches[node][number] = len(self._branches)
                self._branches.append({})
                self._ends.append([])
                self._best.append(math.inf)
            node = self._branches[node][number]
            self._best[node] = min(self._best[node], cost)
        if word not in self._ends[node]:
            self._ends[node].append(word)

    @staticmethod
    def _pause(fst: Fst, source: int, target: int, probability: float) -> None:
        silence, number = fst.state(), unit(SILENCE)
        fst.arc(source, target, cost=-math.log(1 - probability))
        fst.arc(source, silence, entry_transition(number), cost=-math.log(probability))
        fst.arc(silence, silence, loop_transition(number))
        fst.arc(silence, target)
