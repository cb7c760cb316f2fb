"""Sound from the microphone, through PortAudio."""

import queue
import time
from typing import Any, Final

import numpy as np

from skill.errors import SoundError
from skill.listening.source import Samples
from skill.system.portaudio import STREAMS, portaudio

#: Seconds of sound in one block: short enough for an early answer, long enough for a Raspberry Pi.
_BLOCK: Final = 0.04
#: Seconds without a block after which the microphone counts as lost; PortAudio itself never says so.
_LOST_AFTER: Final = 2.0
#: Seconds of unread sound that are kept; older sound is dropped.
_MEMORY: Final = 30.0


class Microphone:
    """The default input device, or the one named, at its own sample rate. Opened by the first `read`."""

    def __init__(self, device: str | int | None = None) -> None:
        """Raises SoundError when there is no such device, or no PortAudio."""
        self._device = device
        self._blocks: queue.Queue[tuple[float, bytes]] = queue.Queue(maxsize=round(_MEMORY / _BLOCK))
        self._stream: Any = None
        self.moment = 0.0
        """When the first sample of the last `read` arrived, in seconds of `time.monotonic`."""
        sounddevice = portaudio()
        try:
            self._rate = int(sounddevice.query_devices(device, "input")["default_samplerate"])
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundError(
                "There is no microphone: plug one in, choose it in the system's sound settings, or run `charley type`."
            ) from error

    @property
    def rate(self) -> int:
        """Samples per second, Hz: the device's own, because many devices refuse every other."""
        return self._rate

    def read(self, seconds: float) -> Samples:
        """The next block, however short; `seconds` is ignored. Raises SoundError when none comes."""
        del seconds
        if self._stream is None:
            self._open()
        try:
            self.moment, block = self._blocks.get(timeout=_LOST_AFTER)
        except queue.Empty:
            self.close()
            raise SoundError("The microphone has stopped: check its plug, then answer again.") from None
        return np.frombuffer(block, np.int16)

    def skip(self) -> None:
        """Forget what was said before now."""
        while True:
            try:
                self._blocks.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        """Stop listening."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with STREAMS:
                stream.close(ignore_errors=True)
        self.skip()

    def _open(self) -> None:
        sounddevice = portaudio()
        try:
            with STREAMS:
                self._stream = sounddevice.RawInputStream(
                    samplerate=self._rate,
                    blocksize=round(self._rate * _BLOCK),
                    device=self._device,
                    channels=1,
                    dtype="int16",
                    callback=self._arrived,
                )
                self._stream.start()
        except sounddevice.PortAudioError as error:
            self.close()
            raise SoundError(
                f"The microphone cannot be opened ({error}): close other programs that use it, or run `charley type`."
            ) from error

    def _arrived(self, block: Any, _frames: int, times: Any, _status: Any) -> None:
        """Called by PortAudio's thread, which may do no more than this."""
        if self._blocks.full():
            self.skip()
        moment = time.monotonic() - max(0.0, times.currentTime - times.inputBufferAdcTime)
        self._blocks.put_nowait((moment, bytes(block)))
