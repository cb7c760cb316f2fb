"""Sound from files."""

from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from skill.errors import UsageError
from skill.listening.source import Samples

_FULL_SCALE: Final = 32767
#: Hz at which speech is recorded anywhere; what a damaged header says is outside.
_RATES: Final = range(4_000, 384_001)


class Recording:
    """A Source that plays samples as fast as they are read, then silence, then ends."""

    def __init__(self, samples: Samples, rate: int, trailing_silence: float = 0.0) -> None:
        """`samples` are mono, shape (n,), at `rate` Hz; `trailing_silence` is in seconds."""
        self._samples = np.concatenate([samples, np.zeros(round(trailing_silence * rate), np.int16)])
        self._rate = rate
        self._position = 0

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._rate

    @property
    def samples(self) -> Samples:
        """All of it, trailing silence included."""
        return self._samples

    def read(self, seconds: float) -> Samples | None:
        """The next `seconds`; None at the end."""
        begin = self._position
        self._position = min(len(self._samples), begin + max(1, round(seconds * self._rate)))
        return self._samples[begin : self._position] if self._position > begin else None

    def skip(self) -> None:
        """Nothing is lost: a recording waits for its reader."""

    def close(self) -> None:
        """Nothing to release."""


def load_recording(path: Path, trailing_silence: float = 0.0) -> Recording:
    """Read a WAV, FLAC, Opus or other file that libsndfile knows, of any rate and width; channels are mixed to one.

    Raises UsageError when there is no such file, when it is no sound, or when it is empty.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}: name a recording.")
    try:
        if soundfile.info(path).samplerate not in _RATES:
            raise UsageError(f"{path} is no recording of speech, by its sample rate: use one of 8 to 48 kHz.")
        channels, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise UsageError(f"{path} cannot be read as sound: use a WAV, FLAC or Opus file.") from error
    if len(channels) == 0:
        raise UsageError(f"{path} holds no sound: record it again.")
    mono = np.nan_to_num(channels.mean(axis=1))
    return Recording((np.clip(mono, -1, 1) * _FULL_SCALE).astype(np.int16), rate, trailing_silence)
