"""Clips as WAV files. The standard library's reader is there at once; soundfile takes 40 ms to import."""

import wave
from pathlib import Path
from typing import BinaryIO, Final

from skill.speaking.voice import Clip

#: Hz that sound is kept at; a header that says anything else is damaged.
RATES: Final = range(4_000, 384_001)


def read_wav(source: Path) -> Clip:
    """Read mono, 16-bit sound. Raises ValueError for any other file, OSError for none."""
    import numpy as np

    try:
        with wave.open(str(source), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2) or file.getframerate() not in RATES:
                raise ValueError(f"{source} is not mono with 16 bits at a rate of sound")
            sound = file.readframes(file.getnframes())
            if len(sound) != 2 * file.getnframes():
                raise ValueError(f"{source} is cut off")
            return Clip(np.frombuffer(sound, "<i2").astype(np.int16), file.getframerate())
    except (wave.Error, EOFError) as damage:
        raise ValueError(f"{source} is no WAV file") from damage


def write_wav(target: BinaryIO, clip: Clip) -> None:
    """Write a clip. Raises OSError when the disk is full."""
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(clip.samples.astype("<i2").tobytes())
