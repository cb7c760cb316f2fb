"""A model that is spared the quiet: what is no sound need not be decoded, and most of a conversation is that.

Loud is what stands out of the line's own noise, by far less than speech that can be understood; in doubt it is decoded.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from skill.listening.source import Samples
from skill.listening.vosk_model import Decoder, Model

#: dBFS below which nothing is loud.
_QUIET: Final = -62.0
#: dB by which loud sound stands out of the quietest of the last seconds.
_MARGIN: Final = 4.0
#: Seconds over which the quietest block counts as the line's own noise.
_NOISE: Final = 3.0
#: Seconds of quiet that are decoded before what is loud: words begin softly.
_BEFORE: Final = 0.5
#: Seconds of quiet that are decoded after it: the model's own endpoints need 2.0 s at most.
_AFTER: Final = 2.2


def level(samples: Samples) -> float:
    """The loudness of a block, in dBFS."""
    if not len(samples):
        return -120.0
    scaled = samples.astype(np.float32) / 32768
    return 10.0 * float(np.log10(float(np.dot(scaled, scaled)) / len(samples) + 1e-12))


def is_loud(loudness: float) -> bool:
    """Whether a block of so many dBFS may hold something, however noisy the line is."""
    return loudness > _QUIET


class GatedModel:
    """A Model whose decoders are begun at the first sound that is loud, and fed with what is around it."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def missing(self, words: Iterable[str]) -> set[str]:
        """Those of `words` that the model does not have."""
        return self._model.missing(words)

    def decoder(self, rate: int, weights: Mapping[str, int] | None) -> "GatedDecoder":
        """An utterance that has not begun."""
        return GatedDecoder(self._model, rate, weights)

    def alternatives(self, rate: int, weights: Mapping[str, int], sound: bytes) -> list[dict[str, Any]]:
        """What is heard in a whole utterance."""
        return self._model.alternatives(rate, weights, sound)

    def sentence(self, model: Path, rate: int, sound: bytes) -> list[tuple[str, float]]:
        """The words of a whole utterance."""
        return self._model.sentence(model, rate, sound)

    def close(self) -> None:
        """Release the model."""
        self._model.close()


class GatedDecoder:
    """A Decoder; its times count the sound that was passed over too."""

    def __init__(self, model: Model, rate: int, weights: Mapping[str, int] | None) -> None:
        self._model = model
        self._rate = rate
        self._weights = weights
        self._decoder: Decoder | None = None
        self._levels: deque[tuple[float, float]] = deque()  # seconds and dBFS of each block
        self._seconds = 0.0
        self._kept: deque[bytes] = deque()
        self._quiet = _AFTER
        self._passed: list[tuple[float, float]] = []  # up to which second of decoded sound how much was passed over
        self._decoded = self._over = 0.0

    def accept(self, sound: bytes) -> bool:
        """Take in mono int16 sound. True at an endpoint."""
        seconds = len(sound) / 2 / self._rate
        self._quiet = 0.0 if self._loud(sound, seconds) else self._quiet + seconds
        if self._quiet < _AFTER:
            return self._decode(sound)
        self._kept.append(sound)
        while sum(map(len, self._kept)) > 2 * _BEFORE * self._rate and len(self._kept) > 1:
            self._over += len(self._kept.popleft()) / 2 / self._rate
        return False

    def partial(self) -> str:
        """The words so far."""
        return self._decoder.partial() if self._decoder else ""

    def final(self) -> list[dict[str, Any]]:
        """Vosk's alternatives since the last one; none where nothing was loud."""
        alternatives = self._decoder.final() if self._decoder else []
        for alternative in alternatives:
            for word in alternative.get("result", []):
                word["start"], word["end"] = self._moment(word["start"]), self._moment(word["end"])
        return alternatives

    def _loud(self, sound: bytes, seconds: float) -> bool:
        loudness = level(np.frombuffer(sound, np.int16))
        self._levels.append((seconds, loudness))
        self._seconds += seconds
        while self._seconds > _NOISE:
            self._seconds -= self._levels.popleft()[0]
        floor = min((known for _, known in self._levels), default=loudness)
        return is_loud(loudness) and (loudness > floor + _MARGIN or self._seconds < _BEFORE)

    def _decode(self, sound: bytes) -> bool:
        if self._decoder is None:
            self._decoder = self._model.decoder(self._rate, self._weights)
        if self._kept:
            self._passed.append((self._decoded, self._over))
            sound = b"".join((*self._kept, sound))
            self._kept.clear()
        self._decoded += len(sound) / 2 / self._rate
        return self._decoder.accept(sound)

    def _moment(self, decoded: float) -> float:
        """The second of all sound that is this second of the decoded."""
        return decoded + max((over for begin, over in self._passed if begin <= decoded), default=0.0)
