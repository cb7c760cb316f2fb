"""How likely it is that what was heard was said: a probability, from all that the recogniser knows of one utterance.

The posterior alone is none: it says how much better the likeliest phrase fits than those beside it, so that of two open
phrases one always has a high one, and of two thousand the right one a low one. A logistic regression weighs it with the
rest; its weights are data of the model, fitted on people that no training heard (`bench/confidence.py`). Where a model
has none, the posterior stands for the probability.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from skill.errors import InstallationError
from skill.listening.source import Samples

#: The file of a model that holds the weights.
CONFIDENCE: Final = "confidence.json"

#: Natural logarithm of the largest odds that the recogniser can tell: its lattice is as deep (`lattice-beam`).
DEEPEST: Final = 6.0
#: The same of a probability of 95 %.
_LIKELY: Final = 3.0
#: Seconds of a block of which the loudness is taken.
_BLOCK: Final = 0.02
#: Shares of the blocks that are softer than noise, and than speech.
_NOISE, _SPEECH = 0.1, 0.9
#: Decibels of speech over noise above which more is no better.
_CLEAR: Final = 40.0
#: Seconds a letter that are usual.
_USUAL: Final = 0.08


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one utterance. Odds are natural logarithms, between -DEEPEST and DEEPEST."""

    posterior: float
    """Odds of the meaning against everything else."""
    deep: float
    """By how much they exceed _LIKELY, else 0: what hardly anything comes near to is surer than they say."""
    rival: float
    """Odds against the likeliest other meaning."""
    unknown: float
    """Odds against speech that is no entry, and noise."""
    open: float
    """Natural logarithm of the number of phrases that may be said."""
    strange: float
    """Share of the time of speech that is no entry, 0..1."""
    hasty: float
    """How much faster it was said than usual, as a logarithm; 0 where it was not."""
    drawn: float
    """How much slower."""
    loud: float
    """Decibels of the speech over the noise, 0..40, as a share of 40."""
    again: float = 0.0
    """Odds of the same meaning in the hearings at other speeds, their mean; 0 where there were none."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """ln(p / (1 - p)) as a sum."""

    bias: float
    weights: Mapping[str, float]
    """By the names of what is known; what is missing weighs nothing."""

    def probability(self, evidence: Evidence) -> float:
        """0..1."""
        known = asdict(evidence)
        odds = self.bias + sum(weight * known[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of a model."""

    once: Logistic
    """After one hearing."""
    again: Logistic
    """After hearings at other speeds."""
    doubtful: tuple[float, float]
    """Probabilities between which hearing it again is worth the time."""

    def is_doubtful(self, probability: float) -> bool:
        """Whether to hear it again."""
        least, most = self.doubtful
        return least <= probability < most


def load_confidence(model: Path) -> Confidence | None:
    """The weights of the model folder `model`; None where it has none. Raises InstallationError for a damaged file."""
    path = model / CONFIDENCE
    if not path.is_file():
        return None
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        least, most = read["doubtful"]
        return Confidence(Logistic(**read["once"]), Logistic(**read["again"]), (least, most))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InstallationError(f"{path} is missing or wrong ({error}): install Charley again.") from error


def odds(share: float) -> float:
    """The natural logarithm of the odds of a probability, as far as the recogniser can tell them."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return max(-DEEPEST, min(DEEPEST, math.log(share / (1 - share))))


def beyond(known: float) -> float:
    """By how much odds exceed _LIKELY."""
    return max(0.0, known - _LIKELY)


def against(share: float, other: float) -> float:
    """The same of one probability against another."""
    return max(-DEEPEST, min(DEEPEST, math.log(max(share, 1e-9) / max(other, 1e-9))))


def pace(seconds: float, letters: int) -> tuple[float, float]:
    """By how much speech was faster and slower than usual, as logarithms."""
    relative = math.log(max(seconds, 0.01) / max(letters, 1) / _USUAL)
    return max(0.0, -relative), max(0.0, relative)


def loudness(samples: Samples, rate: int) -> float:
    """How far the loud parts of a sound lie above its soft ones, as a share of _CLEAR, 0..1."""
    size = round(_BLOCK * rate)
    blocks = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    if not len(blocks):
        return 0.0
    levels = 10.0 * np.log10(np.mean(np.square(blocks), axis=1) + 1.0)
    noise, speech = np.quantile(levels, (_NOISE, _SPEECH))
    return float(min(_CLEAR, max(0.0, speech - noise)) / _CLEAR)
