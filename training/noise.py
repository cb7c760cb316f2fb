"""Sounds that are no words: recorded noise, hum and hiss made here, and groans of a person in pain."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy.signal

from training.data import STEADY, Utterance, sound
from training.features import RATE, Samples

#: Formants (Hz) of the open, closed and nasal vowels of a groan.
_GROANS: Final = ((700, 1100, 2500), (500, 900, 2400), (300, 900, 2200), (600, 1700, 2500), (400, 1300, 2300))


def coloured(length: int, rng: np.random.Generator) -> Samples:
    """White, pink or brown noise, mains hum or a computer's fan, of that many samples."""
    white = rng.standard_normal(length).astype(np.float32)
    kind = rng.integers(5)
    if kind == 1:  # pink: Kellet's filter, as in Julius O. Smith, "Spectral Audio Signal Processing"
        white = scipy.signal.lfilter([0.05, -0.096, 0.051, -0.0044], [1, -2.495, 2.017, -0.522], white)
    elif kind == 2:
        white = scipy.signal.lfilter([1], [1, -0.98], white)
    elif kind == 3:
        base, time = rng.choice([50, 60, 100, 120, 180]), np.arange(length) / RATE
        white = 0.3 * white + sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) / k for k in range(1, 6))
    elif kind == 4:
        white = _fan(white, rng)
    return np.asarray(white, np.float32)


def _fan(white: Samples, rng: np.random.Generator) -> Samples:
    """Air through a grille, and its blades' tone with overtones, a little faster and slower in turn."""
    air = scipy.signal.lfilter([1], [1, -rng.uniform(0.7, 0.97)], white)
    time = np.arange(len(white)) / RATE
    turning = rng.uniform(120, 900) * (time + 0.002 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * time))
    tones = sum(np.sin(2 * np.pi * k * turning + rng.uniform(0, 6)) * rng.uniform(0.2, 1) / k for k in range(1, 5))
    return np.asarray(air / (air.std() + 1e-9) + rng.uniform(0.05, 0.6) * tones, np.float32)


def breath(rng: np.random.Generator) -> Samples:
    """0.2 to 0.8 s of air drawn in or let out: noise through a wide open mouth."""
    length = int(RATE * rng.uniform(0.2, 0.8))
    air = rng.standard_normal(length)
    for centre in (rng.uniform(900, 1800), rng.uniform(2200, 4000)):
        radius = np.exp(-np.pi * rng.uniform(300, 900) / RATE)
        air = scipy.signal.lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * centre / RATE), radius**2], air)
    swell = np.linspace(0, 1, length) ** rng.uniform(0.5, 1.5)
    return np.asarray(air * np.sin(np.pi * (swell if rng.random() < 0.5 else swell[::-1])) ** 0.7, np.float32)


def groan(rng: np.random.Generator) -> Samples:
    """0.3 to 1.6 s of a voice without words: a pulse train through formants that barely move, falling in pitch."""
    length = int(RATE * rng.uniform(0.3, 1.6))
    time = np.linspace(0, 1, length)
    pitch = rng.uniform(80, 260) * (1 + rng.uniform(-0.1, 0.4) * np.sin(np.pi * time) - rng.uniform(0, 0.35) * time)
    phase = np.cumsum(pitch * (1 + 0.02 * rng.standard_normal(length))) / RATE
    source = np.diff(np.floor(phase), prepend=0) + rng.uniform(0.01, 0.15) * rng.standard_normal(length)
    for formant in _GROANS[rng.integers(len(_GROANS))]:
        centre, radius = formant * rng.uniform(0.85, 1.2), np.exp(-np.pi * rng.uniform(60, 140) / RATE)
        source = scipy.signal.lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * centre / RATE), radius**2], source)
    return np.asarray(source * np.sin(np.pi * time) ** rng.uniform(0.3, 1.2), np.float32)


class Noises:
    """The recorded noise of the training part, in memory as 16-bit integers."""

    def __init__(self, clips: Sequence[Utterance]) -> None:
        self._steady: list[np.ndarray] = []
        self._events: list[np.ndarray] = []
        for clip in clips:
            samples = sound(clip.file)
            peak = float(np.abs(samples).max())
            if peak > 1e-3:
                (self._steady if clip.text in STEADY else self._events).append(
                    (samples * 20_000 / peak).astype(np.int16)
                )

    def background(self, length: int, rng: np.random.Generator) -> Samples:
        """Any recorded noise, repeated as often as needed; a little hiss hides digital silence."""
        pool = self._steady if rng.random() < 0.4 else self._events
        return _cut(pool[rng.integers(len(pool))], length, rng) + rng.standard_normal(length).astype(np.float32)

    def steady(self, length: int, rng: np.random.Generator) -> Samples:
        """A noise that a listener would call a background."""
        if rng.random() < 0.5:
            return coloured(length, rng)
        return _cut(self._steady[rng.integers(len(self._steady))], length, rng)

    def event(self, seconds: float, rng: np.random.Generator) -> Samples:
        """A cough, a knock, a bark, a groan: the loudest part of a recording."""
        if rng.random() < 0.25:
            return groan(rng)
        clip = self._events[rng.integers(len(self._events))].astype(np.float32)
        length = min(int(seconds * RATE), len(clip))
        energy = np.convolve(np.abs(clip[::80]), np.ones(max(1, length // 80)), "valid")
        start = min(int(np.argmax(energy)) * 80, len(clip) - length)
        return clip[start : start + length]


def _cut(clip: np.ndarray, length: int, rng: np.random.Generator) -> Samples:
    repeated = np.tile(clip, length // len(clip) + 2)
    start = rng.integers(0, len(repeated) - length)
    return repeated[start : start + length].astype(np.float32)
