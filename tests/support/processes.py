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
