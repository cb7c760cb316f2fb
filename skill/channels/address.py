"""Where a channel listens: `HOST:PORT` as people write it."""

import ipaddress
import os
from dataclasses import dataclass

from skill.errors import UsageError


@dataclass(frozen=True, slots=True)
class Address:
    """A host's name or number, and a TCP port."""

    host: str
    port: int

    @property
    def reaches_others(self) -> bool:
        """Whether other machines may come in; a name counts as reachable unless it is this machine's own."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def refused(self, problem: OSError) -> UsageError:
        """What to say where `problem` keeps a channel from listening there."""
        return UsageError(
            f"Nothing can listen on {self} ({os.strerror(problem.errno) if problem.errno else problem}): "
            "end what uses it already, or name another place with --listen HOST:PORT."
        )


def address(text: str) -> Address:
    """Read `127.0.0.1:10600`, `[::1]:10600` or `hall.local:10600`. Raises UsageError."""
    host, colon, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isdecimal() and len(port) <= 5 and 0 <= int(port) <= 65_535):
        raise UsageError(f"--listen takes HOST:PORT, such as 127.0.0.1:10600, not {text!r}.")
    return Address(host, int(port))
