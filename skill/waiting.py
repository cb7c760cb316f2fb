"""Waiting to be woken, by voice or by a key, and the conversations in between: `charley wait`."""

import select
from collections.abc import Callable
from typing import Final, Protocol, TextIO

from skill.clock import Clock
from skill.dialogue.events import EventSink, Slept, Woke
from skill.errors import HearingError, SoundError, complain
from skill.listening.wake import Woken

#: Seconds between two looks for a microphone or a recogniser that is lost.
_RETRY: Final = 2.0


class Sleeper(Protocol):
    """Something that sleeps until it is woken; `skill.listening.wake.WakeWord`."""

    def wait(self, called: Callable[[], bool]) -> Woken | None:
        """Sleep until the wake phrase; None as soon as `called()` is true. Raises SoundError, HearingError."""
        ...


class Waiting:
    """Sleeps and converses in turn."""

    def __init__(
        self, sleeper: Sleeper, converse: Callable[[Woken | None], None], keys: TextIO, sink: EventSink, clock: Clock
    ) -> None:
        """`converse` holds one conversation, with what was said to wake Charley, or None after a key press."""
        self._sleeper = sleeper
        self._converse = converse
        self._keys = keys
        self._sink = sink
        self._clock = clock

    def run(self) -> None:
        """Go on for ever: Ctrl-C and SIGTERM raise KeyboardInterrupt. What is lost is waited for."""
        while True:
            self._sink.emit(Slept())
            woken = self._sleep()
            self._sink.emit(Woke(round(woken.confidence, 3) if woken else None))
            try:
                self._converse(woken)
            except SoundError as lost:
                complain(lost)

    def _sleep(self) -> Woken | None:
        complained = False
        while True:
            try:
                return self._sleeper.wait(self._called)
            except (SoundError, HearingError) as lost:
                if not complained:
                    complain(lost)
                complained = True
                self._clock.sleep(_RETRY)

    def _called(self) -> bool:
        """Whether Enter was pressed since the last look; never where nobody can."""
        if not self._keys.isatty() or not select.select([self._keys], [], [], 0)[0]:
            return False
        return bool(self._keys.readline())
