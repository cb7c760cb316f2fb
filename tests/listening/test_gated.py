"""A model that is spared the quiet hears what it would hear without."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.language.grammar import Grammar
from skill.listening.ear import Phrase
from skill.listening.gated import GatedModel
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.listening.source import Samples
from skill.listening.vosk_model import Decoder, VoskModel
from tests.conftest import Say

RATE = 16_000
QUIET = 1.0


class Counting:
    """A model that counts the seconds that it decodes."""

    def __init__(self, model: VoskModel) -> None:
        self._model = model
        self.seconds = 0.0
        self.decoders = 0

    def missing(self, words: Iterable[str]) -> set[str]:
        return self._model.missing(words)

    def decoder(self, rate: int, weights: Mapping[str, int] | None) -> Decoder:
        self.decoders += 1
        decoder, count = self._model.decoder(rate, weights), self

        class Counted:
            def accept(self, sound: bytes) -> bool:
                count.seconds += len(sound) / 2 / rate
                return decoder.accept(sound)

            def partial(self) -> str:
                return decoder.partial()

            def final(self) -> list[dict[str, Any]]:
                return decoder.final()

        return Counted()

    def alternatives(self, rate: int, weights: Mapping[str, int], sound: bytes) -> list[dict[str, Any]]:
        return self._model.alternatives(rate, weights, sound)

    def sentence(self, model: Path, rate: int, sound: bytes) -> list[tuple[str, float]]:
        return self._model.sentence(model, rate, sound)

    def close(self) -> None: ...


@pytest.fixture(scope="module", name="model")
def _model(recogniser: Recogniser) -> VoskModel:
    return VoskModel(recogniser.folder)


def heard(recogniser: Recogniser, grammar: Grammar, sound: Samples, rate: int = RATE) -> list[tuple[str, float, float]]:
    decoding = recogniser.open(grammar, rate)
    found: list[Phrase] = []
    block = rate // 25
    for place in range(0, len(sound), block):
        if decoding.feed(sound[place : place + block]):
            found += decoding.result()
    found += decoding.result()
    return [(phrase.text, phrase.start, phrase.end) for phrase in found]


def quiet(seconds: float, loudness: float = 1.0, rate: int = RATE) -> Samples:
    return np.random.default_rng(3).normal(0, loudness, round(seconds * rate)).astype(np.int16)


@pytest.mark.parametrize(("text", "noise"), [("no", QUIET), ("my left calf", 60.0)])
def test_an_answer_after_a_long_quiet_is_heard_at_its_own_time(
    recogniser: Recogniser, everything: Grammar, model: VoskModel, say: Say, text: str, noise: float
) -> None:
    recording = load_recording(say(text))
    rate = recording.rate
    sound = np.concatenate([quiet(6, noise, rate), recording.samples, quiet(4, noise, rate)])
    counting = Counting(model)
    gated = heard(recogniser.another(GatedModel(counting)), everything, sound, rate)
    plain = heard(recogniser, everything, sound, rate)
    assert [words for words, *_ in gated] == [words for words, *_ in plain]
    assert gated[0][2] == pytest.approx(plain[0][2], abs=0.4)
    assert counting.seconds < len(sound) / rate - (5 if noise == QUIET else 2)


def test_a_line_on_which_nothing_is_said_costs_nothing(
    recogniser: Recogniser, everything: Grammar, model: VoskModel
) -> None:
    counting = Counting(model)
    assert heard(recogniser.another(GatedModel(counting)), everything, np.zeros(5 * RATE, np.int16)) == []
    assert counting.decoders == 0
