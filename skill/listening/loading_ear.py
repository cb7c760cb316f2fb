"""An ear that is still being made: the first words are spoken while the model loads."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from skill.listening.ear import SILENCE, Ear, Heard, Turn


class LoadingEar:
    """Makes an ear in a thread; whoever listens waits for it, and is told what went wrong in the making."""

    def __init__(self, make: Callable[[], Ear]) -> None:
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ear")
        self._ear: Future[Ear] = pool.submit(make)
        pool.shutdown(wait=False)

    def listen(self, turn: Turn) -> Heard:
        """Wait for the ear, then listen with it."""
        return self._ear.result().listen(turn)

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Listen for interruptions once the ear is ready; until then nothing is overheard."""
        return self._ear.result().overhear(turn, playing) if self._ear.done() else SILENCE

    def close(self) -> None:
        """Release the ear, if it could be made."""
        if self._ear.exception() is None:
            self._ear.result().close()
