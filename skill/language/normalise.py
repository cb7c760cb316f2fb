"""Typed or recognised text as the plain words that grammars are made of."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from skill.language.numerals import digits, spoken

#: The recogniser's word for speech that is no entry of the grammar.
UNKNOWN: Final = "[unk]"

_REWRITES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[\u2018\u2019\u02bc\u00b4`]", "'"),
        ("\u00bd", " 1/2"),
        ("\u2044", "/"),
        (r"(?<!\d)(\d+) +1/2\b", r"\1 and a half"),
        (r"\b(\d+)\.5\b", r"\1 and a half"),
        (r"\b1/2\b", "half"),
        (r"\b(\d+) ?/ ?(\d+)\b", r"\1 out of \2"),
        (r"\b(\d+) ?[-\u2013] ?(\d+)\b", r"\1 to \2"),
        (r"\b(\d+)\.(\d+)\b", r"\1 point \2"),
    )
)
_TOKEN: Final = re.compile(rf"{re.escape(UNKNOWN)}|[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_NO_SPELLINGS: Final[Mapping[str, str]] = {}


def normalise(text: str, spellings: Mapping[str, str] = _NO_SPELLINGS) -> str:
    """Lower-case words with single spaces: no punctuation, digits said in words, `[unk]` kept.

    `spellings` says what a typed word stands for, such as "mins" for "minutes"; it is looked up before digits are
    turned into words.
    """
    plain = text.lower()
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", plain))
    return " ".join(spellings.get(token) or _said(token) for token in tokens)


def _said(token: str) -> str:
    if not token.isdecimal():
        return token
    return spoken(int(token))[0] if len(token) <= 3 else digits(token)
