"""A word trigram after Kneser and Ney, interpolated, pruned by counts, as a transducer that Vosk decodes with.

R. Kneser and H. Ney, Improved backing-off for m-gram language modeling, ICASSP 1995; in the interpolated form of
S. F. Chen and J. Goodman, An empirical study of smoothing techniques for language modeling, 1998, equation 4.32.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skill.listening.fst import Fst

BEGIN: Final = "<s>"
END: Final = "</s>"

History = tuple[str, ...]


@dataclass(frozen=True)
class Trigram:
    """Probabilities of words after at most two others."""

    explicit: Mapping[History, Mapping[str, float]]
    """By history, the empty one included: the probabilities of the words that are listed there."""
    backoff: Mapping[History, float]
    """By history: what the probability after the shorter history is multiplied with where a word is not listed."""

    def probability(self, history: History, word: str) -> float:
        """Of `word` after `history`; 0 for a word that no history lists."""
        history = history[-2:]
        while history not in self.explicit:
            history = history[1:]
        listed = self.explicit[history]
        if word in listed or not history:
            return listed.get(word, 0.0)
        return self.backoff[history] * self.probability(history[1:], word)

    def perplexity(self, sentences: Iterable[Sequence[str]]) -> float:
        """Of the words that are known, ends included."""
        logs, count = 0.0, 0
        for sentence in sentences:
            history: History = (BEGIN,)
            for word in (*sentence, END):
                share = self.probability(history, word)
                if share > 0:
                    logs, count = logs + math.log(share), count + 1
                history = (*history, word)[-2:]
        return math.exp(-logs / max(1, count))


def estimate(
    sentences: Iterable[tuple[Sequence[str], int]], vocabulary: frozenset[str], least: tuple[int, int]
) -> Trigram:
    """From sentences and how often each counts. A word outside of `vocabulary` parts a sentence in two.

    `least`: how often two, and three, words in a row must be found to be listed.
    """
    counts: tuple[Counter[History], ...] = (Counter(), Counter(), Counter())
    for sentence, times in sentences:
        for row in _known((BEGIN, *sentence, END), vocabulary):
            for order in range(3):
                for place in range(len(row) - order):
                    counts[order][row[place : place + order + 1]] += times
    continuing = [_continuations(counts[1]), _continuations(counts[2])]  # KN counts distinct words before
    for order, below in enumerate(continuing):
        for gram, times in counts[order].items():
            if gram[0] == BEGIN:
                below[gram] = times  # nothing comes before a beginning
    explicit: dict[History, dict[str, float]] = {(): _unigram(continuing[0], vocabulary)}
    backoff: dict[History, float] = {}
    model = Trigram(explicit, backoff)
    for order, grams in ((1, continuing[1]), (2, counts[2])):
        listed, left = _listed(model, grams, least[order - 1], counts[order])
        explicit.update(listed)
        backoff.update(left)
    return model


def _known(row: Sequence[str], vocabulary: frozenset[str]) -> Iterable[tuple[str, ...]]:
    part: list[str] = []
    for word in row:
        if word in vocabulary or word in (BEGIN, END):
            part.append(word)
        else:
            yield tuple(part)
            part = []
    yield tuple(part)


def _continuations(grams: Counter[History]) -> Counter[History]:
    """How many different words stand before each row."""
    return Counter(gram[1:] for gram in grams)


def _unigram(counts: Counter[History], vocabulary: frozenset[str]) -> dict[str, float]:
    """Every word of the vocabulary has a share, as if it had been found half a time more."""
    shares = {word: counts[(word,)] + 0.5 for word in sorted(vocabulary | {END})}
    total = sum(shares.values())
    return {word: share / total for word, share in shares.items()}


def _listed(
    model: Trigram, grams: Counter[History], least: int, found: Counter[History]
) -> tuple[dict[History, dict[str, float]], dict[History, float]]:
    """The words to list after all histories of one length, interpolated with the shorter ones that `model` has."""
    once, twice = (sum(1 for times in grams.values() if times == n) for n in (1, 2))
    discount = once / (once + 2 * twice) if once else 0.5
    by_history: defaultdict[History, list[tuple[str, int]]] = defaultdict(list)
    for gram, times in grams.items():
        if gram[-1] != BEGIN:
            by_history[gram[:-1]].append((gram[-1], times))
    explicit, backoff = dict[History, dict[str, float]](), dict[History, float]()
    for history, followers in sorted(by_history.items()):
        total = sum(times for _, times in followers)
        left = discount * len(followers) / total
        listed = {
            word: (times - discount) / total + left * model.probability(history[1:], word)
            for word, times in followers
            if found[(*history, word)] >= least
        }
        if listed:
            below = sum(model.probability(history[1:], word) for word in listed)
            explicit[history] = listed
            backoff[history] = max(1e-6, 1 - sum(listed.values())) / max(1e-6, 1 - below)
    return explicit, backoff


def transducer(model: Trigram, words: Mapping[str, int], scale: float, step: float = 1 / 32) -> Fst:
    """An acceptor of word numbers. `scale` multiplies the costs, which are rounded to `step` to be packed small."""

    def cost(probability: float) -> float:
        return round(-math.log(max(probability, 1e-9)) * scale / step) * step

    fst = Fst()
    histories = sorted(model.explicit, key=lambda history: (history != (BEGIN,), len(history), history))
    states = {history: fst.state() for history in histories}
    for history, listed in model.explicit.items():
        state = states[history]
        for word, probability in sorted(listed.items()):
            if word == END:
                fst.final[state] = cost(probability)
            else:
                fst.arc(state, _after((*history, word), states), words[word], words[word], cost(probability))
        if history:
            fst.arc(state, _after(history[1:], states), cost=cost(model.backoff[history]))
    return fst


def _after(history: History, states: Mapping[History, int]) -> int:
    """The state of the longest known end of `history`."""
    history = history[-2:]
    while history not in states:
        history = history[1:]
    return states[history]
