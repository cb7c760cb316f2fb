"""How `charley serve` holds out: whole interviews at once, the wait for each reply, memory, and a burst of connections.

    PYTHONPATH=. python bench/serve.py [--callers N] [--json FILE]

N callers (20) hold the same interview at the same time, each over a connection of its own and without a pause to
think, which no person does: "replies a second" is what the machine can give, "together" the wait under that load.
"Lost" are interviews in which Charley said anything else than in the first one. Memory is the resident size of the
process after them; an open conversation's share is what 200 more that have begun add to it.
"""

import argparse
import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console

from tests.support.wyoming_caller import Caller

OPENING = "I have a cramp in my calf"
CONNECTIONS = 1_000
OPEN = 200


def reply_to(asked: str) -> str:
    """What somebody answers who has a plain cramp."""
    if asked.endswith("better, or worse?"):
        return "done"
    return "it is cramping" if asked.startswith("Is it cramping right now") else "no"


async def interview(port: int, waits: list[float]) -> list[str]:
    """All that Charley says; the seconds until each reply are added to `waits`."""
    said = [OPENING]
    async with Caller(port) as caller:
        while caller.context is None or caller.context["continue_conversation"]:
            began = time.perf_counter()
            said.append(await caller.say(reply_to(said[-1]) if caller.context else OPENING))
            waits.append(time.perf_counter() - began)
    return said


async def interviews(port: int, callers: int, waits: list[float]) -> list[list[str]]:
    return await asyncio.gather(*(interview(port, waits) for _ in range(callers)))


async def begun(port: int, pid: int) -> float:
    """The process's megabytes while OPEN conversations stand open."""
    async with Caller(port) as caller:
        for number in range(OPEN):
            caller.context = {"conversation_id": f"open {number}"}
            await caller.say("my calf is cramping")
        return megabytes(pid)


def burst(port: int) -> float:
    """Seconds for CONNECTIONS connections, half of them left open, and for one caller after them to be answered."""
    began = time.perf_counter()
    with ExitStack() as held:
        for number in range(CONNECTIONS):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            held.enter_context(line) if number % 2 else line.close()

        async def answered() -> None:
            async with Caller(port) as caller:
                await caller.say("")

        asyncio.run(answered())
    return time.perf_counter() - began


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """The port and the process id of a `charley serve`."""
    command = [sys.executable, "-m", "skill", "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as charley:
        assert charley.stderr is not None
        try:
            yield int(charley.stderr.readline().partition("127.0.0.1:")[2].partition(";")[0]), charley.pid
        finally:
            charley.terminate()


def megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def measure(callers: int) -> dict[str, float]:
    with serving() as (port, pid):
        (first,) = asyncio.run(interviews(port, 1, []))
        alone: list[float] = []
        together: list[float] = []
        asyncio.run(interviews(port, 1, alone))
        began = time.perf_counter()
        held = asyncio.run(interviews(port, callers, together))
        took = time.perf_counter() - began
        before = megabytes(pid)
        after = asyncio.run(begun(port, pid))
        return {
            "interviews": callers,
            "replies in each": len(first) - 1,
            "lost": sum(said != first for said in held),
            "wait alone, median ms": float(np.median(alone)) * 1000,
            "wait alone, 95 % ms": float(np.quantile(alone, 0.95)) * 1000,
            "wait together, 95 % ms": float(np.quantile(together, 0.95)) * 1000,
            "replies a second": len(together) / took,
            "process, MB": before,
            "each open conversation, MB": (after - before) / OPEN,
            f"{CONNECTIONS} connections and an answer, s": burst(port),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=20)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.callers)
    for name, value in found.items():
        Console().print(f"{name:40} {value:10.2f}", highlight=False)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
