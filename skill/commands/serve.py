"""`charley serve`: conversations by the Wyoming protocol, for Home Assistant and what else speaks it."""

import asyncio
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Final

from skill.app import text_sessions
from skill.channels.address import Address, address
from skill.channels.switchboard import Switchboard
from skill.dialogue.emergency_number import contacts
from skill.dialogue.prompts import load_prompts
from skill.errors import InstallationError, UsageError, tell
from skill.settings import usable_settings

#: How it is found on the network.
_KIND: Final = "_wyoming._tcp.local."
_NAME: Final = "charley"


def serve(listen: str, *, zeroconf: bool) -> int:
    """Answer on `listen` until a signal ends it. Raises UsageError; InstallationError where the extra is missing."""
    place = address(listen)
    if zeroconf and not place.reaches_others:
        raise UsageError(f"Nobody else reaches {place}, so there is nothing to announce: add --listen 0.0.0.0:10600.")
    for package in ("wyoming", "zeroconf") if zeroconf else ("wyoming",):
        if find_spec(package) is None:
            raise InstallationError(f"`charley serve` needs the package {package}: pip install 'charley[serve]'.")
    asyncio.run(_serve(place, zeroconf=zeroconf))
    return 0


async def _serve(place: Address, *, zeroconf: bool) -> None:
    from skill.channels import wyoming_service

    settings, prompts = usable_settings(), load_prompts()
    busy = prompts.utterance("channels.busy", number=contacts(settings, prompts).number)
    switchboard = Switchboard(text_sessions(settings), busy.text)
    async with AsyncExitStack() as announcement:

        async def ready(port: int) -> None:
            here = Address(place.host, port)
            warning = " Wyoming knows no password: whoever reaches it can talk with it." if here.reaches_others else ""
            tell(f"Charley answers by the Wyoming protocol on {here}; Ctrl-C ends it.{warning}")
            if zeroconf:
                await _announce(here, announcement)

        await wyoming_service.serve(place, switchboard, ready)


async def _announce(here: Address, announcement: AsyncExitStack) -> None:
    """Let it be found until `announcement` is closed. Where that fails it answers all the same."""
    from skill.channels.announcing import announced

    try:
        await announcement.enter_async_context(announced(_KIND, _NAME, here))
    except OSError as problem:
        tell(f"It could not be announced ({problem}): name its address in Home Assistant yourself.")
