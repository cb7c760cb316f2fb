"""The protocol with systemd, on a real socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.listening.recording import Recording
from skill.system.notify import ServiceManager, WatchedSource

RATE = 16_000


class Systemd:
    """The other end of the socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def received(self) -> list[str]:
        messages = []
        while True:
            try:
                messages.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return messages

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(name="systemd")
def _systemd(tmp_path: Path) -> Iterator[Systemd]:
    systemd = Systemd(tmp_path / "notify")
    yield systemd
    systemd.close()


def watched(systemd: Systemd, seconds: float) -> tuple[ServiceManager, WatchedSource]:
    """A source of so many seconds, and a watchdog of 10 s; time passes by the sound that is read."""
    recording = Recording(np.zeros(round(seconds * RATE), np.int16), RATE)
    manager = ServiceManager(
        {"NOTIFY_SOCKET": str(systemd.path), "WATCHDOG_USEC": "10000000"}, lambda: 100 + reads["seconds"]
    )
    reads = {"seconds": 0.0}

    class Timed(WatchedSource):
        def read(self, seconds: float) -> "np.ndarray[tuple[int], np.dtype[np.int16]] | None":
            reads["seconds"] += seconds
            return super().read(seconds)

    return manager, Timed(recording, manager)


def test_systemd_hears_when_charley_is_ready_and_when_it_leaves(systemd: Systemd) -> None:
    manager, _ = watched(systemd, 1)
    manager.ready()
    manager.stopping()
    assert systemd.received() == ["READY=1", "STOPPING=1"]


def test_the_watchdog_is_fed_while_sound_arrives_and_starves_when_it_stops(systemd: Systemd) -> None:
    _, source = watched(systemd, 30)
    while source.read(0.5) is not None:
        pass
    assert systemd.received() == ["WATCHDOG=1"] * 6
    for _ in range(100):
        source.read(0.5)
    assert systemd.received() == []


def test_nothing_is_sent_where_no_service_manager_asks_for_it(systemd: Systemd) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": str(systemd.path)}):
        manager = ServiceManager(environment)
        manager.alive()
    ServiceManager({}).ready()
    assert systemd.received() == []


def test_a_name_with_an_at_sign_is_a_socket_without_a_file(tmp_path: Path) -> None:
    name = f"charley-test-{tmp_path.name}-{id(tmp_path)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        ServiceManager({"NOTIFY_SOCKET": f"@{name}"}).ready()
        assert systemd.recv(100) == b"READY=1"
