"""The voice of all calls: one engine, at the rate of a telephone, its own sentences kept in memory."""

from collections.abc import Iterable

from skill.channels.audiosocket import RATE
from skill.speaking.resample import resample
from skill.speaking.sentences import sentences
from skill.speaking.shaping import trim
from skill.speaking.voice import Clip, Delivery, Engine


class LineVoice:
    """An Engine. What is said to every caller is rendered once; what was said by one is never kept."""

    def __init__(self, engine: Engine, prompts: Iterable[str]) -> None:
        """`prompts`: the texts without slots."""
        self._engine = engine
        self._own = frozenset(sentence for text in prompts for sentence in sentences(text))
        self._kept: dict[tuple[str, Delivery], Clip] = {}

    @property
    def identity(self) -> str:
        """The engine's, at this rate."""
        return f"{self._engine.identity} at {RATE} Hz"

    def render(self, text: str, delivery: Delivery) -> Clip:
        """The sound of `text`, at RATE. Raises SpeechError when the voice fails or takes too long."""
        known = self._kept.get((text, delivery))
        if known is not None:
            return known
        clip = resample(trim(self._engine.render(text, delivery)), RATE)
        if text in self._own and delivery == Delivery():
            self._kept[text, delivery] = clip
        return clip

    def close(self) -> None:
        """The engine belongs to all calls."""

    def release(self) -> None:
        """Nobody needs it any more."""
        self._engine.close()
