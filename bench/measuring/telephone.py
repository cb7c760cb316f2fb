"""The same speech by telephone: 8 kHz, and 8 bits a sample by µ-law."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import soxr

from skill.channels.audiosocket import RATE as LINE
from tests.support.telephone import through_mu_law
from training.cases import Case
from training.features import RATE, Samples


def by_telephone(cases: Sequence[Case]) -> list[Case]:
    """The same, as it comes out of an exchange."""
    return [replace(one, sound=heard(one.sound)) for one in cases]


def heard(sound: Samples) -> Samples:
    """Mono sound of ±1 at 16 kHz, and what a telephone line leaves of it, at the same rate."""
    narrow = np.clip(soxr.resample(sound, RATE, LINE), -1, 1)
    line = through_mu_law(np.rint(narrow * 32767).astype(np.int16)).astype(np.float32) / 32768
    return np.asarray(soxr.resample(line, LINE, RATE), np.float32)
