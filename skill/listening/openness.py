"""How far the ear may be open while Charley speaks: as far as it takes itself out of what it hears, by measurement."""

from collections import deque
from enum import IntEnum
from typing import Final, Protocol, TypeVar

import numpy as np

from skill.listening.echo import whitened_correlation
from skill.listening.source import Samples

#: Seconds of speaking after which the first judgement is made, and that it looks back on.
_FIRST: Final = 1.5
_LOOKS_BACK: Final = 12.0
#: Seconds, and dB of echo, of a canceller that has lost the way.
_LATELY: Final = 1.0
_HARDLY: Final = 4.0
#: dBFS of what is played below which nothing can be told from it.
_AUDIBLE: Final = -50.0
#: dB over the room's noise up to which what is left of the echo is as good as nothing: a headset, or a very good path.
_NOTHING: Final = 6.0
#: dB by which the echo must be softer for alarms to be heard over it, and for answers.
_FOR_ALARMS: Final = 8.0
_FOR_ANSWERS: Final = 14.0
#: Seconds over which the room's quietest block counts as its noise.
_ROOM: Final = 10.0


_Row = TypeVar("_Row", bound=tuple[float, ...])


class Openness(IntEnum):
    """What may be heard over Charley's own voice."""

    CLOSED = 0
    ALARMS = 1
    """Alarms, and the words that ask for a pause: "stop", "wait"."""
    ANSWERS = 2
    """Answers too."""


class OverOwnVoice(Protocol):
    """Knows what may be believed while Charley speaks; `skill.listening.cancelled.EchoCancelled`."""

    @property
    def openness(self) -> Openness:
        """How far the ear may be open just now."""
        ...

    def is_own_voice(self) -> bool:
        """Whether what was heard in the last second is what is being played."""
        ...


class SelfHearing:
    """Follows the levels of what is heard and of what is left of it."""

    def __init__(self) -> None:
        self._spoken: deque[tuple[float, float, float]] = deque()  # seconds, dB heard, dB left
        self._room: deque[tuple[float, float]] = deque()  # seconds, dB

    def quiet(self, heard: Samples, rate: int) -> None:
        """Nothing is played: this is the room."""
        _keep(self._room, (len(heard) / rate, level(heard)), _ROOM)

    def spoken(self, heard: Samples, left: Samples, played: Samples, rate: int) -> None:
        """While `played` is played this is `heard`, and this is `left` of it; all of one moment, shape (n,)."""
        if level(played) >= _AUDIBLE:
            _keep(self._spoken, (len(heard) / rate, level(heard), level(left)), _LOOKS_BACK)

    @property
    def overwhelmed(self) -> bool:
        """Whether hardly anything was taken out in the last second of speaking."""
        seconds, heard, left = 0.0, [], []
        for lasted, loud, rest in reversed(self._spoken):
            seconds += lasted
            heard.append(loud)
            left.append(rest)
            if seconds >= _LATELY:
                return float(np.median(heard) - np.median(left)) < _HARDLY
        return False

    @property
    def openness(self) -> Openness:
        """By the median of what was heard lately, so that somebody who speaks meanwhile changes little."""
        if sum(seconds for seconds, *_ in self._spoken) < _FIRST:
            return Openness.CLOSED
        heard, left = (float(np.median(levels)) for levels in list(zip(*self._spoken, strict=True))[1:])
        room = min((loudness for _, loudness in self._room), default=heard)
        if left - room <= _NOTHING or heard - left >= _FOR_ANSWERS:
            return Openness.ANSWERS
        return Openness.ALARMS if heard - left >= _FOR_ALARMS else Openness.CLOSED


def level(sound: Samples) -> float:
    """dB of full scale."""
    mean_square = float(np.mean(np.square(sound.astype(np.float64) / 32_768.0))) if len(sound) else 0.0
    return 10.0 * float(np.log10(mean_square + 1e-12))


def likeness(heard: Samples, played: Samples) -> float:
    """How far the peak of their whitened correlation stands out of it: about 5 where they are strangers."""
    correlation = whitened_correlation(heard, played)
    spread = float(np.sqrt(np.mean(correlation**2)))
    return float(correlation.max()) / spread if spread > 0 else 0.0


def _keep(kept: "deque[_Row]", new: "_Row", seconds: float) -> None:
    kept.append(new)
    while sum(one[0] for one in kept) > seconds:
        kept.popleft()
