"""`charley` as somebody runs it at a terminal: answers may be typed, and what it prints can be read as it comes."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class TerminalSession:
    """A running `charley`. Leaving the block ends one that is still there."""

    def __init__(
        self, env: Mapping[str, str], *arguments: str, before: Sequence[str] = (), on_screen: bool = False
    ) -> None:
        """`before`: a command that runs it, such as `setpriv`. `on_screen`: complaints are among the lines."""
        self._keyboard, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "skill", *arguments],
            env=env,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if on_screen else subprocess.PIPE,
            text=True,
        )
        os.close(terminal)

    def __enter__(self) -> "TerminalSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._keyboard)

    def type(self, line: str) -> None:
        """Type an answer."""
        os.write(self._keyboard, f"{line}\n".encode())

    def lines(self) -> Iterator[str]:
        """What it prints, a line as soon as it is there."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line.rstrip("\n")

    def events(self) -> Iterator[dict[str, Any]]:
        """What happens, of a `charley --events`."""
        return map(json.loads, self.lines())

    def end(self) -> tuple[int, str]:
        """Wait for the end; the exit status, and what was complained of."""
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors or ""
