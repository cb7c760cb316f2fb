"""PortAudio for both rooms that use it: kept quiet, one sentence when it is missing, and a lock that it lacks."""

import atexit
import ctypes
import threading
from functools import cache
from types import ModuleType
from typing import Final

from skill.errors import SoundError

#: Held while a stream is opened or closed: PortAudio keeps its list of streams without a lock of its own, and the
#: microphone may open while the loudspeaker does.
STREAMS: Final = threading.Lock()

#: ALSA's handler of messages: file, line, function, error, format; the values for the format are left alone.
_HANDLER: Final = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_ignore: Final = _HANDLER(lambda *_: None)


@cache
def portaudio() -> ModuleType:
    """The library sounddevice. Raises SoundError where the system's PortAudio is missing."""
    _silence_alsa()
    try:
        import sounddevice
    except OSError as missing:
        raise SoundError(
            "PortAudio is missing: type `sudo apt install libportaudio2`, or run `charley type`."
        ) from missing
    atexit.unregister(sounddevice._exit_handler)  # it waits for ever for a stream whose device has gone
    module: ModuleType = sounddevice
    return module


def _silence_alsa() -> None:
    """ALSA writes about every plug-in that it lacks, and every underrun, across the captions."""
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_ignore)
    except (OSError, AttributeError):  # no ALSA here
        return
