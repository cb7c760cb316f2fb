"""A part of Charley in a process of its own, so that it may crash or hang and take nothing with it.

One request a line on its standard input, sound after it where there is any; one reply a line on its standard output.
Both are JSON. The process ends with its input, and so with Charley.
"""

import json
import math
import os
import select
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from skill.system import resources

_BUFFER: Final = 65_536


class ChildError(Exception):
    """The child cannot be started, has ended, or does not reply in time: end it, and start another."""


class ChildSilentError(ChildError):
    """It does not reply in time, but may only be slow."""


class Peer(ABC):
    """A process, seen from Charley. One thread at a time."""

    def __init__(self) -> None:
        """Start the process; where that fails, the first request says so."""
        self._received = b""
        self._start()

    def restart(self) -> None:
        """End the process, whatever it does, and start it again."""
        self.end()
        self._received = b""
        self._start()

    @abstractmethod
    def end(self) -> None:
        """End the process at once; harmless when it has ended already."""

    def ask(self, request: Mapping[str, object], patience: float, sound: bytes = b"") -> Any:
        """Send a request and return the reply, a dict. Raises ChildError when `patience` seconds bring none."""
        self.send(request, patience, sound)
        return self.reply(patience)

    def send(self, request: Mapping[str, object], patience: float, sound: bytes = b"") -> None:
        """Send a request, `sound` right after its line. Raises ChildError."""
        until = time.monotonic() + patience
        left = memoryview(json.dumps(request).encode() + b"\n" + sound)
        _, pipe = self._pipes()
        while left:
            _wait([], [pipe], until)
            try:
                left = left[os.write(pipe, left) :]
            except OSError:
                raise ChildError("it has ended") from None

    def reply(self, patience: float) -> Any:
        """The next reply. Raises ChildError."""
        until = time.monotonic() + patience
        while b"\n" not in self._received:
            self._receive(until)
        line, _, self._received = self._received.partition(b"\n")
        return json.loads(line)

    def sound(self, count: int, patience: float) -> bytes:
        """The `count` bytes that follow a reply. Raises ChildError."""
        until = time.monotonic() + patience
        while len(self._received) < count:
            self._receive(until)
        sound, self._received = self._received[:count], self._received[count:]
        return sound

    def _receive(self, until: float) -> None:
        pipe, _ = self._pipes()
        _wait([pipe], [], until)
        try:
            more = os.read(pipe, _BUFFER)
        except OSError:  # of a socket, which has an end of its own
            more = b""
        if not more:
            raise ChildError("it has ended")
        self._received += more

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def _pipes(self) -> tuple[int, int]:
        """The file descriptors to read from and to write to. Raises ChildError where there is no process."""


class Child(Peer):
    """A process of a command of its own."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__()

    def end(self) -> None:
        """End the process at once; harmless when it has ended already."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def kill(self) -> None:
        """Let the process end, whatever it does; for another thread than the one that waits for its replies."""
        process = self._process
        if process is not None:
            process.kill()

    def _start(self) -> None:
        """In a session of its own: an interrupt at the keyboard is for Charley alone."""
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=resources.PACKAGE.parent,
                bufsize=0,
                start_new_session=True,
            )
        except OSError:
            return
        os.set_blocking(self._pipes()[1], False)  # a child that hangs reads nothing

    def _pipes(self) -> tuple[int, int]:
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise ChildError("it cannot be started")
        return self._process.stdout.fileno(), self._process.stdin.fileno()


def _wait(readable: Sequence[int], writable: Sequence[int], until: float) -> None:
    patience = None if until == math.inf else max(0.0, until - time.monotonic())
    if not any(select.select(readable, writable, [], patience)):
        raise ChildSilentError("it does not reply")


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of Charley as a child."""
    return (sys.executable, "-m", name, *arguments)
