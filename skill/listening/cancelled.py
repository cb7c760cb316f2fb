"""The microphone without the loudspeaker: a source from which the echo of what is played has been taken."""

from typing import Final, Protocol

import numpy as np

from skill.listening.echo import EchoCanceller, delay
from skill.listening.openness import Openness, SelfHearing, likeness
from skill.listening.source import Samples, Source

#: Seconds of a playback that are collected before its delay is estimated; what was said meanwhile is heard afterwards.
_COLLECTED: Final = 0.6
#: Seconds by which the time of the reference may be wrong, early or late: sound servers know their delays badly.
_UNCERTAIN: Final = 0.3
#: Seconds after the last sound for which a room still answers.
_REVERBERATION: Final = 0.4
#: Seconds that the echo may come before its estimated delay.
_MARGIN: Final = 0.004
#: Seconds of what is left that are compared with what was played, and how alike they are where it is the same.
_COMPARED: Final = 1.0
_ALIKE: Final = 24.0


class TimedSource(Source, Protocol):
    """A source that knows when it heard what it gives."""

    @property
    def moment(self) -> float:
        """When the first sample of the last `read` arrived, in seconds of `time.monotonic`."""
        ...


class Reference(Protocol):
    """What the loudspeaker plays, and when."""

    def sounding(self, since: float) -> bool:
        """Whether anything was played after the moment `since`."""
        ...

    def sound(self, begin: float, count: int, rate: int) -> Samples:
        """What was played from the moment `begin` on, shape (count,), at `rate` Hz; zeros where there was nothing."""
        ...


class EchoCancelled:
    """A Source: the microphone's sound as it is while nothing is played, and without its echo while something is."""

    def __init__(self, source: TimedSource, reference: Reference) -> None:
        self._source = source
        self._reference = reference
        self._canceller: EchoCanceller | None = None
        self._begin: float | None = None
        self._lag: float | None = None
        self._taken = 0
        self._waiting = np.zeros(0, np.int16)
        self._measured = SelfHearing()
        self._clean = np.zeros(0, np.int16)

    @property
    def openness(self) -> Openness:
        """How far the ear may be open while something is played, by what was measured so far."""
        return self._measured.openness

    def is_own_voice(self) -> bool:
        """Whether what was given in the last second is mostly what was played: where the canceller has lost the way."""
        if self._begin is None or self._lag is None or len(self._clean) < _COMPARED * self.rate / 2:
            return False
        around = round(_UNCERTAIN * self.rate)
        first = self._taken - len(self._clean)
        played = self._played((first - around) / self.rate - self._lag, len(self._clean) + 2 * around)
        return likeness(self._clean, played) >= _ALIKE

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        """The next sound; the beginning of a playback comes all at once, when its delay is known."""
        while (heard := self._source.read(seconds)) is not None:
            sounding = self._reference.sounding(self._source.moment - _REVERBERATION)
            if self._begin is not None and self._lost_sound():
                self._forget()
            if self._begin is None:
                if not sounding:
                    self._measured.quiet(heard, self.rate)
                    return heard
                self._begin = self._source.moment
            self._waiting = np.concatenate([self._waiting, heard])
            if self._lag is None:
                if not sounding:  # an earcon, too short to learn from
                    waiting = self._waiting
                    self._forget()
                    return waiting
                if len(self._waiting) < _COLLECTED * self.rate:
                    continue
                self._lag = self._align()
            clean = self._cancel()
            if not sounding or self._has_lost_the_way():
                self._forget()
            return clean
        return None

    def skip(self) -> None:
        """Forget the sound that has arrived but was not read."""
        self._source.skip()
        self._forget()

    def close(self) -> None:
        """Release the source."""
        self._source.close()

    def _forget(self) -> None:
        """The next playback begins at another moment; the room stays the same."""
        self._begin, self._lag, self._taken = None, None, 0
        self._waiting = self._clean = np.zeros(0, np.int16)

    def _has_lost_the_way(self) -> bool:
        """Whether the echo has come back, because a device has changed its delay: it is looked for anew."""
        return self._measured.overwhelmed and self.is_own_voice()

    def _lost_sound(self) -> bool:
        """Whether the last block does not follow the one before: the microphone stalled, or was read late."""
        assert self._begin is not None
        expected = self._begin + (self._taken + len(self._waiting)) / self.rate
        return abs(self._source.moment - expected) > _UNCERTAIN

    def _align(self) -> float:
        """Seconds from the time of the reference to the microphone's, and a first lesson for the canceller."""
        if self._canceller is None or self._canceller.rate != self.rate:  # another microphone, with another rate
            self._canceller = EchoCanceller(self.rate)
        before = round(_UNCERTAIN * self.rate)
        reference = self._played(-_UNCERTAIN, len(self._waiting) + 2 * before)
        lag = (delay(self._waiting, reference) + before) / self.rate - _MARGIN
        size = self._canceller.block
        self._canceller.restart()
        for place in range(0, len(self._waiting) - size + 1, size):
            self._canceller.cancel(self._waiting[place : place + size], self._played(place / self.rate - lag, size))
        self._canceller.restart()
        return lag

    def _cancel(self) -> Samples:
        assert self._lag is not None
        assert self._canceller is not None
        size = self._canceller.block
        whole = len(self._waiting) // size * size
        heard, played = self._waiting[:whole], self._played(self._taken / self.rate - self._lag, whole)
        clean = [
            self._canceller.cancel(heard[place : place + size], played[place : place + size])
            for place in range(0, whole, size)
        ]
        self._waiting = self._waiting[whole:]
        self._taken += whole
        left = np.concatenate(clean) if clean else np.zeros(0, np.int16)
        self._measured.spoken(heard, left, played, self.rate)
        self._clean = np.concatenate([self._clean, left])[-round(_COMPARED * self.rate) :]
        return left

    def _played(self, after: float, count: int) -> Samples:
        """What was played `after` seconds from the beginning of the collected sound on."""
        assert self._begin is not None
        return self._reference.sound(self._begin + after, count, self.rate)
