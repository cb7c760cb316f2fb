"""What plays clips: the loudspeaker (`loudspeaker`), or nothing but the time that they take."""

from collections.abc import Iterable
from typing import Protocol

from skill.speaking.voice import Clip, Playback
from skill.system.clock import Clock

#: Seconds between two looks at whether a playback was stopped.
_LOOK: float = 0.05


class Player(Protocol):
    """Plays one thing at a time: a new playback stops the one before."""

    def play(self, clips: Iterable[Clip]) -> Playback:
        """Start to play the clips one after the other and return at once. A later clip may still be in the making."""
        ...

    def close(self) -> None:
        """Stop sound and release the loudspeaker."""
        ...


class NullPlayer:
    """Plays nothing; the time that the clips take passes on a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def play(self, clips: Iterable[Clip]) -> "NullPlayback":
        """Take the clips' time from now on."""
        return NullPlayback(self._clock, sum(clip.seconds for clip in clips))

    def close(self) -> None:
        """Nothing to release."""


class NullPlayback:
    """Time on its way."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.now() + seconds

    def playing(self) -> bool:
        """Whether the clock has still to reach the end."""
        return self._clock.now() < self._end

    def stop(self) -> None:
        """End now."""
        self._end = self._clock.now()

    def wait(self) -> None:
        """Let the rest of the time pass."""
        while (left := self._end - self._clock.now()) > 0:
            self._clock.sleep(min(left, _LOOK))
