"""One recording, heard in many rooms, through many microphones, from many throats.

Everything is drawn from the generator that is passed in, so that a shard can be made again exactly.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.fft
import soxr

from training import effort
from training.features import RATE, Samples
from training.noise import Noises, breath, coloured

NOISE_WORD = "<noise>"
"""Stands in a transcript where something is heard that is no word."""

GASP_WORD = "<gasp>"
"""Stands before a transcript somewhere in which a breath or a groan is heard, between two words."""

#: How often somebody whispers, and calls or shouts; a tenth as often in what is longer than so many seconds.
_WHISPERED = 0.05
_SHOUTED = 0.10
_BRIEF = 2.5
#: The shortest speech (seconds) that a gasp may interrupt.
_INTERRUPTED = 1.2


def _power(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2))) + 1e-9


def _colour(frequencies: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Gains in dB: a tilt, two peaks, sometimes a dull, thin or telephone band."""
    octaves = np.log2(np.maximum(frequencies, 60) / 1000)
    gain = rng.uniform(-2.4, 2.4) * octaves
    for _ in range(2):
        gain += rng.uniform(-8, 8) * np.exp(-(((octaves - rng.uniform(-3, 2.8)) / rng.uniform(0.3, 1.2)) ** 2))
    if rng.random() < 0.2:
        gain -= 30 / (1 + np.exp(-(frequencies - rng.uniform(3200, 6000)) / 150))
    if rng.random() < 0.25:
        gain -= 24 / (1 + np.exp((frequencies - rng.uniform(80, 350)) / 30))
    if rng.random() < 0.25:  # 8 kHz telephony and its resampling: nothing above 4 kHz
        gain -= 70 / (1 + np.exp(-(frequencies - rng.uniform(3300, 3950)) / 25))
    return gain


class Augmenter:
    """Makes training sounds; `babble` are other recordings that talk in the background, `rooms` impulse responses."""

    def __init__(self, noises: Noises, babble: Sequence[Samples], rooms: Sequence[Samples]) -> None:
        self._noises = noises
        self._babble = babble
        self._rooms = rooms

    def speech(self, samples: Samples, text: str, rng: np.random.Generator) -> tuple[Samples, str]:
        """The recording made anew, scaled as 16-bit integers, and what is heard in it."""
        if rng.random() < 0.75:
            speed = float(np.clip(rng.normal(1.0, 0.1), 0.80, 1.28))
            samples = soxr.resample(samples, RATE, RATE / speed, quality="QQ")
        samples, text = self._gasping(np.asarray(_with_effort(samples, rng), np.float32), text, rng)
        samples, text = self._surrounded(_swallowed(samples, rng), text, rng)
        samples = self._placed(samples, rng)
        return self._recorded(self._disturbed(samples, rng), rng), text

    def nothing(self, rng: np.random.Generator) -> Samples:
        """A room in which nobody speaks, from almost silent to loud."""
        samples = self._noises.steady(int(RATE * rng.uniform(0.5, 3)), rng)
        return _scaled(samples, rng.uniform(10, 75))

    def event(self, rng: np.random.Generator) -> Samples:
        """One to three noises in a quiet room."""
        parts = [np.zeros(int(RATE * rng.uniform(0.05, 0.5)), np.float32)]
        for _ in range(rng.integers(1, 4)):
            noise = self._noises.event(rng.uniform(0.3, 2), rng)
            parts += [noise / (np.abs(noise).max() + 1e-9) * rng.uniform(0.3, 1)]
            parts += [np.zeros(int(RATE * rng.uniform(0.05, 0.5)), np.float32)]
        samples = self._placed(np.concatenate(parts).astype(np.float32), rng)
        hiss = coloured(len(samples), rng)
        return self._recorded(samples + hiss / _power(hiss) * _power(samples) * 10 ** (-rng.uniform(15, 45) / 20), rng)

    def _gasping(self, samples: Samples, text: str, rng: np.random.Generator) -> tuple[Samples, str]:
        """Now and then a breath or a groan at the quietest place inside."""
        if rng.random() > 0.06 or len(samples) < _INTERRUPTED * RATE or " " not in text:
            return samples, text
        level = np.convolve(np.abs(samples[::16]), np.ones(60) / 60, "same")
        first, last = len(level) // 5, 4 * len(level) // 5
        place = 16 * (first + int(np.argmin(level[first:last])))
        gasp = breath(rng) if rng.random() < 0.6 else self._noises.event(rng.uniform(0.2, 0.8), rng)
        gasp = gasp / (np.abs(gasp).max() + 1e-9) * np.abs(samples).max() * rng.uniform(0.1, 0.8)
        pauses = [np.zeros(int(RATE * rng.uniform(0.02, 0.2)), np.float32) for _ in range(2)]
        parts = [samples[:place], pauses[0], gasp, pauses[1], samples[place:]]
        return np.concatenate(parts).astype(np.float32), f"{GASP_WORD} {text}"

    def _surrounded(self, samples: Samples, text: str, rng: np.random.Generator) -> tuple[Samples, str]:
        """Silence before and after; now and then a cough, a groan or a breath in it."""
        before = [np.zeros(int(RATE * rng.uniform(0.03, 0.6)), np.float32)]
        after = [np.zeros(int(RATE * rng.uniform(0.10, 0.7)), np.float32)]
        for side, chance in ((before, 0.1), (after, 0.05)):
            if rng.random() < chance:
                noise = breath(rng) if rng.random() < 0.25 else self._noises.event(rng.uniform(0.2, 1.0), rng)
                noise = noise / (np.abs(noise).max() + 1e-9) * np.abs(samples).max() * rng.uniform(0.3, 1.2)
                side.insert(1 if side is before else 0, noise.astype(np.float32))
                side.insert(2 if side is before else 0, np.zeros(int(RATE * rng.uniform(0.03, 0.25)), np.float32))
                text = f"{NOISE_WORD} {text}" if side is before else f"{text} {NOISE_WORD}"
        return np.concatenate([*before, samples, *after]), text

    def _placed(self, samples: Samples, rng: np.random.Generator) -> Samples:
        """In a room, through a microphone that colours the sound."""
        echo, colour = rng.random() < 0.55, rng.random() < 0.65
        if not (echo or colour):
            return samples
        size = scipy.fft.next_fast_len(len(samples) + RATE, real=True)
        spectrum = scipy.fft.rfft(samples, size)
        if echo:
            spectrum *= scipy.fft.rfft(self._rooms[rng.integers(len(self._rooms))], size)
        if colour:
            bands = np.linspace(0, RATE / 2, 129)
            gain = 10 ** (_colour(bands, rng) / 20)
            spectrum *= np.interp(np.linspace(0, RATE / 2, len(spectrum)), bands, gain).astype(np.float32)
        return np.asarray(scipy.fft.irfft(spectrum, size)[: len(samples)], np.float32)

    def _disturbed(self, samples: Samples, rng: np.random.Generator) -> Samples:
        """With noise at 2 to 32 dB below the speech, and other people at 8 to 30."""
        power = _power(samples)
        if rng.random() < 0.8:
            real = rng.random() < 0.55
            noise = self._noises.background(len(samples), rng) if real else coloured(len(samples), rng)
            samples = samples + noise / _power(noise) * power * 10 ** (-rng.uniform(2, 32) / 20)
        if self._babble and rng.random() < 0.2:
            voices = np.zeros_like(samples)
            for _ in range(rng.integers(1, 6)):
                voice = self._babble[int(rng.integers(len(self._babble)))]
                start = int(rng.integers(0, max(1, len(samples) - 1000)))
                length = min(len(voice), len(samples) - start)
                voices[start : start + length] += voice[:length]
            samples = samples + voices / _power(voices) * power * 10 ** (-rng.uniform(8, 30) / 20)
        return np.asarray(samples, np.float32)

    def _recorded(self, samples: Samples, rng: np.random.Generator) -> Samples:
        """At some gain, now and then clipped or through a telephone, in whole steps of a 16-bit converter."""
        level = rng.uniform(1, 34)
        if rng.random() < 0.08:
            return _telephoned(_scaled(samples, level))
        samples = _scaled(samples, level)
        if rng.random() < 0.05:
            limit = 32_767 * 10 ** (-level / 20)
            samples = np.clip(samples * rng.uniform(1.5, 4), -limit, limit)
        return np.round(samples)


