"""A keyboard beside the microphone: a line typed in the middle of a voice session is taken as an answer."""

import os
import select
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from skill.errors import HearingError, SoundError
from skill.listening.ear import HUSHED, SILENCE, Ear, Ending, Heard, Turn, typed
from skill.listening.source import Samples, Source

#: Seconds between two looks for sound that is lost.
_RETRY: Final = 2.0
#: Seconds between two looks at whether Charley still speaks.
_LOOK: Final = 0.05


class Lines(Protocol):
    """Lines that somebody types, or touches, beside the microphone."""

    def ready(self) -> bool:
        """Whether a whole line waits that was not taken yet."""
        ...

    def wait(self, seconds: float) -> bool:
        """Whether a whole line is there, at the latest after `seconds`."""
        ...

    def take(self) -> Heard:
        """The oldest line as something heard beyond doubt; SILENCE when it is empty, or when there is none."""
        ...


class Keyboard:
    """Lines typed on a terminal, read without waiting for them."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is the terminal's; nothing else may read from it meanwhile."""
        self._descriptor = descriptor
        self._typed = b""
        self._ended = False

    def ready(self) -> bool:
        """Whether a whole line has been typed that was not taken yet."""
        while not self._ended and select.select([self._descriptor], [], [], 0)[0]:
            try:
                block = os.read(self._descriptor, 4096)
            except OSError:  # the terminal is gone
                block = b""
            self._typed += block
            self._ended = not block
        return b"\n" in self._typed

    def wait(self, seconds: float) -> bool:
        """Whether a whole line is there, at the latest after `seconds`."""
        until = time.monotonic() + seconds
        while not self.ready() and (left := until - time.monotonic()) > 0:
            if self._ended:
                time.sleep(left)
            else:
                select.select([self._descriptor], [], [], left)
        return self.ready()

    def take(self) -> Heard:
        """The oldest line as something heard beyond doubt; SILENCE when it is empty, or when there is none."""
        if not self.ready():
            return SILENCE
        line, _, self._typed = self._typed.partition(b"\n")
        return typed(line.decode(errors="ignore"))


class YieldingSource:
    """A source that ends as soon as somebody has typed, so that whoever listens to it can be told."""

    def __init__(self, source: Source, keyboard: Lines) -> None:
        self._source = source
        self._keyboard = keyboard

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        """The next sound; None while a typed line waits."""
        return None if self._keyboard.ready() else self._source.read(seconds)

    def skip(self) -> None:
        """Forget the sound that has arrived but was not read."""
        self._source.skip()

    def close(self) -> None:
        """Release the source."""
        self._source.close()


class VoiceAndKeysEar:
    """Takes what is said or what is typed, whichever comes first."""

    def __init__(self, ear: Ear, keyboard: Lines, *, interruptible: bool = True) -> None:
        """`ear` must listen to a YieldingSource of the same keyboard.

        `interruptible`: whether words break in while Charley speaks; otherwise keys alone do.
        """
        self._ear = ear
        self._keyboard = keyboard
        self._interruptible = interruptible
        self._deaf = False

    def listen(self, turn: Turn) -> Heard:
        """Wait for one utterance or one line.

        The first time that nothing can be heard is raised, so that it is told; from then on lines are waited for, and
        sound is taken up again when it is back.
        """
        until = time.monotonic() + turn.patience
        while (left := until - time.monotonic()) > 0:
            try:
                heard = self._ear.listen(replace(turn, patience=left))
            except (SoundError, HearingError):
                told, self._deaf = self._deaf, True
                if not told and not self._keyboard.ready():
                    raise
                if self._keyboard.wait(min(_RETRY, left)):
                    break
            else:
                self._deaf = False
                return self._keyboard.take() if self._keyboard.ready() else heard
        return self._keyboard.take()

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Listen for interrupting words; a typed line interrupts too, and an empty one silences Charley."""
        heard = self._ear.overhear(turn, playing) if self._interruptible else self._watch(playing)
        if not self._keyboard.ready():
            return heard
        line = self._keyboard.take()
        return line if line.ending is Ending.SPEECH else HUSHED

    def close(self) -> None:
        """Release the ear; the terminal belongs to somebody else."""
        self._ear.close()

    def _watch(self, playing: Callable[[], bool]) -> Heard:
        while playing() and not self._keyboard.wait(_LOOK):
            pass
        return SILENCE
