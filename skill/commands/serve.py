"""`charley serve`: conversations by the Wyoming protocol, for Home Assistant and what else speaks it."""

import asyncio

from skill.app import text_sessions
from skill.channels.address import Address, address
from skill.channels.switchboard import Switchboard
from skill.dialogue.emergency_number import contacts
from skill.dialogue.prompts import load_prompts
from skill.errors import InstallationError, UsageError, tell
from skill.settings import usable_settings

#: How it is called on the network.
_NAME = "charley"


def serve(listen: str, *, zeroconf: bool) -> int:
    """Answer on `listen` until a signal ends it. Raises UsageError; InstallationError where the extra is missing."""
    place = address(listen)
    if zeroconf and not place.reaches_others:
        raise UsageError(f"Nobody else reaches {place}, so there is nothing to announce: add --listen 0.0.0.0:10600.")
    asyncio.run(_serve(place, zeroconf=zeroconf))
    return 0


async def _serve(place: Address, *, zeroconf: bool) -> None:
    try:
        from skill.channels import wyoming_service

        if zeroconf:
            import wyoming.zeroconf
    except ImportError as missing:
        raise InstallationError(
            f"`charley serve` needs one more package ({missing.name}): pip install 'charley[serve]'."
        ) from missing
    settings, prompts = usable_settings(), load_prompts()
    busy = prompts.utterance("channels.busy", number=contacts(settings, prompts).number)
    switchboard = Switchboard(text_sessions(settings), busy.text)

    async def ready(port: int) -> None:
        here = Address(place.host, port)
        warning = " Wyoming knows no password: whoever reaches it can talk with it." if here.reaches_others else ""
        tell(f"Charley answers by the Wyoming protocol on {here}; Ctrl-C ends it.{warning}")
        if zeroconf:
            try:
                await wyoming.zeroconf.HomeAssistantZeroconf(port, _NAME, _announced(here.host)).register_server()
            except OSError as problem:
                tell(f"It could not be announced ({problem}): name {here} in Home Assistant yourself.")

    await wyoming_service.serve(place, switchboard, ready)


def _announced(host: str) -> str | None:
    """The number to announce; None where it is this machine's on whatever network it has."""
    return None if host in ("0.0.0.0", "::", "") else host
