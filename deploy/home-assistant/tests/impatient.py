"""A `charley serve` that gives a conversation up a second after its last reply; the project's own Python runs it."""

import asyncio

from skill.app import text_sessions
from skill.channels.address import Address
from skill.channels.switchboard import Switchboard
from skill.channels.wyoming_service import serve
from skill.errors import tell
from skill.settings import Settings


async def _say(port: int) -> None:
    tell(f"127.0.0.1:{port};")


asyncio.run(serve(Address("127.0.0.1", 0), Switchboard(text_sessions(Settings()), "busy", idle=1.0), _say))
