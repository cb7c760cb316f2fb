"""Lines to `charley serve`: one connection a conversation, on which the end of it may come unasked as well."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.info import Describe, Info

#: Seconds that a reply may take: the machine that Charley runs on may be small and busy.
REPLY_WITHIN: Final = 10.0
#: Seconds for a connection, and for what Charley says of itself.
CONNECT_WITHIN: Final = 5.0


class UnreachableError(Exception):
    """Charley does not answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What Charley says to a line, or unasked at the end of a conversation."""

    said: tuple[str, ...]
    """One utterance after the other."""
    expects: bool
    """Whether another line is waited for."""
    advice: tuple[dict[str, Any], ...]
    """The verdicts in it: level, reasons, place."""

    @property
    def text(self) -> str:
        """What Charley says, as one text."""
        return " ".join(self.said)


async def answers(host: str, port: int) -> bool:
    """Whether Charley answers there, and not another service. Raises UnreachableError where nothing does."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN), AsyncTcpClient(host, port) as client:
            await client.write_event(Describe().event())
            while (event := await client.read_event()) is not None:
                if Info.is_type(event.type):
                    return any(program.name == "charley" for program in Info.from_event(event).handle)
    except (OSError, TimeoutError, EOFError) as problem:
        raise UnreachableError from problem
    return False


class Line:
    """One conversation with Charley."""

    def __init__(self, host: str, port: int, conversation: str, on_end: Callable[[Reply], None]) -> None:
        """`on_end` is told what Charley says when nobody has gone on with the conversation."""
        self._host = host
        self._port = port
        self._conversation = conversation
        self._on_end = on_end
        self._turn = 0
        self._client: AsyncTcpClient | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._asking = asyncio.Lock()

    @property
    def dead(self) -> bool:
        """Whether it was open, and nothing can come over it any more."""
        return self._reading is not None and self._reading.done()

    async def say(self, text: str) -> Reply:
        """What Charley says to `text`. Raises UnreachableError.

        A line that breaks is opened once more, and `text` said again: Charley counts the replies, so that nothing is
        taken for an answer twice.
        """
        async with self._asking:
            try:
                return await self._ask(text)
            except (OSError, TimeoutError, EOFError):
                await self.close()
            try:
                return await self._ask(text)
            except (OSError, TimeoutError, EOFError) as problem:
                await self.close()
                raise UnreachableError from problem

    async def close(self) -> None:
        """Hang up; a conversation under way is ended by Charley, some minutes later."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._client is not None:
            with suppress(OSError):
                await self._client.disconnect()
            self._client = None

    async def _ask(self, text: str) -> Reply:
        if self._reading is None or self.dead or self._client is None:
            await self.close()
            self._client = AsyncTcpClient(self._host, self._port)
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._client.connect()
            self._reading = asyncio.create_task(self._read(self._client))
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            context = {"conversation_id": self._conversation, "turn": self._turn}
            async with asyncio.timeout(REPLY_WITHIN):
                await self._client.write_event(Event("transcript", {"text": text, "context": context}))
                return await self._waiting
        finally:
            self._waiting = None

    async def _read(self, client: AsyncTcpClient) -> None:
        """Hand on each whole reply; ends with the conversation, or with the connection."""
        said: list[str] = []
        try:
            while (event := await client.read_event()) is not None:
                if event.type == "handled-chunk":
                    said.append(event.data["text"].strip())
                elif event.type == "handled":
                    reply = self._taken(tuple(said) or (event.data["text"],), event.data["context"])
                    said = []
                    if not reply.expects:
                        return
        except (OSError, EOFError, KeyError):
            pass
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(EOFError())

    def _taken(self, said: tuple[str, ...], context: dict[str, Any]) -> Reply:
        """A reply, handed to whoever waits for it; an end that nobody waits for is told."""
        reply = Reply(said, context["continue_conversation"], tuple(context["advice"]))
        self._turn = context["turn"]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(reply)
        elif not reply.expects:
            self._on_end(reply)
        return reply
