"""What one utterance may have meant: the recogniser's transcripts gathered by meaning, and what is known of each."""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from skill.language.grammar import Grammar
from skill.language.normalise import UNKNOWN
from skill.listening.confidence import Evidence, against, beyond, loudness, odds, pace
from skill.listening.ear import Phrase
from skill.listening.graph import NOISE_WORD, phrase
from skill.listening.source import Samples

#: Seconds around the words that are looked at with them.
_AROUND: Final = 0.5

#: Vosk's alternatives, the likeliest first.
Alternatives = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning, in its likeliest wording."""

    key: Hashable
    """Equal for wordings that mean the same; where nothing is understood, the words themselves."""
    words: tuple[Phrase, ...]
    share: float
    """0..1 of the posterior."""
    understood: bool
    """Whether something that may be said is among the words."""
    whole: bool
    """Whether that is all of them."""


def gather(alternatives: Alternatives, grammar: Grammar | None) -> tuple[Meaning, ...]:
    """The meanings, the likeliest first. Wordings of one meaning ("yes", "yeah", "um yes") support each other.

    Noises, and fillers beside other phrases, are left out.
    """
    best = max((alternative["confidence"] for alternative in alternatives), default=0.0)
    wordings: dict[Hashable, Meaning] = {}
    shares: defaultdict[Hashable, float] = defaultdict(float)
    for alternative in alternatives:
        words = _meaningful(alternative.get("result", []), grammar)
        reading = grammar.read(" ".join(word.text for word in words)) if grammar else None
        understood = reading is not None and bool(reading.senses)
        key = reading if understood else " ".join(word.text for word in words)
        whole = understood and reading is not None and reading.complete
        wordings.setdefault(key, Meaning(key, words, 0.0, understood, whole))
        shares[key] += math.exp(alternative["confidence"] - best)
    total = sum(shares.values())
    found = (replace(meaning, share=shares[key] / total) for key, meaning in wordings.items())
    return tuple(sorted(found, key=lambda meaning: -meaning.share))


def mean(hearings: Sequence[tuple[Meaning, ...]]) -> tuple[Meaning, ...]:
    """The meanings of several hearings of the same sound; the share of each is its mean."""
    known: dict[Hashable, Meaning] = {}
    shares: defaultdict[Hashable, float] = defaultdict(float)
    for meaning in (meaning for meanings in hearings for meaning in meanings):
        known.setdefault(meaning.key, meaning)
        shares[meaning.key] += meaning.share / len(hearings)
    found = (replace(meaning, share=shares[key]) for key, meaning in known.items())
    return tuple(sorted(found, key=lambda meaning: -meaning.share))


def candidates(meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """The likeliest meaning; where it may not be said, behind it the likeliest that may, and leaves nothing unread."""
    if not meanings or meanings[0].understood:
        return tuple(meanings[:1])
    return (meanings[0], *[meaning for meaning in meanings if meaning.whole][:1])


def evidence(
    meaning: Meaning,
    meanings: Iterable[Meaning],
    grammar: Grammar,
    sound: Callable[[float, float], Samples],
    rate: int,
    again: Sequence[tuple[Meaning, ...]] = (),
) -> Evidence:
    """What is known of `meaning`, one of `meanings`. `sound`: that of an interval, in seconds of the words' times."""
    others = [other for other in meanings if other.key != meaning.key]
    rival = max((other.share for other in others if other.understood), default=0.0)
    unknown = sum(other.share for other in others if not other.understood)
    known = [word for word in meaning.words if word.text != UNKNOWN]
    spoken = sum(word.end - word.start for word in meaning.words)
    strange = sum(word.end - word.start for word in meaning.words if word.text == UNKNOWN)
    letters = sum(len(word.text.replace(" ", "")) for word in known)
    hasty, drawn = pace(sum(word.end - word.start for word in known), letters)
    begin, end = span(meaning)
    shares = [sum(other.share for other in heard if other.key == meaning.key) for heard in again]
    return Evidence(
        odds(meaning.share),
        beyond(odds(meaning.share)),
        against(meaning.share, rival),
        against(meaning.share, unknown),
        math.log(max(len(grammar.phrases), 1)),
        strange / spoken if spoken else 0.0,
        hasty,
        drawn,
        loudness(sound(begin, end), rate),
        odds(sum(shares) / len(shares)) if shares else 0.0,
    )


def span(meaning: Meaning) -> tuple[float, float]:
    """From when to when it was said, with a little around it; seconds."""
    if not meaning.words:
        return 0.0, 0.0
    return meaning.words[0].start - _AROUND, meaning.words[-1].end + _AROUND


def _meaningful(words: Iterable[dict[str, Any]], grammar: Grammar | None) -> tuple[Phrase, ...]:
    heard = [
        Phrase(phrase(word["word"]), 0.0, word["start"], word["end"])
        for word in words
        if word["word"] not in ("", NOISE_WORD)
    ]
    fillers = grammar.fillers if grammar else frozenset()
    return tuple([word for word in heard if word.text not in fillers] or heard)
