"""An ear that is still being made: the first words are spoken while the model loads."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Final

from skill.listening.ear import SILENCE, Ear, Heard, Turn

#: Seconds between two signs that Charley is still there.
_SIGN: Final = 3.0


class LoadingEar:
    """Makes an ear in a thread; whoever listens waits for it, and is told what went wrong in the making."""

    def __init__(self, make: Callable[[], Ear], reassure: Callable[[], None]) -> None:
        """`reassure`: makes a short sound while somebody waits."""
        self._reassure = reassure
        self._ear: Future[Ear] = Future()
        Thread(target=self._run, args=(make,), name="ear", daemon=True).start()  # nobody waits for it who leaves

    def listen(self, turn: Turn) -> Heard:
        """Wait for the ear, then listen with it."""
        while not wait([self._ear], _SIGN).done:
            self._reassure()
        return self._ear.result().listen(turn)

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Listen for interruptions once the ear is ready; until then nothing is overheard."""
        return self._ear.result().overhear(turn, playing) if self._ear.done() else SILENCE

    def close(self) -> None:
        """Release the ear, if it is there; one that is still being made ends with the program."""
        if self._ear.done() and self._ear.exception() is None:
            self._ear.result().close()

    def _run(self, make: Callable[[], Ear]) -> None:
        try:
            self._ear.set_result(make())
        except Exception as failure:  # whoever listens is told
            self._ear.set_exception(failure)
