"""The default voice: pyttsx3, in a process of its own (`worker`) that is started again once if it crashes or hangs."""

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from skill.errors import SpeechError
from skill.speaking.silent_engine import WORDS_A_MINUTE
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import read_wav
from skill.system.child import Child, ChildError, module
from skill.system.folders import cache_folder

#: Seconds for one sentence, the start of the process included: 0.2 s here, so this is room for a slow machine.
_PATIENCE: Final = 4.0
_WORKER: Final = module("skill.speaking.worker")
#: Memory that looks like a disk: rendered files wear out no card, and fit when the disk is full.
_MEMORY: Final = "/dev/shm"
#: Bytes that must be free for a sentence: 45 s of speech, which is more than any prompt.
_ROOM: Final = 2_000_000


_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """A voice of pyttsx3's driver."""

    id: str
    name: str
    language: str


class Pyttsx3Engine:
    """Renders through the worker, which is started at once and warms up while the caller does other things."""

    def __init__(self, voice: str = "", *, patience: float = _PATIENCE, worker: Sequence[str] = _WORKER) -> None:
        """`voice`: an id of `voices()`, with espeak-ng also `<id>+<variant>`; empty takes the driver's default.

        `patience`: seconds for a sentence. `worker`: the command line of the process.
        """
        self._voice = voice
        self._patience = patience
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._broken: SpeechError | None = None
        self._child = Child(worker)

    @property
    def identity(self) -> str:
        """The driver's name and the voice."""
        return f"pyttsx3 {self._voice}"

    def render(self, text: str, delivery: Delivery) -> Clip:
        """Mono, with espeak-ng at 22,050 Hz. Raises SpeechError when the worker fails twice; then it stays broken."""
        request = {
            "do": "render",
            "text": text,
            "voice": self._voice,
            "rate": round(WORDS_A_MINUTE * delivery.pace),
            "volume": delivery.volume,
        }
        with self._lock:
            return self._twice(lambda: self._render(request))

    def voices(self) -> tuple[SystemVoice, ...]:
        """Every voice of the driver. Raises SpeechError."""
        with self._lock:
            reply = self._twice(lambda: self._ask({"do": "voices"}))
            return tuple(SystemVoice(*entry) for entry in reply["voices"])

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._broken = SpeechError("The voice is closed.")
            self._child.end()
            self._leave_folder()

    def _twice(self, attempt: Callable[[], _Result]) -> _Result:
        """What `attempt` comes to; after a failure with another process, and a folder where there is room."""
        if self._broken:
            raise self._broken
        try:
            return attempt()
        except SpeechError:
            self._child.restart()
            self._leave_folder()
        try:
            return attempt()
        except SpeechError as failure:
            self._child.end()
            self._broken = failure
            raise

    def _render(self, request: dict[str, object]) -> Clip:
        if self._folder is None:
            self._folder = _folder()
        file = Path(self._folder.name) / "sentence.wav"
        self._ask({**request, "file": str(file)})
        try:
            return read_wav(file)
        except (OSError, ValueError):
            raise _failed("its file cannot be read") from None

    def _leave_folder(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _ask(self, request: dict[str, object]) -> Any:
        try:
            reply = self._child.ask(request, self._patience)
        except ChildError as failure:
            raise _failed(str(failure)) from None
        if reply["error"]:
            raise _failed(reply["error"])
        return reply


def _folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder of our own, in memory if there is room. Raises SpeechError when there is none anywhere."""
    for place in (_MEMORY, tempfile.gettempdir(), str(cache_folder().parent), str(Path.cwd())):
        with suppress(OSError):
            disk = os.statvfs(place)
            if disk.f_bavail * disk.f_frsize >= _ROOM:
                return tempfile.TemporaryDirectory(prefix="charley-voice-", dir=place)
    raise _failed("no disk has room for a sentence")


def _failed(why: str) -> SpeechError:
    return SpeechError(
        f"The voice pyttsx3 has failed ({why}): run `charley selftest`, or choose another of `charley voices`."
    )
