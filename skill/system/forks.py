"""A process that loads something large once, and forks for each that needs it: the memory is shared, a crash is not.

The server's standard input is a Unix socket. Charley sends one end of a socket pair through it, and from then on talks
to a fork at the other end, as to any `Peer`. A fork ends with its socket, the server with its own, and so with Charley.
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import BinaryIO

from skill.system import resources
from skill.system.child import ChildError, Peer, module


class ForkServer:
    """The process that has loaded it. Any thread may ask for a fork."""

    def __init__(self, program: str, *arguments: str) -> None:
        """`program`: the module that it runs; it says a line when it has loaded, and then calls `serve_forks`."""
        self._command = module(program, *arguments)
        self._asking = threading.Lock()
        self._closed = False
        self._start()

    def fork(self) -> socket.socket:
        """The line to a new fork. A server that has ended is started again. Raises ChildError."""
        mine, other = socket.socketpair()
        with self._asking, other:
            for start_again in (True, False):
                try:
                    if self._process.poll() is None:
                        socket.send_fds(self._control, [b"f"], [other.fileno()])
                        return mine
                except OSError:
                    pass
                if start_again and not self._closed:
                    self._end()
                    self._start()
        mine.close()
        raise ChildError("it cannot be started")

    def loaded(self, patience: float) -> bytes:
        """The line that the server says when it has loaded; empty when it ended, or said none in `patience` seconds."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], patience)[0]:
            return b""
        return self._process.stdout.readline()

    def close(self) -> None:
        """End the server; forks go on until they are ended."""
        with self._asking:
            self._closed = True
            self._end()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._command,
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=resources.PACKAGE.parent,
                start_new_session=True,
            )

    def _end(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


class Fork(Peer):
    """One fork of a server."""

    def __init__(self, server: ForkServer) -> None:
        self._server = server
        self._line: socket.socket | None = None
        super().__init__()

    def end(self) -> None:
        """End it: it ends with its line, whatever it does."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _start(self) -> None:
        with suppress(ChildError, OSError):
            self._line = self._server.fork()
            self._line.setblocking(False)

    def _pipes(self) -> tuple[int, int]:
        if self._line is None:
            raise ChildError("it cannot be started")
        return self._line.fileno(), self._line.fileno()


def serve_forks(serve: Callable[[BinaryIO, BinaryIO], None]) -> None:
    """In the server: fork for each socket that comes, and let the fork `serve` its requests; returns at the end."""
    control = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork that has ended
    gc.freeze()  # a collection would write to, and so copy, the memory that forks share
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _in_fork(descriptors, serve)
        for descriptor in descriptors:
            os.close(descriptor)


def _in_fork(descriptors: Sequence[int], serve: Callable[[BinaryIO, BinaryIO], None]) -> None:
    """Serve, and end the process whatever happens."""
    try:
        with socket.socket(fileno=descriptors[0]) as line:
            for inherited in (sys.stdin, sys.stdout):
                os.dup2(os.open(os.devnull, os.O_RDWR), inherited.fileno())
            threading.Thread(target=_end_with, args=(line.fileno(),), daemon=True).start()
            serve(line.makefile("rb"), line.makefile("wb"))
    finally:
        os._exit(0)


def _end_with(descriptor: int) -> None:
    """End the process when the other end of its line is closed, even if a library hangs."""
    poll = select.poll()
    poll.register(descriptor, 0)  # of which only the end is reported
    poll.poll()
    os._exit(0)
