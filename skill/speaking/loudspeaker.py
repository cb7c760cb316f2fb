"""The loudspeaker, which runs in a process of its own (`playback`), at the device's own rate."""

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from skill.errors import SoundError
from skill.speaking.played import Played
from skill.speaking.resample import resample
from skill.speaking.voice import Clip
from skill.system.device import Device

#: Seconds without progress after which the loudspeaker counts as lost; a stream that is opened anew takes 0.1 s.
_LOST_AFTER: Final = 1.5
#: Seconds in which a loudspeaker that has been plugged in again is found.
_HERE_AGAIN: Final = 0.5
#: Seconds for the last fade.
_FADED: Final = 0.3
_NUMBERS: Final = itertools.count(1)


class Loudspeaker:
    """The default output device, or the one named."""

    def __init__(self, on_fault: Callable[[SoundError], None], device: str | int | None = None) -> None:
        """Get ready, and return at once.

        `on_fault` hears of a failure when something is to be played, once until sound is back; another thread calls it.
        """
        self._on_fault = on_fault
        self._told = False
        self._playbacks: dict[int, LoudspeakerPlayback] = {}
        self._current: LoudspeakerPlayback | None = None
        self._device = Device("loudspeaker", "skill.speaking.playback", device, self._progress, self._lost)
        self.played = Played()
        """What it plays: the reference of an echo canceller."""

    @property
    def rate(self) -> int:
        """Samples per second, Hz. Raises SoundError."""
        return self._device.rate

    def require(self) -> None:
        """Return when it can play. Raises SoundError when there is none, SoundHangsError when nothing can be known.

        Who gets the error tells of it: `on_fault` hears nothing of this one.
        """
        self._told = True
        self._device.require()
        self._told = False

    def play(self, clips: Iterable[Clip]) -> "LoudspeakerPlayback":
        """Start to play. The first clip is fetched in the background; a loudspeaker that fails is silent as long."""
        if self._current is not None:
            self._current.stop()
        self._current = LoudspeakerPlayback(self, iter(clips))
        return self._current

    def close(self) -> None:
        """Stop, and end the process."""
        if self._current is not None:
            self._current.stop()
            self._current.release(_FADED)
        self._device.close()

    def ready(self) -> bool:
        """Whether there is sound; the first time that there is none is told. A lost loudspeaker is looked for."""
        if self._device.try_again(_HERE_AGAIN):
            self._told = False
            return True
        self._tell()
        return False

    def begin(self, playback: "LoudspeakerPlayback") -> None:
        """Let a playback begin, after the one before has faded."""
        self._playbacks[playback.number] = playback
        self._device.send({"do": "play", "number": playback.number})

    def send(self, playback: "LoudspeakerPlayback", do: str, sound: bytes = b"") -> None:
        """Ask something of a playback that has begun."""
        self._device.send({"do": do, "number": playback.number, "bytes": len(sound)}, sound)

    def give_up(self) -> None:
        """Nothing is played, though it should be."""
        self._device.give_up()

    def _progress(self, message: Mapping[str, Any], sound: bytes) -> None:
        playback = self._playbacks.get(message.get("number", 0))
        if playback is None:
            return
        if sound:
            if not playback.begun:
                self.played.begin(message["moment"], self._device.rate)
            self.played.add(sound)
        over = message.get("over", False)
        if over:
            del self._playbacks[playback.number]
        playback.progress(begun=bool(sound), over=over)

    def _lost(self) -> None:
        """What is under way will not end by itself."""
        playbacks, self._playbacks = self._playbacks, {}
        for playback in playbacks.values():
            playback.progress(begun=True, over=True)
        if playbacks:
            self._tell()

    def _tell(self) -> None:
        if not self._told and (fault := self._device.fault):
            self._told = True
            self._on_fault(fault)


class LoudspeakerPlayback:
    """Clips on their way to the loudspeaker, fetched and watched by a thread of their own."""

    def __init__(self, loudspeaker: Loudspeaker, clips: Iterator[Clip]) -> None:
        self._loudspeaker = loudspeaker
        self._clips = clips
        self._heard_of = math.inf
        self.number = next(_NUMBERS)
        """Names it to the process."""
        self._lock = threading.Lock()
        self._under_way = False
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self.begun = False
        """Whether its first sound has been played."""
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def playing(self) -> bool:
        """Whether sound is still to come. Notices a loudspeaker that is lost."""
        if time.monotonic() - self._heard_of > _LOST_AFTER and not self._ended.is_set():
            self._ended.set()
            self._loudspeaker.give_up()
        return not self._ended.is_set()

    def stop(self) -> None:
        """Fade out."""
        with self._lock:
            self._stopped.set()
            if self._under_way and not self._ended.is_set():
                self._loudspeaker.send(self, "stop")

    def wait(self) -> None:
        """Return when the last sample has been played, or after `stop`."""
        while self.playing():
            self._ended.wait(_LOST_AFTER / 4)

    def release(self, patience: float) -> None:
        """Wait until it is over, but not longer than `patience` seconds."""
        self._ended.wait(patience)

    def progress(self, *, begun: bool, over: bool) -> None:
        """The loudspeaker has played some of it."""
        self._heard_of = time.monotonic()
        self.begun |= begun
        if over:
            self._ended.set()

    def _run(self) -> None:
        first = next(self._clips, None)
        if first is None or not self._loudspeaker.ready() or not self._begin():
            self._pass(first)
            return
        rate = self._loudspeaker.rate
        for clip in itertools.chain((first,), self._clips):
            if self._stopped.is_set() or self._ended.is_set():
                break
            self._loudspeaker.send(self, "add", resample(clip, rate).samples.tobytes())
        self._loudspeaker.send(self, "end")
        self.wait()

    def _begin(self) -> bool:
        """Unless it was stopped before its first clip was there."""
        with self._lock:
            self._under_way = not self._stopped.is_set()
            if self._under_way:
                self._heard_of = time.monotonic()
                self._loudspeaker.begin(self)
        return self._under_way

    def _pass(self, first: Clip | None) -> None:
        """Be silent for as long as it would take."""
        for clip in itertools.chain((first,), self._clips) if first else ():
            if self._stopped.wait(clip.seconds):
                break
        self._ended.set()
