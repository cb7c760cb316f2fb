"""Rendered prompts on disk, so that the next start speaks at once. On a full or read-only disk there are none.

Only what `Voice.prepare` is given comes here, and that is the fixed prompts: nothing that a person said is ever kept.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import astuple
from pathlib import Path
from typing import Final

from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import read_wav, write_wav

#: Bytes; about 19 minutes of speech at 22,050 Hz.
_LIMIT: Final = 50_000_000


class ClipCache:
    """Clips by voice, delivery and text, the oldest dropped when they take too much room."""

    def __init__(self, folder: Path, limit: int = _LIMIT) -> None:
        """`folder` is made when it is needed; `limit` in bytes."""
        self._folder = folder
        self._limit = limit
        self._used: int | None = None

    def get(self, identity: str, text: str, delivery: Delivery) -> Clip | None:
        """The clip, if it is there and whole."""
        try:
            return read_wav(self._file(identity, text, delivery))
        except (OSError, ValueError):
            return None

    def put(self, identity: str, text: str, delivery: Delivery, clip: Clip) -> None:
        """Keep a clip; nothing happens when the disk will not have it."""
        file = self._file(identity, text, delivery)
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(file, clip)
            self._used = self._size() if self._used is None else self._used + file.stat().st_size
            if self._used > self._limit:
                self._drop_oldest()

    def _file(self, identity: str, text: str, delivery: Delivery) -> Path:
        key = json.dumps([identity, text, *astuple(delivery)])
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def _write(self, file: Path, clip: Clip) -> None:
        """Whole or not at all, also when two Charleys write the same clip."""
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                write_wav(part, clip)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def _drop_oldest(self) -> None:
        """Half of the room is freed at once, so that this happens seldom."""
        used = self._size()
        for file in sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime):
            if used <= self._limit // 2:
                break
            used -= file.stat().st_size
            file.unlink()
        self._used = used
