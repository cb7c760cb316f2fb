"""What an output stream plays: clips in a row that may still be growing, ended by a fade when stopped."""

import queue
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Seconds over which a stopped sound fades, so that it does not click.
FADE: Final = 0.01


class Feed:
    """Filled by one thread, emptied by PortAudio's, which must never wait."""

    def __init__(self, rate: int, tail: float) -> None:
        """`rate` in Hz. `tail`: seconds of silence at the end, because a closing stream drops what it still holds."""
        import numpy as np

        self._clips: queue.SimpleQueue[NDArray[np.int16] | None] = queue.SimpleQueue()
        self._current = np.zeros(0, np.int16)
        self._tail = round(tail * rate)
        self._ramp = np.linspace(1.0, 0.0, round(FADE * rate))
        self._stop = threading.Event()
        self._over = False

    def add(self, samples: "NDArray[np.int16]") -> None:
        """Play these after what is there, shape (n,)."""
        self._clips.put(samples)

    def end(self) -> None:
        """Nothing more will be added."""
        self._clips.put(None)

    def stop(self) -> None:
        """Fade out from the next block on."""
        self._stop.set()

    def fill(self, block: "NDArray[np.int16]") -> bool:
        """Write the next sound into `block`, shape (n,); True when everything has been played, the tail included."""
        if self._over:
            block[:] = 0
            self._tail -= len(block)
            return self._tail <= 0
        filled = 0
        while filled < len(block) and self._more():
            part = self._current[: len(block) - filled]
            block[filled : filled + len(part)] = part
            self._current = self._current[len(part) :]
            filled += len(part)
        block[filled:] = 0  # the next clip is late, or there is none
        if self._stop.is_set():
            self._fade(block)
        return False

    def _more(self) -> bool:
        while len(self._current) == 0:
            try:
                clip = self._clips.get_nowait()
            except queue.Empty:
                return False
            if clip is None:
                self._over = True
                return False
            self._current = clip
        return True

    def _fade(self, block: "NDArray[np.int16]") -> None:
        ramp = self._ramp[: len(block)]
        block[: len(ramp)] = block[: len(ramp)] * ramp
        block[len(ramp) :] = 0
        self._ramp = self._ramp[len(ramp) :]
        self._over = len(self._ramp) == 0
