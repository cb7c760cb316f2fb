"""espeak-ng in this process, through its shared library: the system's, or that of PyPI's espeakng-loader."""

import ctypes
import ctypes.util
import functools
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS: Final = 2
_RATE: Final = 1
_PITCH: Final = 3
_UTF8: Final = 1

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """One engine a process: the library keeps its state in globals."""

    def __init__(self) -> None:
        path, data = ctypes.util.find_library("espeak-ng"), None
        if path is None:
            import espeakng_loader

            path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
        self._library = ctypes.CDLL(path)
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
        if self.rate <= 0:
            raise RuntimeError("espeak-ng does not start: install espeak-ng, or espeakng-loader from PyPI.")
        self._heard: list[npt.NDArray[np.int16]] = []
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: Any, count: int, _events: int) -> int:
        if samples and count > 0:
            self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str, voice: str, speed: int, pitch: int) -> npt.NDArray[np.float32]:
        """Samples (±1, `rate` a second); speed in words a minute, pitch 0 to 99."""
        self._heard.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        self._library.espeak_SetParameter(_RATE, speed, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        spoken = text.encode()
        self._library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return (np.concatenate(self._heard) / 32_768).astype(np.float32)


@functools.cache
def espeak() -> Espeak:
    """The engine of this process."""
    return Espeak()
