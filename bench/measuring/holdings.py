"""What a process holds of the machine, so that what it does not give back is seen. Linux only."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MADE: list[str] = []


@dataclass(frozen=True)
class Holdings:
    """At one moment."""

    threads: int
    descriptors: int
    children: int
    memory: float
    """MB resident, of this process alone."""
    memory_of_children: float

    @classmethod
    def now(cls) -> "Holdings":
        """What this process holds now."""
        own = Path("/proc/self")
        threads = list((own / "task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
        return cls(
            threads=len(threads),
            descriptors=len(list((own / "fd").iterdir())),
            children=len(children),
            memory=_resident(own),
            memory_of_children=sum(_resident(Path("/proc") / child) for child in children),
        )


def watch_temporary_files() -> None:
    """From now on remember every temporary file and folder that this process makes, wherever it is."""

    def heed(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"tempfile.mkstemp", "tempfile.mkdtemp"}:
            _MADE.append(os.fspath(arguments[0]))

    sys.addaudithook(heed)


def temporary_files() -> list[str]:
    """Those that are still there."""
    return [name for name in _MADE if Path(name).exists()]


def _resident(process: Path) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0  # a process that has ended, but not yet been reaped, holds none
