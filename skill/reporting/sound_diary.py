"""What was heard and said, kept as WAV files: only where the person asks for it with `charley --record DIR`."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

import numpy as np

from skill.errors import CharleyError, StorageError, UsageError
from skill.listening.source import Samples, Source
from skill.speaking.player import Player
from skill.speaking.voice import Clip, Playback
from skill.speaking.wav import write_wav


class SoundDiary:
    """A folder of numbered recordings that only their owner may read."""

    def __init__(self, folder: Path, on_fault: Callable[[CharleyError], None]) -> None:
        """`on_fault` is told once when the disk takes no more. Raises UsageError when the folder cannot be made."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise UsageError(
                f"Nothing can be recorded in {folder} ({problem.strerror}): name another folder."
            ) from None
        self._folder = folder
        self._on_fault = on_fault
        taken = (file.name.partition("-")[0] for file in folder.glob("*.wav"))
        self._numbers = count(1 + max((int(number) for number in taken if number.isdecimal()), default=0))
        self._full = False

    def keep(self, kind: str, clip: Clip) -> None:
        """Write `NNNN-kind.wav`, mode 0600. After a fault nothing more is kept, and the conversation goes on."""
        if self._full or len(clip.samples) == 0:
            return
        try:
            with self._next_file(kind) as file:
                write_wav(file, clip)
        except OSError as problem:
            self._full = True
            self._on_fault(
                StorageError(f"The recording ends here, {self._folder} takes no more ({problem.strerror}): make room.")
            )

    def _next_file(self, kind: str) -> BinaryIO:
        """A file of its own, also where another Charley records in the same folder."""
        while True:
            path = self._folder / f"{next(self._numbers):04}-{kind}.wav"
            with suppress(FileExistsError):
                return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


class RecordedSource:
    """A source of which every turn of listening is kept."""

    def __init__(self, source: Source, diary: SoundDiary) -> None:
        self._source = source
        self._diary = diary
        self._heard: list[Samples] = []

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        """The next sound."""
        samples = self._source.read(seconds)
        if samples is not None:
            self._heard.append(samples)
        return samples

    def skip(self) -> None:
        """Forget the sound that was not read: a new turn begins, and the one before is kept."""
        self._keep()
        self._source.skip()

    def close(self) -> None:
        """Release the source."""
        self._keep()
        self._source.close()

    def _keep(self) -> None:
        if self._heard:
            self._diary.keep("heard", Clip(np.concatenate(self._heard), self.rate))
        self._heard = []


class RecordedPlayer:
    """A player of which everything that it plays is kept."""

    def __init__(self, player: Player, diary: SoundDiary) -> None:
        self._player = player
        self._diary = diary

    def play(self, clips: Iterable[Clip]) -> Playback:
        """Start to play; the clips are kept when the last of them is on its way."""
        return self._player.play(self._kept(clips))

    def close(self) -> None:
        """Stop sound and release the loudspeaker."""
        self._player.close()

    def _kept(self, clips: Iterable[Clip]) -> Iterator[Clip]:
        said: list[Clip] = []
        try:
            for clip in clips:
                said.append(clip)
                yield clip
        finally:
            if said:
                self._diary.keep("said", Clip(np.concatenate([clip.samples for clip in said]), said[0].rate))
