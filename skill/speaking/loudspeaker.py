"""The loudspeaker: an output stream of our own for every playback, so that it can stop at once and can be lost.

A stream opens in 1 to 5 ms, and one that is opened anew finds a loudspeaker that has come back: none is kept open.
It runs at the device's own rate, because many devices refuse every other.
"""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final

from skill.errors import SoundError
from skill.speaking.feed import Feed
from skill.speaking.played import Played
from skill.speaking.resample import resample
from skill.speaking.voice import Clip
from skill.system.portaudio import STREAMS, portaudio

#: Seconds of sound that the device holds: with the fade, well below the 100 ms in which it must fall silent.
_LATENCY: Final = 0.05
#: Seconds of silence that flush what the device holds; some devices take more than they were asked to.
_TAIL: Final = 0.08
#: Seconds without a call from PortAudio after which the loudspeaker counts as lost. PortAudio never says so, and may
#: hang for ever where it starts a stream to a device that has just gone.
_LOST_AFTER: Final = 1.0

_FAULT: Final = "The loudspeaker {what}: check its plug and the system's sound settings."


class Loudspeaker:
    """The default output device, or the one named."""

    def __init__(self, on_fault: Callable[[SoundError], None], device: str | int | None = None) -> None:
        """Raises SoundError when there is no such device.

        `on_fault` hears of a later failure, once until sound is back; another thread calls it.
        """
        self._on_fault = on_fault
        self._device = device
        self._faulty = False
        self._current: LoudspeakerPlayback | None = None
        sounddevice = portaudio()
        try:
            self.rate = int(sounddevice.query_devices(device, "output")["default_samplerate"])
        except (sounddevice.PortAudioError, ValueError) as missing:
            raise SoundError(
                "There is no loudspeaker: plug one in, choose it in the system's sound settings, or run `charley type`."
            ) from missing
        self.played = Played(self.rate)
        """What it plays: the reference of an echo canceller."""

    def play(self, clips: Iterable[Clip]) -> "LoudspeakerPlayback":
        """Start to play. The first clip is fetched in the background; a loudspeaker that fails is silent as long."""
        if self._current is not None:
            self._current.stop()
        self._current = LoudspeakerPlayback(self, iter(clips), after=self._current)
        return self._current

    def close(self) -> None:
        """Stop, and wait until the device is free."""
        if self._current is not None:
            self._current.stop()
            self._current.release()

    @contextmanager
    def stream(self, callback: Callable[..., None], finished: Callable[[], None]) -> Iterator[Any]:
        """A stream that is not started yet, closed with the block. Raises SoundError, also for what fails inside."""
        sounddevice = portaudio()
        stream = None
        try:
            with STREAMS:
                stream = sounddevice.OutputStream(
                    samplerate=self.rate,
                    device=self._device,
                    channels=1,
                    dtype="int16",
                    latency=_LATENCY,
                    prime_output_buffers_using_stream_callback=True,
                    callback=callback,
                    finished_callback=finished,
                )
            yield stream
        except sounddevice.PortAudioError as failure:
            raise SoundError(_FAULT.format(what="cannot be opened")) from failure
        finally:
            if stream is not None:
                with STREAMS:
                    stream.close(ignore_errors=True)

    def report(self, fault: SoundError | None) -> None:
        """Remember whether sound works, and tell of a fault that is new."""
        news = fault is not None and not self._faulty
        self._faulty = fault is not None
        if news and fault is not None:
            self._on_fault(fault)


class LoudspeakerPlayback:
    """Clips on their way to the loudspeaker, fetched and watched by a thread of their own."""

    def __init__(
        self, loudspeaker: Loudspeaker, clips: Iterator[Clip], after: "LoudspeakerPlayback | None" = None
    ) -> None:
        """`after`: the playback that has to be over before this one may sound."""
        self._loudspeaker = loudspeaker
        self._clips = clips
        self._after = after
        self._feed: Feed | None = None
        self._called = math.inf
        self._begun = False
        self._stopped = threading.Event()
        self._silent = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loudspeaker", daemon=True)
        self._thread.start()

    def playing(self) -> bool:
        """Whether sound is still to come. Notices a loudspeaker that is lost."""
        if time.monotonic() - self._called > _LOST_AFTER and not self._ended.is_set():
            self._loudspeaker.report(SoundError(_FAULT.format(what="has stopped")))
            self._ended.set()
        return not self._ended.is_set()

    def stop(self) -> None:
        """Fade out."""
        self._stopped.set()
        if self._feed is not None:
            self._feed.stop()

    def wait(self) -> None:
        """Return when the last sample has been played, or after `stop`."""
        while self.playing():
            self._ended.wait(_LOST_AFTER / 4)

    def release(self) -> None:
        """Wait until the device is free, but not for one that hangs."""
        self._thread.join(_LOST_AFTER)

    def _run(self) -> None:
        try:
            first = next(self._clips, None)
            if self._after is not None:
                self._after.release()
                self._after = None
            if first is not None and not self._stopped.is_set():
                self._play(first)
        except SoundError as fault:
            self._loudspeaker.report(fault)
            for clip in chain((first,), self._clips) if first else ():
                if self._stopped.wait(clip.seconds):
                    break
        finally:
            self._ended.set()

    def _play(self, first: Clip) -> None:
        rate = self._loudspeaker.rate
        with self._loudspeaker.stream(self._fill, self._silent.set) as stream:
            self._feed = feed = Feed(rate, max(_TAIL, stream.latency))
            feed.add(resample(first, rate).samples)
            self._called = time.monotonic()
            stream.start()
            for clip in self._clips:
                if self._stopped.is_set():
                    break
                feed.add(resample(clip, rate).samples)
            feed.end()
            if self._stopped.is_set():
                feed.stop()
            while self.playing() and not self._silent.wait(_LOST_AFTER / 4):
                pass
        if self.playing():
            self._loudspeaker.report(None)

    def _fill(self, block: Any, _frames: int, times: Any, _status: Any) -> None:
        """Called by PortAudio's thread."""
        played = self._loudspeaker.played
        self._called = time.monotonic()
        if not self._begun:
            self._begun = True
            played.begin(self._called + max(0.0, times.outputBufferDacTime - times.currentTime))
        over = self._feed is None or self._feed.fill(block[:, 0])
        played.add(block[:, 0])
        if over:
            raise portaudio().CallbackStop