def _with_effort(samples: Samples, rng: np.random.Generator) -> Samples:
    """Now and then whispered, called or shouted."""
    chance = rng.random() * (1 if len(samples) < _BRIEF * RATE else 10)
    if chance < _WHISPERED:
        return effort.whispered(samples, rng)
    return effort.shouted(samples, rng) if chance < _WHISPERED + _SHOUTED else samples


def _swallowed(samples: Samples, rng: np.random.Generator) -> Samples:
    """Now and then the microphone opens late, or the voice sets in weakly."""
    if rng.random() < 0.05:
        samples = samples[int(RATE * rng.uniform(0.01, 0.05)) :]
    if rng.random() < 0.06:
        length = min(len(samples), int(RATE * rng.uniform(0.05, 0.15)))
        samples = samples.copy()
        samples[:length] *= np.linspace(rng.uniform(0.02, 0.3), 1, length, dtype=np.float32)
    return samples


def _telephoned(samples: Samples) -> Samples:
    """Through 8 kHz and the 255 steps of ITU-T G.711 (mu-law, continuous form)."""
    narrow = soxr.resample(samples, RATE, RATE // 2) / 32_768
    pressed = np.sign(narrow) * np.log1p(255 * np.abs(np.clip(narrow, -1, 1))) / np.log(256)
    coarse = np.round(pressed * 127) / 127
    opened = np.sign(coarse) * np.expm1(np.abs(coarse) * np.log(256)) / 255
    return np.asarray(np.round(soxr.resample(opened * 32_768, RATE // 2, RATE)), np.float32)


def _scaled(samples: Samples, level: float) -> Samples:
    """Peak at `level` dB below full scale, as 16-bit integers."""
    return np.asarray(samples / (np.abs(samples).max() + 1e-9) * 32_767 * 10 ** (-level / 20), np.float32)
