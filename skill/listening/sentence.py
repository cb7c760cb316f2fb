"""The second hearing: whole sentences, where the phrases of a grammar are not what was said."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from skill.listening.source import Samples


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a `SentenceHearing` made of an utterance."""

    text: str
    """Lower-case words with their apostrophes, numbers in words, no punctuation; empty where nothing was said."""
    confidence: float | None
    """0..1, the mean posterior of the words; None where the engine gives none."""
    engine: str
    """The name of the engine that heard it, such as `moonshine`."""

    @property
    def word_count(self) -> int:
        """How many words it has."""
        return len(self.text.split())


class SentenceHearing(Protocol):
    """Something that hears sentences. One thread at a time."""

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """What is said in mono `sound`, shape (n,), at `rate` Hz; `moment` is the name of the turn, see `Turn`.

        Raises HearingError when the engine breaks down; the next call finds it started again.
        """
        ...

    def close(self) -> None:
        """Release the engine; a hearing under way fails."""
        ...


class ScriptedSentences:
    """Hears the sentences of a script one after the other, then the last one for ever."""

    def __init__(self, script: Iterable[str], confidence: float | None = None) -> None:
        self._script = deque(script)
        self._confidence = confidence
        self.seconds: list[float] = []
        """The lengths of the sounds that it was given."""

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """The next sentence of the script."""
        del moment
        self.seconds.append(len(sound) / rate)
        text = self._script.popleft() if len(self._script) > 1 else self._script[0]
        return Sentence(text, self._confidence, "script")

    def close(self) -> None:
        """Nothing to release."""
