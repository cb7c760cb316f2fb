"""Lets others on the network find a service, by multicast DNS."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from skill.channels.address import Address

#: A socket towards it is bound to the address that this machine has on its network; nothing is sent.
_ELSEWHERE: Final = ("224.0.0.251", 5353)


@asynccontextmanager
async def announced(kind: str, name: str, address: Address) -> AsyncIterator[None]:
    """The service `name` of a `kind` such as `_wyoming._tcp.local.` can be found meanwhile, and is gone afterwards.

    Raises OSError where there is no network to announce it on.
    """
    host = _own_number() if address.host in ("0.0.0.0", "::") else address.host
    info = AsyncServiceInfo(kind, f"{name}.{kind}", parsed_addresses=[host], port=address.port)
    announcer = AsyncZeroconf()
    try:
        await announcer.async_register_service(info, allow_name_change=True)
        yield
    finally:
        await announcer.async_unregister_all_services()
        await announcer.async_close()


def _own_number() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as towards:
        towards.connect(_ELSEWHERE)
        return str(towards.getsockname()[0])
