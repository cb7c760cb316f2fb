"""Tells systemd how the service is, with the protocol of sd_notify(3): datagrams to a socket in the file system.

Without NOTIFY_SOCKET in the environment, as on a command line, nothing is opened and nothing is sent.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from skill.listening.source import Samples, Source

#: A sign of life is sent this often in one period of the watchdog, as sd_watchdog_enabled(3) advises.
_SIGNS_A_PERIOD: Final = 2


class ServiceManager:
    """systemd, if it started this process with Type=notify."""

    def __init__(self, environment: Mapping[str, str] = os.environ, now: Callable[[], float] = time.monotonic) -> None:
        """`now` counts seconds."""
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._every = int(environment.get("WATCHDOG_USEC", "0")) / 1e6 / _SIGNS_A_PERIOD
        self._now = now
        self._last = -self._every

    def ready(self) -> None:
        """Charley listens from now on."""
        self._send("READY=1")

    def alive(self) -> None:
        """Feed the watchdog, as often as it needs."""
        if self._every and self._now() - self._last >= self._every:
            self._last = self._now()
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Charley is about to leave."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
            datagrams.sendto(message.encode(), self._address)


class WatchedSource:
    """A source whose every block is a sign of life: where sound stops arriving, systemd starts Charley anew."""

    def __init__(self, source: Source, manager: ServiceManager) -> None:
        self._source = source
        self._manager = manager

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        """The next sound of the source. Raises SoundError as the source does."""
        samples = self._source.read(seconds)
        if samples is not None:
            self._manager.alive()
        return samples

    def skip(self) -> None:
        """Forget the sound that was not read."""
        self._source.skip()

    def close(self) -> None:
        """Release the source."""
        self._source.close()
