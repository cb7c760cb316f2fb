"""What the reader looks at in a sentence: pieces of it by themselves, and together with the question."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

#: Features are numbered by a hash of their names; two that share a number are learnt as one.
BUCKETS: Final = 1 << 18
#: Words of a sentence that are looked at; a longer one loses its middle.
LONGEST: Final = 60
#: Words in a row that make one feature.
_ROW: Final = 3
#: Letters in a row that make one feature, spaces of words included.
_LETTERS: Final = (3, 4, 5)
#: Words between which another may stand that does not count: "no … but".
_APART: Final = 5
#: Words at either end that are features of their own.
_ENDS: Final = 3


def features(words: Sequence[str], question: str, clusters: Mapping[str, int]) -> list[int]:
    """The numbers of all features of an answer to `question`, each once. `clusters`: words of like meaning."""
    if len(words) > LONGEST:
        words = [*words[: LONGEST // 2], *words[-(LONGEST // 2) :]]
    names = set(_everywhere(words, clusters))
    crossed = {f"{question}|{name}" for name in _at_this_question(words, clusters)}
    return sorted({zlib.crc32(name.encode()) % BUCKETS for name in names | crossed})


def _everywhere(words: Sequence[str], clusters: Mapping[str, int]) -> Iterator[str]:
    yield "always"
    yield f"length {min(len(words), 4) if len(words) < 5 else 5 + len(words) // 8}"
    yield from _rows("w", words)
    yield from _rows("c", _clustered(words, clusters))
    for at in range(min(_ENDS, len(words))):
        yield f"first{at} {words[at]}"
        yield f"last{at} {words[-1 - at]}"
    yield f"begin {' '.join(words[:2])}"
    for at, word in enumerate(words):
        for other in words[at + 2 : at + 2 + _APART]:
            yield f"s {word} {other}"
    for word in words:
        framed = f" {word} "
        for size in _LETTERS:
            for start in range(len(framed) - size + 1):
                yield f"l {framed[start : start + size]}"


def _at_this_question(words: Sequence[str], clusters: Mapping[str, int]) -> Iterator[str]:
    yield "always"
    yield from _rows("w", words)
    yield from _rows("c", _clustered(words, clusters))
    if words:
        yield f"first {words[0]}"
        for word in words[1:]:
            yield f"f {words[0]} {word}"


def _clustered(words: Sequence[str], clusters: Mapping[str, int]) -> list[str]:
    return [f"#{clusters[word]}" if word in clusters else word for word in words]


def _rows(kind: str, words: Sequence[str]) -> Iterator[str]:
    for size in range(1, _ROW + 1):
        for start in range(len(words) - size + 1):
            yield f"{kind} {' '.join(words[start : start + size])}"
