"""Takes out of the microphone's sound what the loudspeaker has played: an acoustic echo canceller.

A partitioned-block frequency-domain Kalman filter learns the way from loudspeaker to microphone (Enzner and Vary,
"Frequency-domain adaptive Kalman filter for acoustic echo control", Signal Processing 86, 2006; in partitions: Kuech,
Mabande and Enzner, ICASSP 2014). It needs no double-talk detector: what it cannot explain slows it down by itself. What
the filter leaves over, because a loudspeaker distorts and a room changes, is then suppressed where it is loud.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from skill.listening.source import Samples

Sound = NDArray[np.float64]

#: Seconds of one block: the filter's delay, and its resolution in time.
_BLOCK: Final = 0.008
#: Samples of which a block is a multiple: at 44,100 Hz 353, a prime, would take four times as long to transform as 352.
_EVEN: Final = 16
#: Blocks of echo that the filter covers: 0.26 s, the early part of a living room.
_PARTITIONS: Final = 32
#: How much of the echo path is taken to stay the same from block to block.
_STEADINESS: Final = 0.997
#: What is not known of the path at first, as a variance a partition; echoes are about as loud as what is played.
_DOUBT: Final = 1.0
#: dB a second by which that falls off with the length of the echo: a room with a reverberation time of 0.4 s.
_FADING: Final = 150.0
#: Share of a transform's samples that are new.
_SHARE: Final = 0.5
#: In theory this is _SHARE too. But speech fills its bins unevenly: with that step 1 to 7 dB of a prompt's echo were
#: gone in its first second, with this one 22 to 38 dB.
_RESTRAINT: Final = 1.0
#: Share of the echo's power that is taken to be distorted, and so left over by any linear filter: -20 dB.
_DISTORTION: Final = 0.01
#: Over-estimate of what is left over, because its estimate fluctuates.
_CAUTION: Final = 2.0
#: Gain below which nothing is suppressed: -26 dB, so that the room's own noise does not come and go.
_FLOOR: Final = 0.05
_FULL_SCALE: Final = 32768.0


class EchoCanceller:
    """One way from a loudspeaker to a microphone, learned while sound is played."""

    def __init__(self, rate: int) -> None:
        """`rate` in Hz, of microphone and reference alike."""
        self.rate = rate
        self.block = round(_BLOCK * rate / _EVEN) * _EVEN
        """Samples that `cancel` takes at a time."""
        bins = self.block + 1
        self._path = np.zeros((_PARTITIONS, bins), np.complex128)
        fading = 10.0 ** (-_FADING / 10 * _BLOCK * np.arange(_PARTITIONS))
        self._doubt = np.repeat(_DOUBT * fading[:, None], bins, axis=1)
        self._window = np.sqrt(np.hanning(2 * self.block + 1)[:-1])
        self.restart()

    def restart(self) -> None:
        """Another playback begins: the room is the same, what was played before has faded away."""
        self._before = np.zeros(self.block)
        self._played = np.zeros((_PARTITIONS, self.block + 1), np.complex128)
        self._left = np.zeros(2 * self.block)
        self._echo = np.zeros(2 * self.block)
        self._tail = np.zeros(self.block)

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """`heard` without the echo of `played`, a block each, shape (block,); late by one block."""
        size = self.block
        far = np.concatenate([self._before, played / _FULL_SCALE])
        self._before = far[size:]
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = np.fft.rfft(far)
        uncertain = self._learn(heard / _FULL_SCALE - self._echo_now())
        echo = self._echo_now()  # by the path as it is known now
        left = heard / _FULL_SCALE - echo
        self._left = np.concatenate([self._left[size:], left])
        self._echo = np.concatenate([self._echo[size:], echo])
        return self._suppress(uncertain)

    def _echo_now(self) -> Sound:
        echo: Sound = np.fft.irfft(np.sum(self._path * self._played, axis=0))[self.block :]
        return echo

    def _learn(self, left: Sound) -> Sound:
        """Correct the path by what is left over, shape (block,); returns the power of what is not yet known of it."""
        size = self.block
        error = np.fft.rfft(np.concatenate([np.zeros(size), left]))
        power = np.abs(self._played) ** 2
        uncertain: Sound = _RESTRAINT * np.sum(self._doubt * power, axis=0)
        total = uncertain + np.abs(error) ** 2 + 1e-10
        gain = self._doubt / total
        step = np.fft.irfft(gain * np.conj(self._played) * error, axis=1)
        step[:, size:] = 0.0  # a partition is as long as a block
        self._path += np.fft.rfft(step, axis=1)
        keep = _STEADINESS**2
        self._doubt = keep * (1 - _SHARE * gain * power) * self._doubt + (1 - keep) * np.abs(self._path) ** 2
        return uncertain

    def _suppress(self, uncertain: Sound) -> Samples:
        """The last block but one, softer wherever it is no louder than what the filter may have left over."""
        size = self.block
        spectrum = np.fft.rfft(self._left * self._window)
        echo = np.abs(np.fft.rfft(self._echo * self._window)) ** 2
        residue = _CAUTION * (uncertain + _DISTORTION * echo)
        gain = np.sqrt(np.maximum(1.0 - residue / (np.abs(spectrum) ** 2 + 1e-10), _FLOOR**2))
        sound = np.fft.irfft(spectrum * gain) * self._window
        out = self._tail + sound[:size]
        self._tail = sound[size:]
        return np.clip(np.rint(out * _FULL_SCALE), -32768, 32767).astype(np.int16)


def delay(heard: Samples, played: Samples) -> int:
    """Samples by which `played` must move right to lie on its echo in `heard`; negative: left."""
    correlation = whitened_correlation(heard, played)
    peak = int(np.argmax(correlation))
    return peak if peak < len(heard) else peak - len(correlation)


def whitened_correlation(heard: Samples, played: Samples) -> Sound:
    """How alike the two are, by the samples that `played` is moved right; the last places stand for moves to the left.

    The cross-correlation with whitened spectra, whose peak rooms smear less than that of the plain one (Knapp and
    Carter, "The generalized correlation method for estimation of time delay", 1976).
    """
    size = len(heard) + len(played)
    cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    correlation: Sound = np.abs(np.fft.irfft(cross / (np.abs(cross) + 1e-3 * np.abs(cross).max() + 1e-10), size))
    return correlation
