"""An ear for what is typed. It needs nothing that hears: what does takes 0.1 s to import."""

import select
from collections.abc import Callable
from typing import TextIO

from skill.listening.ear import CLOSED, SILENCE, Heard, Turn, typed
from skill.system.clock import Clock


class KeyboardEar:
    """Answers are lines of text; an empty line is silence, the end of input closes the ear."""

    def __init__(self, lines: TextIO, clock: Clock) -> None:
        self._lines = lines
        self._clock = clock

    def listen(self, turn: Turn) -> Heard:
        """Read one line. Typing takes its time: the turn's patience counts only where nobody was asked.

        A line that is piped in answers a question; where nobody was asked it is left for the next one.
        """
        if turn.optional and not self._typing(turn.patience):
            return SILENCE
        try:
            line = self._lines.readline()
        except OSError:  # the terminal is gone
            line = ""
        if not line:
            return CLOSED
        return typed(line)

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Nobody interrupts by typing."""
        del turn, playing
        return SILENCE

    def close(self) -> None:
        """The input belongs to somebody else."""

    def _typing(self, patience: float) -> bool:
        """Whether a person types a line within `patience` seconds; the time passes where no person can."""
        if self._lines.isatty():
            return bool(select.select([self._lines], [], [], patience)[0])
        self._clock.sleep(patience)
        return False
