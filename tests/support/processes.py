"""Looking at the processes that a program has started."""

import os
from pathlib import Path


def children(module: str, parent: int | None = None) -> list[int]:
    """The ids of the processes that `parent` (this process by default) runs with `-m module`."""
    parent = parent or os.getpid()
    found = []
    for thread in Path(f"/proc/{parent}/task").iterdir():
        for child in (thread / "children").read_text().split():
            if module in Path(f"/proc/{child}/cmdline").read_text().split("\0"):
                found.append(int(child))
    return found


def descendants(parent: int) -> list[int]:
    """The ids of all processes that `parent` has started, and that those have started."""
    found = []
    for thread in Path(f"/proc/{parent}/task").iterdir():
        for child in map(int, (thread / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def ended(process: int) -> bool:
    """Whether a process is over; one that nobody has asked for its exit status yet is."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
