"""`charley phone`: the service that a telephone exchange puts callers through to."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from skill.channels.calls import Calls
from skill.channels.exchange import Exchange
from skill.errors import UsageError, tell
from skill.settings import usable_settings
from skill.system.notify import ServiceManager

#: Calls at a time for each processor core (bench/telephone.py).
CALLS_A_CORE: Final = 10
#: Seconds after which a thread lets another one go on: a line must get its next frame in time.
SWITCH: Final = 0.001
_LOOPBACK: Final = ("127.0.0.1", "::1")


def answer_calls(listen: str, calls: int | None, model: Path | None) -> int:
    """Answer calls at the address `listen` until a signal comes. Raises UsageError, InstallationError."""
    host, port = address(listen)
    most = CALLS_A_CORE * (os.cpu_count() or 1) if calls is None else calls
    if most < 1:
        raise UsageError(f"--calls {most} leaves no line: name 1 or more.")
    manager = ServiceManager()
    sys.setswitchinterval(SWITCH)
    shared = Calls(usable_settings(), model)
    shared.warm_up()

    def ready(host: str, port: int) -> None:
        tell(f"I answer telephone calls at {host}:{port}, {most} at a time. Ctrl-C ends it.")
        if host not in _LOOPBACK:
            tell("Whoever reaches this address can call: let nobody but the exchange reach it.")
        manager.ready()

    try:
        asyncio.run(Exchange(shared.hold, most, shared.busy, manager.alive).serve(host, port, ready))
    finally:
        manager.stopping()
        shared.close()
    return 0


def address(listen: str) -> tuple[str, int]:
    """Host and port of "host:port", an IPv6 host in brackets. Raises UsageError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"--listen {listen!r} is no address: write it as in 127.0.0.1:9092.")
    return host.strip("[]") or "127.0.0.1", int(port)
