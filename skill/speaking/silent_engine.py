"""A voice that makes no sound but takes its time: for captions alone, and for demos without a loudspeaker."""

from typing import Final

from skill.speaking.voice import Clip, Delivery

#: Words a minute at pace 1.0, the pace of the default voice.
WORDS_A_MINUTE: Final = 165
#: Hz; low, because silence needs no bandwidth.
_RATE: Final = 8000


def speaking_time(text: str, pace: float) -> float:
    """Seconds that `text` takes at this pace, about."""
    return len(text.split()) * 60 / (WORDS_A_MINUTE * pace)


class SilentEngine:
    """Renders silence as long as the text would take."""

    @property
    def identity(self) -> str:
        """There is one silence."""
        return "silent"

    def render(self, text: str, delivery: Delivery) -> Clip:
        """Zeros; never fails."""
        import numpy as np

        return Clip(np.zeros(round(speaking_time(text, delivery.pace) * _RATE), np.int16), _RATE)

    def close(self) -> None:
        """Nothing to release."""
