"""What the loudspeaker has played lately, and when: what an echo canceller needs to know."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Playbacks that are remembered: the one under way, and those whose echo may still be in the room.
_REMEMBERED: Final = 3


@dataclass(slots=True)
class _Run:
    """Sound without a gap."""

    begin: float
    rate: int
    blocks: "list[NDArray[np.int16]]" = field(default_factory=list)
    samples: int = 0


class Played:
    """Filled by the loudspeaker's thread, read by the one that listens. Moments are seconds of `time.monotonic`."""

    def __init__(self) -> None:
        self._runs: deque[_Run] = deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()

    def begin(self, moment: float, rate: int) -> None:
        """A playback at `rate` Hz begins: its first sample will be heard at `moment`."""
        with self._lock:
            self._runs.append(_Run(moment, rate))

    def add(self, sound: bytes) -> None:
        """The next mono int16 samples of the playback."""
        import numpy as np

        block = np.frombuffer(sound, np.int16)
        with self._lock:
            run = self._runs[-1]
            run.blocks.append(block)
            run.samples += len(block)

    def sounding(self, since: float) -> bool:
        """Whether anything was played after the moment `since`."""
        with self._lock:
            return any(run.begin + run.samples / run.rate > since for run in self._runs)

    def sound(self, begin: float, count: int, rate: int) -> "NDArray[np.int16]":
        """What was played from the moment `begin` on, shape (count,), at `rate` Hz; zeros where there was nothing."""
        import numpy as np

        with self._lock:
            runs = [(run.begin, run.rate, np.concatenate(run.blocks)) for run in self._runs if run.blocks]
        sound = np.zeros(count)
        for moment, played, samples in runs:
            places = ((begin - moment) + np.arange(count) / rate) * played
            first, last = max(0, int(places[0])), max(0, int(places[-1]) + 2)
            part = samples[first:last]
            if len(part):
                sound += np.interp(places - first, np.arange(len(part)), part, left=0.0, right=0.0)
        return np.rint(np.clip(sound, -32768, 32767)).astype(np.int16)
