"""The process in which pyttsx3 runs, so that a voice that crashes or hangs takes nothing with it.

One request a line on standard input, one reply a line on standard output, both JSON:

    {"do": "render", "text": ..., "voice": ..., "rate": words a minute, "volume": 0..2, "file": the WAV to write}
    {"do": "voices"}

A reply is {"error": sentence} or {"error": null, "voices": [[id, name, language], ...]}. Ends with its input.
"""

import ctypes
import json
import os
import sys
import threading
import wave
from collections.abc import Callable
from typing import Any, Final, TextIO

#: Seconds for one sentence; the driver itself would wait for ever.
_PATIENCE: Final = 3.0


class _Voice:
    """pyttsx3, made dependable. Every trap that it works around is named where it does so."""

    def __init__(self) -> None:
        self._settle = _prepare_espeak()
        import pyttsx3

        self._engine = pyttsx3.init()
        self._finished = threading.Event()
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._known = {voice.id for voice in self._engine.getProperty("voices")}
        self._set: dict[str, Any] = {}

    def render(self, text: str, voice: str, rate: int, volume: float, file: str) -> None:
        if voice and voice.partition("+")[0] not in self._known:  # the driver would keep the old voice and say nothing
            raise ValueError(f"there is no voice {voice!r}")
        wanted: dict[str, Any] = {"rate": rate, "volume": volume} | ({"voice": voice} if voice else {})
        for name, value in wanted.items():
            if self._set.get(name) != value:
                self._engine.setProperty(name, value)
                self._set[name] = value
        self._settle()
        self._finished.clear()
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if not self._finished.wait(_PATIENCE):  # the first runAndWait of a process returns too early
            raise TimeoutError("the voice did not finish")
        self._settle()
        with wave.open(file) as written:
            if written.getnframes() == 0:
                raise ValueError("the voice made no sound")

    def voices(self) -> list[tuple[str, str, str]]:
        return [
            (voice.id, voice.name, voice.languages[0] if voice.languages else "")
            for voice in self._engine.getProperty("voices")
        ]


def _prepare_espeak() -> Callable[[], object]:
    """Make sure of libespeak-ng where it is the voice; returns what waits until it has nothing left to do.

    Without that wait the driver takes a property that is still being set for speech under way, and cancels both: the
    new rate is lost, or the file stays empty.
    """
    if sys.platform != "linux":
        return lambda: None
    try:
        library = ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        library = ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)  # pyttsx3 finds it loaded
    synchronise: Callable[[], object] = library.espeak_Synchronize
    return synchronise


def _serve(requests: TextIO, replies: TextIO) -> None:
    voice = None
    for line in requests:
        request = json.loads(line)
        reply: dict[str, object] = {"error": None}
        try:
            voice = voice or _Voice()
            match request.pop("do"):
                case "voices":
                    reply["voices"] = voice.voices()
                case _:
                    voice.render(**request)
        except Exception as problem:  # whatever a driver raises: the other side tells the user
            reply["error"] = str(problem) or type(problem).__name__
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def main() -> None:
    """Serve until the input ends. The drivers print to standard output, so the replies get a copy of it.

    espeak-ng connects to the sound server as it starts, though it only renders here: one that hangs must not keep it.
    """
    os.environ |= {"PULSE_SERVER": f"unix:{os.devnull}", "ALSA_CONFIG_PATH": os.devnull}
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as replies:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        _serve(sys.stdin, replies)


if __name__ == "__main__":
    main()
