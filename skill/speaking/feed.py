"""What an output stream plays: clips in a row that may still be growing, ended by a fade when stopped.

Bytes, not numpy: the process that plays must be there at once.
"""

import queue
import threading
from array import array
from typing import Final

#: Bytes in a sample.
WIDTH: Final = 2
#: Seconds over which a stopped sound fades, so that it does not click.
FADE: Final = 0.01


class Feed:
    """Filled by one thread, emptied by PortAudio's, which must never wait."""

    def __init__(self, rate: int, tail: float) -> None:
        """`rate` in Hz. `tail`: seconds of silence at the end, in which the device plays what it still holds."""
        self._clips: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._current = memoryview(b"")
        self._tail = round(tail * rate)
        self._fade = self._fading = round(FADE * rate)
        self._stop = threading.Event()
        self._ended = False
        self.over = False
        """Whether everything has been played, the tail included."""

    def add(self, sound: bytes) -> None:
        """Play this after what is there: mono int16."""
        self._clips.put(sound)

    def end(self) -> None:
        """Nothing more will be added."""
        self._clips.put(None)

    def stop(self) -> None:
        """Fade out from the next block on."""
        self._stop.set()

    def take(self, count: int) -> bytes:
        """The next `count` samples."""
        wanted = count * WIDTH
        if self._ended:
            self._tail -= count
            self.over = self._tail <= 0
            return bytes(wanted)
        block = bytearray()
        while len(block) < wanted and self._more():
            part = self._current[: wanted - len(block)]
            block += part
            self._current = self._current[len(part) :]
        block += bytes(wanted - len(block))  # the next clip is late, or there is none
        return self._faded(block) if self._stop.is_set() else bytes(block)

    def _more(self) -> bool:
        while len(self._current) == 0:
            try:
                clip = self._clips.get_nowait()
            except queue.Empty:
                return False
            if clip is None:
                self._ended = True
                return False
            self._current = memoryview(clip)
        return True

    def _faded(self, block: bytearray) -> bytes:
        samples = array("h", bytes(block))
        for place in range(len(samples)):
            samples[place] = samples[place] * max(0, self._fading - 1) // self._fade
            self._fading -= 1
        self._ended = self._fading <= 0
        return samples.tobytes()
