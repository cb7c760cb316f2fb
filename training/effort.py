"""The same words whispered, called or shouted: what people in pain do, and few recordings have.

WORLD (Morise et al., IEICE 2016) takes a voice apart into pitch, envelope and breathiness and puts it together again.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyworld

from training.features import RATE, Samples

_FRAME_MS: Final = 5.0

#: A whisper has no low end: its first formant lies higher, and its spectrum falls less (Ito et al., Speech
#: Communication 45, 2005).
_WHISPER_WARP: Final = (1.0, 1.12)
_WHISPER_TILT: Final = (1.0, 5.0)

#: Shouting raises the pitch by up to an octave, opens the mouth, drawls the vowels and lifts what lies above 1 kHz
#: (Rostolland, Acustica 50, 1982).
_SHOUT_PITCH: Final = (1.15, 2.0)
_SHOUT_WARP: Final = (1.0, 1.12)
_SHOUT_TILT: Final = (1.0, 6.0)
_SHOUT_LENGTH: Final = (0.9, 1.5)

Table = npt.NDArray[np.float64]


def whispered(samples: Samples, rng: np.random.Generator) -> Samples:
    """Without a voice: breath alone excites the mouth."""
    pitch, envelope, breath = _apart(samples)
    envelope = _tilted(_warped(envelope, rng.uniform(*_WHISPER_WARP)), rng.uniform(*_WHISPER_TILT))
    return _together(np.zeros_like(pitch), envelope, np.ones_like(breath))


def shouted(samples: Samples, rng: np.random.Generator) -> Samples:
    """Higher, brighter, longer."""
    pitch, envelope, breath = _apart(samples)
    envelope = _tilted(_warped(envelope, rng.uniform(*_SHOUT_WARP)), rng.uniform(*_SHOUT_TILT))
    frames = np.arange(0, len(pitch) - 1, 1 / rng.uniform(*_SHOUT_LENGTH))
    nearest = np.round(frames).astype(int)
    middle = np.median(pitch[pitch > 0]) if pitch.any() else 1.0
    raised = pitch * rng.uniform(*_SHOUT_PITCH) * np.where(pitch > 0, pitch / middle, 1.0) ** rng.uniform(-0.5, 0.8)
    return _together(np.minimum(raised, 700.0)[nearest], envelope[nearest], breath[nearest])


def _apart(samples: Samples) -> tuple[Table, Table, Table]:
    """Pitch [frames] in Hz, 0 where there is none; envelope and aperiodicity [frames, bins]."""
    sound = samples.astype(np.float64)
    rough, times = pyworld.dio(sound, RATE, frame_period=_FRAME_MS)
    pitch = pyworld.stonemask(sound, rough, times, RATE)
    return pitch, pyworld.cheaptrick(sound, pitch, times, RATE), pyworld.d4c(sound, pitch, times, RATE)


def _together(pitch: Table, envelope: Table, breath: Table) -> Samples:
    parts = (np.ascontiguousarray(part) for part in (pitch, envelope, breath))
    return np.asarray(pyworld.synthesize(*parts, RATE, frame_period=_FRAME_MS), np.float32)


def _warped(envelope: Table, factor: float) -> Table:
    """Formants `factor` times as high below 2 kHz, less and less above: a mouth opened wider lifts the first most."""
    bins = np.arange(envelope.shape[1])
    hertz = bins * RATE / 2 / (len(bins) - 1)
    source = bins / (1 + (factor - 1) * np.clip(2 - hertz / 2000, 0, 1))
    below = np.minimum(source.astype(int), len(bins) - 2)
    part = source - below
    return np.asarray(envelope[:, below] * (1 - part) + envelope[:, below + 1] * part)


def _tilted(envelope: Table, decibels: float) -> Table:
    """So many dB more an octave from 500 Hz to 4 kHz."""
    hertz = np.linspace(0, RATE / 2, envelope.shape[1])
    octaves = np.log2(np.clip(hertz, 500, 4000) / 500)
    return np.asarray(envelope * 10 ** (decibels * octaves / 10))
