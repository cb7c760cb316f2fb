"""Where the page is to be had: a bound port, a secret in the path, and who may ask for it under which name."""

import ipaddress
import secrets
import socket
from contextlib import suppress
from dataclasses import replace
from typing import Final

from skill.channels.address import Address

#: Where the page is without `--listen`.
USUAL: Final = Address("127.0.0.1", 8765)
#: Bytes of chance in the secret, and in a ticket.
_SECRET: Final = 24


class Door:
    """A port that is ours, and the secret without which nobody gets in."""

    def __init__(self, address: Address) -> None:
        """Binds the port; 0 takes any that is free. Raises OSError where that cannot be."""
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self.socket = socket.create_server((address.host, address.port), family=family)
        self.address = replace(address, port=self.socket.getsockname()[1])
        self.token: str = secrets.token_urlsafe(_SECRET)
        self._everywhere = address.host in ("0.0.0.0", "::")
        self._tickets: set[str] = set()

    @property
    def origin(self) -> str:
        """How a browser names it."""
        host = socket.gethostname() if self._everywhere else self.address.host
        return f"http://{replace(self.address, host=host)}"

    @property
    def url(self) -> str:
        """The page itself, secret and all."""
        return f"{self.origin}/{self.token}/"

    def ticket(self) -> str:
        """An address that leads to the page once: what a browser is started with can be read by everybody here."""
        ticket = secrets.token_urlsafe(_SECRET)
        self._tickets.add(ticket)
        return f"{self.origin}/open/{ticket}"

    def admits(self, ticket: str) -> bool:
        """Whether a ticket is good; it is used up by this."""
        with suppress(KeyError):
            self._tickets.remove(ticket)
            return True
        return False

    def is_ours(self, host: str) -> bool:
        """Whether a `Host` names this machine as a person here would: an outsider's name may lead here too."""
        name, _, port = host.lower().rpartition(":")
        name = name.removeprefix("[").removesuffix("]")
        own = {self.address.host.lower()}
        if not self.address.reaches_others:
            own |= {"localhost", "127.0.0.1", "::1"}
        if self._everywhere:
            here = socket.gethostname().lower()
            own |= {"localhost", here, f"{here}.local"}
        return port == str(self.address.port) and (name in own or (self._everywhere and _is_ip(name)))


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
