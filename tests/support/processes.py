"""Looking at the processes that a program has started."""

import os
from contextlib import suppress
from pathlib import Path


def children(module: str, parent: int | None = None) -> list[int]:
    """The ids of the processes that `parent` (this process by default) runs with `-m module`."""
    return [child for child in _started_by(parent or os.getpid()) if module in _command(child)]


def descendants(parent: int) -> list[int]:
    """The ids of all processes that `parent` has started, and that those have started."""
    return [found for child in _started_by(parent) for found in (child, *descendants(child))]


def _started_by(parent: int) -> list[int]:
    """The children of every thread; a thread may end while they are being read."""
    found: list[int] = []
    for thread in Path(f"/proc/{parent}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _command(process: int) -> list[str]:
    """The words of its command line; none of a process that is over."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return []


def ended(process: int) -> bool:
    """Whether a process is over; one that nobody has asked for its exit status yet is."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
