"""Questions that a person asks instead of answering: how one is told, and which known ones are nearest to it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from skill.language.normalise import UNKNOWN, normalise

#: First words that make a question of whatever follows.
_OPENINGS: Final = frozenset(
    {"what", "what's", "why", "how", "can", "could", "should", "is", "are", "does", "do", "will"}
)
#: First words that may as well begin an answer, such as "when running".
_VAGUE_OPENINGS: Final = frozenset({"when", "where", "which"})
_SMALL_WORDS: Final = """
    a an the i i'm my me you your it its this that there these they to of for in on at by from with and or if so as
    about be am was were been have has had did would get
"""
#: Words that do not tell what a question is about.
_STOP_WORDS: Final = _OPENINGS.union(_VAGUE_OPENINGS, _SMALL_WORDS.split())
#: Letters in which two forms of a word agree: "cramp", "cramps", "cramping".
_STEM: Final = 5
#: Known questions that are offered in place of an unknown one.
OFFERED: Final = 2


def opens_as_question(text: str) -> bool:
    """Whether typed `text` begins like a question; "could you" begins a request, and `[unk]` may be anything."""
    words = normalise(text).split()
    return UNKNOWN not in words and not _OPENINGS.isdisjoint(words[:1]) and words[1:2] != ["you"]


def may_be_question(text: str) -> bool:
    """Whether typed `text` is likelier a question than anything else, if no part of it is an answer."""
    words = normalise(text).split()
    opens = not _OPENINGS.union(_VAGUE_OPENINGS).isdisjoint(words[:1])
    return UNKNOWN not in words and (opens or text.rstrip().endswith("?"))


def nearest(question: str, wordings: Mapping[str, str]) -> tuple[str, ...]:
    """The OFFERED entries that share most with `question`, the nearest first; `wordings`: sentence → its entry.

    A word that few entries know counts more than one that many know. Where nothing is shared, the first are offered.
    """
    words: dict[str, set[str]] = {}
    for sentence, entry in wordings.items():
        words.setdefault(entry, set()).update(_stems(sentence))
    known_by = Counter(stem for stems in words.values() for stem in stems)
    asked = set(_stems(question))
    shared = {
        entry: sum(math.log(1 + len(words) / known_by[stem]) for stem in sorted(stems & asked))
        for entry, stems in words.items()
    }
    return tuple(sorted(shared, key=shared.__getitem__, reverse=True)[:OFFERED])


def _stems(sentence: str) -> Iterator[str]:
    return (word[:_STEM] for word in normalise(sentence).split() if word not in _STOP_WORDS)
