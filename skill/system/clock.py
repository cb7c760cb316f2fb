"""Time is handed to the conversation, so that a demo or a test runs minutes of coaching in milliseconds."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

_START: Final = datetime(2026, 11, 25, 21, tzinfo=UTC)


class Clock(Protocol):
    """Seconds that only grow."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        ...

    def today(self) -> datetime:
        """The date and the time of day where the person is, with its zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        ...


class RealClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        return time.monotonic()

    def today(self) -> datetime:
        """What the machine's clock and zone say."""
        return datetime.now(UTC).astimezone()

    def sleep(self, seconds: float) -> None:
        """Block for `seconds`."""
        time.sleep(max(0.0, seconds))


class SimulatedClock:
    """Time that passes only when somebody sleeps: a demo's and a test's clock."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start

    def now(self) -> float:
        """Seconds since the start."""
        return self._now

    def today(self) -> datetime:
        """As if it had started on a Wednesday, at nine in the evening."""
        return _START + timedelta(seconds=self._now)

    def sleep(self, seconds: float) -> None:
        """Advance at once by `seconds`."""
        self._now += max(0.0, seconds)
