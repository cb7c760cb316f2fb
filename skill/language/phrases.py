"""Phrases that stand for something, found word by word: the longest that fits wins."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")


class Phrases(Generic[Meaning]):
    """A table of phrases of one or more words."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = {tuple(phrase.split()): meaning for phrase, meaning in meanings.items()}
        self._longest = max((len(words) for words in self._meanings), default=0)
        self._lengths: dict[str, tuple[int, ...]] = {}
        for words in sorted(self._meanings, key=len, reverse=True):
            known = self._lengths.get(words[0], ())
            self._lengths[words[0]] = known if len(words) in known else (*known, len(words))

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every phrase."""
        return frozenset(word for phrase in self._meanings for word in phrase)

    def at(self, words: Sequence[str], start: int) -> tuple[Meaning, int] | None:
        """What the phrase that begins at word `start` means, and the word after it."""
        if not 0 <= start < len(words):
            return None
        for length in self._lengths.get(words[start], ()):
            phrase = tuple(words[start : start + length])
            if len(phrase) == length and phrase in self._meanings:
                return self._meanings[phrase], start + length
        return None

    def ends(self, words: Sequence[str], end: int) -> bool:
        """Whether one of the phrases ends just before word `end`."""
        lengths = range(1, min(self._longest, end) + 1)
        return any(tuple(words[end - length : end]) in self._meanings for length in lengths)

    def inside(self, words: Sequence[str], start: int = 0) -> tuple[Meaning, int, int] | None:
        """The first phrase from word `start` on: its meaning, its first word and the word after it."""
        for at in range(start, len(words)):
            if found := self.at(words, at):
                return found[0], at, found[1]
        return None
