"""What it means to speak: text in, sound out, and a playback that can be stopped."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Clip:
    """Rendered sound."""

    samples: "NDArray[np.int16]"
    """Mono, shape (n,)."""
    rate: int
    """Samples per second, Hz."""

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / self.rate


class Earcon(StrEnum):
    """Short sounds that mean something without words."""

    LISTENING = "listening"
    UNDERSTOOD = "understood"
    NOT_UNDERSTOOD = "not_understood"
    TICK = "tick"
    """One second of a hold, or a step of a count."""
    WORKING = "working"
    """Still here: nobody is left in silence."""
    ASLEEP = "asleep"
    """Nobody answered: asleep again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How to speak; the user changes it by voice."""

    pace: float = 1.0
    """Relative speed: 1.0 is about 165 words a minute."""
    volume: float = 1.0
    """Relative loudness, 0..2; 1.0 is the voice's own."""


class Engine(Protocol):
    """A synthetic voice. Any thread may use it."""

    @property
    def identity(self) -> str:
        """Names the engine and its voice: two engines of one identity render the same clip from the same text."""
        ...

    def render(self, text: str, delivery: Delivery) -> Clip:
        """The sound of `text`. Raises SpeechError when the voice fails or takes too long."""
        ...

    def close(self) -> None:
        """Release the voice."""
        ...


class Playback(Protocol):
    """Sound on its way to the loudspeaker."""

    def playing(self) -> bool:
        """Whether sound is still to come."""
        ...

    def stop(self) -> None:
        """Be silent within 100 ms. Harmless when it has ended already."""
        ...

    def wait(self) -> None:
        """Return when the last sample has been played, or after `stop`."""
        ...


class Voice(Protocol):
    """An engine and a loudspeaker together: what the dialogue speaks with."""

    delivery: Delivery

    def say(self, text: str) -> Playback:
        """Start to speak and return at once. A failing engine or loudspeaker never raises: captions carry on."""
        ...

    def play(self, earcon: Earcon) -> Playback:
        """Start a short sound and return at once."""
        ...

    def prepare(self, texts: tuple[str, ...]) -> None:
        """Render ahead in the background, so that these texts start without delay later."""
        ...

    def close(self) -> None:
        """Stop sound and release the loudspeaker."""
        ...
