"""Whether somebody seems to be speaking, by loudness alone: a reason to wait or not to wait, nothing more."""

from collections import deque
from typing import Final

import numpy as np

from skill.listening.source import Samples

#: Seconds over which the quietest block counts as the room's own noise.
_ROOM: Final = 3.0
#: dB that speech lies above the room's noise.
_MARGIN: Final = 12.0
#: dBFS below which nothing is speech.
_QUIETEST_SPEECH: Final = -55.0


class Activity:
    """Follows the loudness of a stream of sound."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._levels: deque[tuple[float, float]] = deque()  # seconds and dBFS of each block
        self._seconds = 0.0
        self.speaking = False
        """Whether the last block was much louder than the quietest of the last seconds."""
        self.quiet = 0.0
        """Seconds since somebody last seemed to be speaking."""

    def feed(self, samples: Samples) -> None:
        """Take in the next block of sound."""
        seconds = len(samples) / self._rate
        mean_square = float(np.mean(np.square(samples.astype(np.float64) / 32768.0))) if len(samples) else 0.0
        level = 10.0 * float(np.log10(mean_square + 1e-12))
        self._levels.append((seconds, level))
        self._seconds += seconds
        while self._seconds > _ROOM:
            self._seconds -= self._levels.popleft()[0]
        floor = min(level for _, level in self._levels) if self._levels else level
        self.speaking = level > max(floor + _MARGIN, _QUIETEST_SPEECH)
        self.quiet = 0.0 if self.speaking else self.quiet + seconds
