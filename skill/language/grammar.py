"""What a person may say, and what it means.

A grammar is the list of all its sentences, expanded from the templates of one file under `grammars/`. The same list
makes the recogniser's vocabulary and reads the transcript: one source for both directions.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from skill.language.contractions import contracted
from skill.language.dialling import Telephones
from skill.language.normalise import UNKNOWN, normalise
from skill.language.numerals import dialled, digits, spoken
from skill.triage.model import Value

_LONG_NUMBER: Final = re.compile(r"\d{4,}")


@dataclass(frozen=True, slots=True)
class Sense:
    """What one sentence means."""

    topic: str
    """The name of the grammar that knows it: `yes_no`, `command`, …"""
    value: Value


@dataclass(frozen=True, slots=True)
class Reading:
    """What a transcript means under a grammar."""

    senses: tuple[Sense, ...]
    """In the order said; what is said twice stands once. Two senses of one topic contradict each other."""
    complete: bool
    """Whether there is a sense and every word was understood."""

    @property
    def sole(self) -> Sense | None:
        """The sense of a complete, unambiguous reading."""
        return self.senses[0] if self.complete and len(self.senses) == 1 else None


@dataclass(frozen=True)
class Grammar:
    """The sentences that may be said at one moment. All of them are lower-case words, see `normalise`."""

    name: str
    sentences: Mapping[str, Sense]
    fillers: frozenset[str] = frozenset()
    """Phrases that may stand anywhere and mean nothing: "um", "about", "it's been"."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """What typed words stand for: "mins" for "minutes"."""
    likely: frozenset[str] = frozenset()
    """The sentences that most people say."""
    telephones: Telephones = field(default_factory=Telephones)
    """Numbers to dial that are read digit by digit, however they are typed."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """How many times likelier a sentence is at this moment than the rest; 1 where nothing stands here."""

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Every sentence and filler: the entries that the recogniser listens for."""
        return tuple(sorted({*self.sentences, *self.fillers}))

    def expected(self, likely: int, other: int) -> "Grammar":
        """The same, its likely sentences weighing `likely` and the others `other`."""
        weights = {sentence: likely if sentence in self.likely else other for sentence in self.sentences}
        return replace(self, weights=weights)

    def union(self, *others: "Grammar") -> "Grammar":
        """This grammar and others at once. A sentence known to several means and weighs what the first of them says."""
        grammars = (self, *others)
        sentences: dict[str, Sense] = {}
        spellings: dict[str, str] = {}
        weights: dict[str, int] = {}
        for grammar in reversed(grammars):
            sentences.update(grammar.sentences)
            spellings.update(grammar.spellings)
            weights.update(grammar.weights)
        fillers = frozenset().union(*(grammar.fillers for grammar in grammars)) - sentences.keys()
        name = "+".join(grammar.name for grammar in grammars)
        telephones = self.telephones.union(*(grammar.telephones for grammar in others))
        return Grammar(name, sentences, fillers, spellings, telephones=telephones, weights=weights)

    def with_telephone(self, number: str) -> "Grammar":
        """The same with one more number to dial, wherever its own stand. `number` is digits."""
        if number in self.telephones.numbers:
            return self
        model = next(digits(known) for known in sorted(self.telephones.numbers) if len(dialled(known)) == 1)
        counted = spoken(int(number)) if len(number) < 3 else ()  # "call fifteen", but "fifteen" alone counts something
        more = {
            sentence.replace(model, said): sense
            for sentence, sense in self.sentences.items()
            if model in sentence
            for said in (*dialled(number), *(counted if sentence != model else ()))
        }
        telephones = self.telephones.union(Telephones(frozenset({number})))
        return replace(self, sentences={**more, **self.sentences}, telephones=telephones)

    def read(self, text: str) -> Reading:
        """What `text` means: a row of sentences and fillers; `[unk]` and strange words stay unread.

        Of all ways to cut the text, the one that leaves the fewest words unread wins, then the one with the longest
        pieces, by the sum of their squared lengths: "no idea" is never read as "no".
        """
        words = [self._contractions.get(word, word) for word in self._words(text)]
        # best[i], from word i on: the score to minimise, and where the piece at i ends (0: word i is unread)
        best: list[tuple[int, int, int]] = [(0, 0, 0)] * (len(words) + 1)
        for start in range(len(words) - 1, -1, -1):
            unread, squares, _ = best[start + 1]
            ways = [(unread + 1, squares, 0)]
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                if self._known(" ".join(words[start:end])) is not None:
                    unread, squares, _ = best[end]
                    ways.append((unread, squares - (end - start) ** 2, end))
            best[start] = min(ways)
        senses: list[Sense] = []
        start = 0
        while start < len(words):
            end = best[start][2]
            sense = self.sentences.get(self._known(" ".join(words[start:end])) or "")
            if sense and sense not in senses:
                senses.append(sense)
            start = end or start + 1
        return Reading(tuple(senses), bool(senses) and best[0][0] == 0)

    def _words(self, text: str) -> list[str]:
        """A longer row of digits that nobody dials stays unread: 1999 is not "nine nine nine"."""
        plain = self.telephones.said(unicodedata.normalize("NFKC", text).lower())
        return normalise(_LONG_NUMBER.sub(UNKNOWN, plain), self.spellings).split()

    def _known(self, phrase: str) -> str | None:
        """The sentence or filler that is said by `phrase`: itself, or what differs from it by contractions alone."""
        if phrase in self.sentences or phrase in self.fillers:
            return phrase
        return self._short.get(contracted(phrase))

    @cached_property
    def _short(self) -> dict[str, str]:
        """What can be contracted, by its short form; and what is contracted, by itself."""
        return {contracted(phrase): phrase for phrase in self.phrases if "'" in phrase or contracted(phrase) != phrase}

    @cached_property
    def _longest(self) -> int:
        """Words in the longest phrase."""
        return max((len(phrase.split()) for phrase in self.phrases), default=0)

    @cached_property
    def _contractions(self) -> dict[str, str]:
        """Words typed without their apostrophe: "cant" for "can't", where "cant" itself is no word of the grammar."""
        vocabulary = {word for phrase in self.phrases for word in phrase.split()}
        bare = {word.replace("'", ""): word for word in vocabulary if "'" in word}
        return {typed: word for typed, word in bare.items() if typed not in vocabulary}
