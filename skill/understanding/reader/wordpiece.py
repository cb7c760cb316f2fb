"""Words cut into the pieces that the reader knows (WordPiece, as BERT does it)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

PAD: Final = "[PAD]"
UNKNOWN: Final = "[UNK]"
BEGIN: Final = "[CLS]"
BREAK: Final = "[SEP]"

#: What a word falls into before it is cut: runs of letters and digits, and every other sign by itself.
_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]")
#: Letters in the longest word that is cut; a longer one is no word.
_LONGEST: Final = 40


class WordPieces:
    """A vocabulary of pieces; a piece inside a word begins with `##`."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = tuple(pieces)
        self._ids: Mapping[str, int] = {piece: place for place, piece in enumerate(self.pieces)}
        self.begin, self.end, self._unknown = self._ids[BEGIN], self._ids[BREAK], self._ids[UNKNOWN]
        self._cut = lru_cache(maxsize=8192)(self._cut_word)

    def encode(self, text: str) -> list[int]:
        """The ids of the pieces of `text`, longest piece first in every word; lower case is expected."""
        return [piece for word in _TOKEN.findall(text) for piece in self._cut(word)]

    def _cut_word(self, word: str) -> tuple[int, ...]:
        ids: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST:
            for end in range(len(word), start, -1):
                piece = self._ids.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    ids.append(piece)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(ids) or (self._unknown,)
