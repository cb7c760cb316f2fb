"""Other throats and other microphones, drawn anew each time an utterance is trained on.

An MFCC vector is a linear image of the logarithms of 40 mel bands, so a warp of the frequency axis (a longer or a
shorter vocal tract) and a gain on every band are one matrix and one vector, and cost almost nothing.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.features import COEFFICIENTS, HIGHEST_HZ, LOWEST_HZ

#: Kaldi's default; the coefficients are scaled by it.
_LIFTER: Final = 22

#: How far a frequency moves: children's vocal tracts are about a fifth shorter than women's, men's a tenth longer.
_LOWEST_WARP: Final = 0.86
_HIGHEST_WARP: Final = 1.18

_UNTOUCHED: Final = 0.45

Matrix = npt.NDArray[np.float32]


def _mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1127 * np.log1p(hertz / 700)


def _transform() -> npt.NDArray[np.float64]:
    """The cosine transform and the lifter of `kaldi-native-fbank`, [cepstra, bands]."""
    band, order = np.arange(COEFFICIENTS) + 0.5, np.arange(COEFFICIENTS)[:, None]
    cosines = np.sqrt(2 / COEFFICIENTS) * np.cos(np.pi / COEFFICIENTS * order * band)
    cosines[0] = np.sqrt(1 / COEFFICIENTS)
    lift = 1 + 0.5 * _LIFTER * np.sin(np.pi * np.arange(COEFFICIENTS) / _LIFTER)
    return np.asarray(lift[:, None] * cosines)


_CEPSTRA: Final = _transform()
_BANDS: Final = np.linalg.inv(_CEPSTRA)


def _warped(factor: float) -> npt.NDArray[np.float64]:
    """Takes each band from where it was before frequencies were multiplied by `factor`; [bands, bands]."""
    lowest, highest = _mel(np.array([LOWEST_HZ, HIGHEST_HZ], float))
    centres = lowest + (highest - lowest) * (np.arange(COEFFICIENTS) + 1) / (COEFFICIENTS + 1)
    source = _mel(700 * np.expm1(centres / 1127) / factor)
    place = np.clip((source - lowest) / (highest - lowest) * (COEFFICIENTS + 1) - 1, 0, COEFFICIENTS - 1)
    below = np.minimum(place.astype(int), COEFFICIENTS - 2)
    rows, weights = np.arange(COEFFICIENTS), np.zeros((COEFFICIENTS, COEFFICIENTS))
    weights[rows, below] = 1 - (place - below)
    weights[rows, below + 1] = place - below
    return weights


def _gain(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A tilt and a hump over the bands, in natural logarithms of power (1 is 4.3 dB)."""
    place = np.linspace(-1, 1, COEFFICIENTS)
    hump = np.exp(-(((place - rng.uniform(-1, 1)) / rng.uniform(0.15, 0.8)) ** 2))
    return np.asarray(rng.normal(0, 0.7) * place + rng.normal(0, 0.7) * hump)


def drawn(rng: np.random.Generator) -> tuple[Matrix, Matrix] | None:
    """A matrix [40, 40] and an offset [40]: features @ matrix + offset; None leaves the utterance as it is."""
    if rng.random() < _UNTOUCHED:
        return None
    factor = rng.uniform(_LOWEST_WARP, _HIGHEST_WARP)
    return (
        (_CEPSTRA @ _warped(factor) @ _BANDS).T.astype(np.float32),
        (_CEPSTRA @ _gain(rng)).astype(np.float32),
    )
