"""Sound from the microphone, which runs in a process of its own (`capture`)."""

import queue
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from skill.errors import SoundError
from skill.listening.capture import BLOCK
from skill.listening.source import Samples
from skill.system.device import Device

#: Seconds without a block after which the microphone counts as lost; PortAudio itself never says so. Who reads on
#: after that waits as long for it to come back.
_LOST_AFTER: Final = 2.0
#: Seconds between two looks at whether it is.
_LOOK: Final = 0.1
#: Seconds of sound that a reader gets at once who could not follow: looking at what is heard so far costs as much for a
#: long block as for a short one.
_LATE: Final = 0.4
#: Blocks of unread sound that are kept, 30 s; older sound is dropped.
_MEMORY: Final = 750


class Microphone:
    """The default input device, or the one named, at its own sample rate."""

    def __init__(self, device: str | int | None = None) -> None:
        """Listen from now on, and return at once."""
        self._blocks: queue.Queue[tuple[float, bytes]] = queue.Queue(maxsize=_MEMORY)
        self._device = Device("microphone", "skill.listening.capture", device, self._arrived, silent_for=_LOST_AFTER)
        self._raised: SoundError | None = None
        self.moment = 0.0
        """When the first sample of the last `read` arrived, in seconds of `time.monotonic`."""

    @property
    def rate(self) -> int:
        """Samples per second, Hz: the device's own, because many devices refuse every other. Raises SoundError."""
        return self._device.rate

    def require(self) -> None:
        """Return when it hears. Raises SoundError when there is none, SoundHangsError when nothing can be known."""
        self._device.require()

    def read(self, seconds: float) -> Samples:
        """The next block, however short; where the reader is late, more of what waits, up to `_LATE` seconds.

        `seconds` is ignored. Raises SoundError when nothing comes.
        """
        del seconds
        until = time.monotonic() + _LOST_AFTER
        if self._raised is not None:
            self._device.try_again()
        while True:
            try:
                self.moment, block = self._blocks.get(timeout=_LOOK)
            except queue.Empty:
                fault = self._device.fault
                if fault is not None and (self._raised is None or time.monotonic() >= until):
                    self._raised = fault
                    raise fault from None
            else:
                self._raised = None
                return np.frombuffer(self._with_what_waits(block), np.int16)

    def _with_what_waits(self, block: bytes) -> bytes:
        most, blocks = round(_LATE / BLOCK), [block]
        while len(blocks) < most:
            try:
                blocks.append(self._blocks.get_nowait()[1])
            except queue.Empty:
                break
        return b"".join(blocks)

    def skip(self) -> None:
        """Forget what was said before now."""
        while True:
            try:
                self._blocks.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        """Stop listening."""
        self._device.close()
        self.skip()

    def _arrived(self, message: Mapping[str, Any], sound: bytes) -> None:
        if not sound:
            return
        if self._blocks.full():
            self.skip()
        self._blocks.put_nowait((message["moment"], sound))
