"""speech-dispatcher as it runs in a desktop session, with its synthesiser, on a loudspeaker of our own."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skill.speaking.ssip import running

_COMMAND: Final = ("speech-dispatcher", "--run-single", "--communication-method", "unix_socket", "--timeout", "0")
_PATIENCE: Final = 30.0


def available() -> bool:
    """Whether speech-dispatcher is installed."""
    return shutil.which("speech-dispatcher") is not None


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running daemon; `address` is what SPEECHD_ADDRESS says to its clients."""

    address: str
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """From now on it says nothing, and whoever asks it for something waits."""
        self.process.send_signal(signal.SIGSTOP)


@contextmanager
def daemon(env: Mapping[str, str], home: Path) -> Iterator[Daemon]:
    """Start a daemon whose files are in `home`, and end it with the block."""
    socket = home / "speechd.sock"
    places = ("--socket-path", str(socket), "--pid-file", str(home / "pid"), "--log-dir", str(home))
    started = subprocess.Popen(
        (*_COMMAND, *places),
        env={**env, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"unix_socket:{socket}"
    try:
        until = time.monotonic() + _PATIENCE
        while not running(address):
            assert time.monotonic() < until, "speech-dispatcher does not start"
            time.sleep(0.05)
        yield Daemon(address, started)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)  # its synthesiser too
        started.wait()
