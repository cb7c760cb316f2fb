"""Two ways to say the same words: "it is over" and "it's over"."""

import re
from functools import lru_cache
from typing import Final

#: What is contracted, as a pattern of whole words, and to what.
_FORMS: Final = (
    (r"(i) am", r"\1'm"),
    (r"(it|that|there|he|she|what|where) is", r"\1's"),
    (r"(you|we|they) are", r"\1're"),
    (r"(i|you|we|they) have", r"\1've"),
    (r"(do|does|did|is|are|was|were|have|has|had|could|would|should) not", r"\1n't"),
    (r"(?:can not|cannot)", "can't"),
    (r"will not", "won't"),
)
_PATTERNS: Final = tuple((re.compile(rf"\b{full}\b"), short) for full, short in _FORMS)
_MAY_BE: Final = re.compile(r"\b(?:am|is|are|have|not|cannot)\b")


@lru_cache(maxsize=32_768)
def contracted(phrase: str) -> str:
    """The plain words with every contraction that is usual in speech; alone, "it is" stays as it is."""
    if not _MAY_BE.search(phrase):
        return phrase
    short = phrase
    for full, contraction in _PATTERNS:
        short = full.sub(contraction, short)
    return short if " " in short else phrase
