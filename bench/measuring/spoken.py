"""What a bench that runs the program with a virtual microphone needs: where its files go, and what is said to it."""

from pathlib import Path

import numpy as np

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.shaping import trim
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import write_wav


def home(folder: Path, settings: str) -> dict[str, str]:
    """The environment of a user whose files are in `folder` and who has these settings, as TOML."""
    config = folder / "config" / "charley" / "settings.toml"
    config.parent.mkdir(parents=True)
    config.write_text(settings, encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}


def recording(engine: Pyttsx3Engine, text: str, folder: Path) -> Path:
    """`text` with a moment of silence before it, because a stream to a sound server may lose its first samples."""
    clip = trim(engine.render(text, Delivery()))
    target = folder / "said.wav"
    with target.open("wb") as file:
        write_wav(file, Clip(np.concatenate([np.zeros(clip.rate // 5, np.int16), clip.samples]), clip.rate))
    return target
