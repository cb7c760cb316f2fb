"""The ear of the page: what is said, touched or typed, whichever comes first, and time enough to read."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from skill.channels.page.board import Board
from skill.channels.page.view import State
from skill.listening.ear import CLOSED, Ear, Ending, Heard, Turn
from skill.understanding.moments import HOLD

#: Seconds that somebody has to answer who has not touched the page yet; after that Charley asks again. WCAG 2.2,
#: success criterion 2.2.1: who is warned has 20 seconds to ask for more time by a simple action, here any touch or key.
PATIENCE: Final = 20.0
#: Seconds without any page after which nobody is there who could touch one: more than a reload takes.
DESERTED: Final = 60.0
#: Seconds between two looks at whether Charley still speaks, and at whether a page is open.
_LOOK: Final = 0.05
_LOOK_FOR_PAGES: Final = 5.0


class TouchEar:
    """Takes what is touched or typed, and waits for it as long as a page is open."""

    def __init__(self, board: Board, deserted: float = DESERTED) -> None:
        """`deserted`: seconds without any page after which nobody is there."""
        self._board = board
        self._deserted = deserted

    def listen(self, turn: Turn) -> Heard:
        """Wait for a line; CLOSED when all pages have been gone for too long."""
        left = turn.patience
        while left > 0 and not self._board.ready():
            if self._board.deserted(self._deserted):
                return CLOSED
            self._board.wait(min(left, _LOOK_FOR_PAGES))
            left -= _LOOK_FOR_PAGES
        return self._board.take()

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Whoever touches an answer breaks in."""
        del turn
        while playing() and not self._board.ready():
            self._board.wait(_LOOK)
        return self._board.take()

    def close(self) -> None:
        """Nothing to release."""


class PageEar:
    """Opens and closes the moments of the board around another ear, and hurries nobody who reads."""

    def __init__(self, board: Board, ear: Ear | None = None) -> None:
        """`ear`: takes the lines of the board beside what is said; None where nothing can be heard."""
        self._board = board
        self._ear = ear or TouchEar(board)
        self._waits = State.TOUCH if ear is None else State.LISTENING

    def listen(self, turn: Turn) -> Heard:
        """Wait for one answer."""
        self._board.listen(turn.name, State.HOLD if turn.name == HOLD.id else self._waits)
        heard: Heard | None = None
        try:
            heard = self._ear.listen(replace(turn, patience=self._patience(turn)))
        finally:
            self._board.heard(answered=heard is not None and heard.ending is Ending.SPEECH)
        return heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Take what breaks in while Charley speaks."""
        heard = self._ear.overhear(turn, playing)
        if heard.ending is Ending.SPEECH:
            self._board.heard(answered=True)
        return heard

    def close(self) -> None:
        """Release the ear."""
        self._ear.close()

    def _patience(self, turn: Turn) -> float:
        """A hold takes its time. All else waits for whoever reads, and without end for an answer that is owed."""
        if turn.name == HOLD.id:
            return turn.patience
        unhurried = self._board.touched or self._waits is State.TOUCH
        return math.inf if unhurried and not turn.optional else max(turn.patience, PATIENCE)
