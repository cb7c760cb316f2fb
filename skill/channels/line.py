"""A telephone line: the caller's sound and keys come in, Charley's sound goes out, both in the time of the call.

The server's thread brings and fetches sound; the thread that holds the conversation reads, plays and waits.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from skill.channels.audiosocket import RATE
from skill.listening.gated import is_loud, level
from skill.listening.source import Samples
from skill.speaking.feed import Feed
from skill.speaking.played import Played
from skill.speaking.resample import resample
from skill.speaking.voice import Clip

#: Bytes in a second of sound.
_SECOND: Final = 2 * RATE
#: Seconds without sound after which the line counts as silent: an exchange may send nothing while nobody speaks.
_GAP: Final = 0.2
#: Seconds of sound that wait to be read at most; the oldest goes first.
_KEPT: Final = 30.0
#: Seconds by which sound may come earlier than it can have been spoken; what is more is nobody's voice.
_AHEAD: Final = 5.0
#: Seconds for which a line counts as loud after sound that is: so long may Charley's own words take to come back.
_LOUD_FOR: Final = 1.0
#: Seconds for which Charley's own words may still come back when they are over.
_COMING_BACK: Final = 0.4
#: Seconds that Charley must have spoken before anybody knows whether its words come back, and the share of them from
#: which on they do: they would be there for most of the time, a caller who breaks in is for a word or two.
_KNOWN_AFTER: Final = 1.5
_ECHO: Final = 0.35
#: dB by which speech stands out of the quietest of the last blocks, and how many those are: 3 s of them.
_SPEECH: Final = 10.0
_BLOCKS: Final = 75
#: Seconds of silence at the end of what is played, while the last of it is still on its way.
_TAIL: Final = 0.06


class Line:
    """A Source, a Player, and the reference of an echo canceller, of one call."""

    def __init__(self, identity: bytes = b"") -> None:
        """`identity`: what the exchange calls this call."""
        self.identity = identity
        self.played = Played()
        """What was sent, and when."""
        self._changed = threading.Condition()
        self._heard = bytearray()
        self._began = time.monotonic()
        self._received = 0
        self._keys: list[str] = []
        self._closed = False
        self._silent = False
        self._torn = False
        self._levels: deque[float] = deque(maxlen=_BLOCKS)
        self._spoken = self._came_back = 0.0
        self._loud_until = 0.0
        self._playback: LinePlayback | None = None
        self.moment = self._began
        """When the first sample of the last `read` arrived, in seconds of `time.monotonic`."""

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return RATE

    @property
    def closed(self) -> bool:
        """Whether the call is over."""
        return self._closed

    # For the server.

    def receive(self, sound: bytes) -> None:
        """The caller's next sound, mono int16."""
        whole = sound[: len(sound) // 2 * 2]
        with self._changed:
            if self._received + len(whole) > (time.monotonic() - self._began + _AHEAD) * _SECOND:
                return
            self._received += len(whole)
            self._heard += whole
            del self._heard[: max(0, len(self._heard) - round(_KEPT * _SECOND))]
            self._changed.notify_all()

    def press(self, key: str) -> None:
        """The caller has pressed a key of the telephone."""
        with self._changed:
            self._keys.append(key)
            self._changed.notify_all()

    def hang_up(self) -> None:
        """The call is over, whoever ended it: what is played ends, and `read` gives None."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            playback = self._playback
        if playback is not None:
            playback.end()

    def send(self, count: int) -> bytes:
        """The next `count` samples for the caller; silence where nothing is said."""
        playback = self._playback
        return playback.take(count) if playback is not None else bytes(2 * count)

    # For the conversation.

    def read(self, seconds: float) -> Samples | None:
        """The next sound, silence included where none comes; None once the call is over."""
        wanted = max(2, round(seconds * RATE) * 2)
        with self._changed:
            patience = seconds if self._silent else _GAP
            self._changed.wait_for(lambda: self._closed or len(self._heard) >= wanted, patience)
            if self._closed:
                return None
            self._silent = len(self._heard) < wanted
            sound = bytes(self._heard[:wanted])
            del self._heard[:wanted]
            left = len(self._heard)
        if len(sound) < wanted:
            self._torn = True
            sound += bytes(round(patience * RATE) * 2 - len(sound))
        samples = np.frombuffer(sound, "<i2").astype(np.int16)
        now = time.monotonic()
        self.moment = now - (len(sound) + left) / _SECOND
        self._weigh(samples, now)
        return samples

    @property
    def echoes(self) -> bool:
        """Whether Charley's own words come back on this line, or nobody can know that yet."""
        return self._spoken < _KNOWN_AFTER or self._came_back > _ECHO * self._spoken

    def skip(self) -> None:
        """Forget the sound that has arrived but was not read."""
        with self._changed:
            self._heard.clear()

    @property
    def pressed(self) -> tuple[str, ...]:
        """The keys that were pressed and not forgotten."""
        with self._changed:
            return tuple(self._keys)

    def forget_keys(self) -> None:
        """What was pressed so far has been answered."""
        with self._changed:
            self._keys.clear()

    def play(self, clips: Iterable[Clip]) -> "LinePlayback":
        """Start to play in place of what is played; a line that is closed plays nothing."""
        playback = LinePlayback(self.played, iter(clips))
        with self._changed:
            before, self._playback = self._playback, playback
            closed = self._closed
        if before is not None:
            before.end()
        if closed:
            playback.end()
        return playback

    def sounding(self, since: float) -> bool:
        """Whether anything was played after the moment `since` that may come back: into a quiet line nothing did.

        Sound that was late comes at another moment than what was played: the canceller begins anew, by one no.
        """
        torn, self._torn = self._torn, False
        return not torn and time.monotonic() < self._loud_until and self.played.sounding(since)

    def sound(self, begin: float, count: int, rate: int) -> Samples:
        """What was played from the moment `begin` on, shape (count,), at `rate` Hz; zeros where there was nothing."""
        return self.played.sound(begin, count, rate)

    def close(self) -> None:
        """The conversation is over; the server hangs up."""

    def _weigh(self, samples: Samples, now: float) -> None:
        """Follow what comes while Charley speaks."""
        loudness = level(samples)
        self._levels.append(loudness)
        loud, seconds = is_loud(loudness), len(samples) / RATE
        if loud:
            self._loud_until = now + _LOUD_FOR
        if self.played.sounding(now - _COMING_BACK):
            self._spoken += seconds
            self._came_back += seconds if loud and loudness > min(self._levels) + _SPEECH else 0.0


class LinePlayback:
    """Clips on their way to the caller, fetched by a thread of their own."""

    def __init__(self, played: Played, clips: Iterator[Clip]) -> None:
        self._played = played
        self._feed = Feed(RATE, _TAIL)
        self._begun = False
        self._stopped = False
        self._over = threading.Event()
        threading.Thread(target=self._fetch, args=(clips,), name="speech", daemon=True).start()

    def playing(self) -> bool:
        """Whether sound is still to come."""
        return not self._over.is_set()

    def stop(self) -> None:
        """Fade out."""
        self._stopped = True
        self._feed.stop()

    def wait(self) -> None:
        """Return when the last sample has been sent, or after `stop`."""
        self._over.wait()

    def end(self) -> None:
        """Nobody hears it any more."""
        self._stopped = True
        self._over.set()

    def take(self, count: int) -> bytes:
        """The next `count` samples."""
        if self._over.is_set():
            return bytes(2 * count)
        sound = self._feed.take(count)
        if not self._begun:
            self._begun = True
            self._played.begin(time.monotonic(), RATE)
        self._played.add(sound)
        if self._feed.over:
            self._over.set()
        return sound

    def _fetch(self, clips: Iterator[Clip]) -> None:
        try:
            for clip in clips:
                if self._stopped:
                    break
                self._feed.add(resample(clip, RATE).samples.tobytes())
        finally:
            self._feed.end()
