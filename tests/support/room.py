"""A made-up room: a loudspeaker, a microphone, and a way between them that stays the same."""

import numpy as np
from numpy.typing import NDArray

from skill.listening.source import Samples

Sound = NDArray[np.float64]

#: Share of the power of the direct sound that reverberates.
_REVERBERATION = 0.16


def response(random: np.random.Generator, rate: int, seconds: float = 0.3) -> Sound:
    """The direct sound, and reverberation 8 dB below it that decays by 60 dB in `seconds`, shape (n,)."""
    time = np.arange(round(seconds * rate)) / rate
    way: Sound = random.normal(size=len(time)) * np.exp(-6.9 * time / seconds)
    way *= np.sqrt(_REVERBERATION / np.sum(way**2))
    way[0] = 1.0
    return way


def through(way: Sound, sound: Sound) -> Sound:
    """A sound at the end of the way."""
    if len(sound) == 0:
        return sound
    size = len(sound) + len(way)
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(way, size), size)


def whole(sound: Sound) -> Samples:
    """As a sound card would give it."""
    return np.clip(np.rint(sound), -32_767, 32_767).astype(np.int16)
