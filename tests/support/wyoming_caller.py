"""Somebody who speaks with Charley through the Wyoming protocol's own client, as Home Assistant does."""

import asyncio
from collections.abc import Mapping
from typing import Any

from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled, HandledChunk, HandledStop

#: Seconds after which a reply does not come any more.
STUCK = 60.0


class Caller:
    """One connection; what a reply's context says is sent back with the next line."""

    def __init__(self, port: int, context: Mapping[str, Any] | None = None) -> None:
        self.context = dict(context) if context is not None else None
        self.chunks: list[str] = []
        self._client = AsyncTcpClient("127.0.0.1", port)

    async def __aenter__(self) -> "Caller":
        await self._client.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        await self._client.disconnect()

    async def send(self, event: Event) -> None:
        await self._client.write_event(event)

    async def receive(self) -> Event | None:
        return await asyncio.wait_for(self._client.read_event(), STUCK)

    async def handled(self) -> Handled:
        """The next whole reply, asked for or not."""
        while (event := await self.receive()) is not None:
            if HandledChunk.is_type(event.type):
                self.chunks.append(HandledChunk.from_event(event).text)
            if Handled.is_type(event.type):
                self.context = event.data["context"]
                return Handled.from_event(event)
        raise EOFError

    async def say(self, text: str) -> str:
        """What comes back, taken whole; `chunks` has its pieces."""
        self.chunks = []
        await self.send(Transcript(text, context=self.context).event())
        handled = await self.handled()
        stop = await self.receive()
        assert stop is not None
        assert HandledStop.is_type(stop.type)
        return handled.text or ""

    @property
    def advice(self) -> list[dict[str, Any]]:
        """The verdicts of the last reply."""
        assert self.context is not None
        return list(self.context["advice"])

    @property
    def level(self) -> str | None:
        return self.advice[-1]["level"] if self.advice else None
