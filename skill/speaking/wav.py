"""Clips as WAV files. The standard library's reader is there at once; soundfile takes 40 ms to import."""

import wave
from pathlib import Path
from typing import BinaryIO

from skill.speaking.voice import Clip


def read_wav(source: Path) -> Clip:
    """Read mono, 16-bit sound. Raises ValueError for any other file, OSError for none."""
    import numpy as np

    try:
        with wave.open(str(source), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise ValueError(f"{source} is not mono with 16 bits")
            return Clip(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16), file.getframerate())
    except (wave.Error, EOFError) as damage:
        raise ValueError(f"{source} is no WAV file") from damage


def write_wav(target: BinaryIO, clip: Clip) -> None:
    """Write a clip. Raises OSError when the disk is full."""
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(clip.samples.astype("<i2").tobytes())
