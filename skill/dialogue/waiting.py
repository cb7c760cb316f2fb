"""Waiting to be woken, by voice or by a typed line, and the conversations in between: `charley wait`."""

from collections.abc import Callable
from typing import Final, Protocol

from skill.dialogue.events import EventSink, Slept, Woke
from skill.errors import HearingError, SoundError, SoundHangsError, complain
from skill.listening.ear import SILENCE, Heard
from skill.listening.keyboard import Keyboard
from skill.listening.wake import Woken
from skill.system.clock import Clock

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
        self,
        sleeper: Sleeper,
        converse: Callable[[Woken | Heard], None],
        keyboard: Keyboard | None,
        sink: EventSink,
        clock: Clock,
    ) -> None:
        """`converse` holds one conversation, with what woke Charley: what was said, or the line that was typed.

        `keyboard`: None where nobody can type.
        """
        self._sleeper = sleeper
        self._converse = converse
        self._keyboard = keyboard
        self._sink = sink
        self._clock = clock

    def run(self) -> None:
        """Go on for ever: Ctrl-C and SIGTERM raise KeyboardInterrupt. What is lost is waited for."""
        while True:
            self._sink.emit(Slept())
            woken = self._sleep()
            self._sink.emit(Woke(round(woken.confidence, 3) if isinstance(woken, Woken) else None))
            try:
                self._converse(woken)
            except SoundError as lost:
                complain(lost)

    def _sleep(self) -> Woken | Heard:
        complained = False
        while True:
            try:
                woken = self._sleeper.wait(self._called)
            except (SoundError, HearingError) as lost:
                if not complained and not isinstance(lost, SoundHangsError):  # that was told as Charley started
                    complain(lost)
                complained = True
                self._clock.sleep(_RETRY)
                if self._keyboard is not None and self._keyboard.ready():
                    return self._keyboard.take()
            else:
                return woken or (self._keyboard.take() if self._keyboard else SILENCE)

    def _called(self) -> bool:
        return self._keyboard is not None and self._keyboard.ready()
