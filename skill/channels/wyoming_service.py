"""The Wyoming protocol, by which Home Assistant reaches Charley: a transcript in, what Charley says to it out.

Each reply is streamed an utterance at a time and then sent whole. Its `context` carries what goes beyond the protocol:
`conversation_id` and `turn`, to be sent back with the next line; `continue_conversation`; `ended`; and `advice`, the
verdicts in it. A conversation that nobody goes on with ends in one more `handled`, unasked.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from importlib import metadata
from typing import Any, Final

from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.handle import Handled, HandledChunk, HandledStart, HandledStop
from wyoming.info import Attribution, Describe, HandleModel, HandleProgram, Info
from wyoming.ping import Ping, Pong

from skill.channels.address import Address
from skill.channels.switchboard import IDLE, Line, Spoken, Switchboard
from skill.errors import CharleyError, HearingError, complain

#: Connections at once; beyond them the one goes that has said nothing for longest. Most systems lend a program 1024
#: files.
CONNECTIONS: Final = 512
#: Connections that may wait to be taken: a burst must not be turned away by the system.
WAITING: Final = 1024
#: Bytes of an event's data or payload at most; a spoken answer has a few dozen.
LARGEST: Final = 65_536
#: Letters of a line that are read, as many as somebody says in two minutes; and of an id that is kept.
LONGEST_LINE: Final = 2_000
LONGEST_ID: Final = 200
#: Seconds that a connection may say nothing: before its first event, and after it.
UNSPOKEN: Final = 10.0
SILENT: Final = IDLE + 60
#: Seconds that it may take to read what it is sent.
SLOW: Final = 10.0

_ATTRIBUTION: Final = Attribution("Charley", "")


async def serve(
    address: Address,
    switchboard: Switchboard,
    ready: Callable[[int], Coroutine[Any, Any, None]],
) -> None:
    """Answer on `address` until cancelled; then every conversation is ended. `ready` is called with the port in use.

    Raises UsageError where nothing can listen there.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_tell_of)
    connections: dict[asyncio.Task[None], _Connection] = {}

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(connections) >= CONNECTIONS:
            mute = next((task for task, one in connections.items() if not one.spoken), next(iter(connections)))
            del connections[mute]
            mute.cancel()
        connection = _Connection(reader, writer, switchboard)
        task = loop.create_task(connection.run())
        connections[task] = connection
        task.add_done_callback(lambda done: connections.pop(done, None))

    def stream() -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(_BoundedReader(loop=loop), connected, loop=loop)

    try:
        server = await loop.create_server(stream, address.host, address.port, backlog=WAITING)
    except OSError as problem:
        raise address.refused(problem) from problem
    try:
        await ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()
    finally:
        await switchboard.close()
        server.close()
        for task in tuple(connections):
            task.cancel()


def info() -> Info:
    """What Charley offers."""
    version = metadata.version("charley")
    described = "Charley, a companion for muscle cramps and spasms"
    model = HandleModel("charley", _ATTRIBUTION, True, described, version, languages=["en"])
    program = HandleProgram("charley", _ATTRIBUTION, True, described, version, [model], supports_handled_streaming=True)
    return Info(handle=[program])


class _Connection:
    """One caller, perhaps of many conversations; nothing that comes over it ends more than itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, switchboard: Switchboard) -> None:
        self.spoken = False
        """Whether anything has come over it yet."""
        self._reader = reader
        self._writer = writer
        self._switchboard = switchboard

    async def run(self) -> None:
        """Answer until the caller hangs up, says nothing for long, or sends what is no Wyoming."""
        try:
            while (event := await self._next()) is not None:
                await self._answer(event)
        except (OSError, EOFError, TimeoutError):  # hung up on, or never spoken to
            pass
        finally:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    async def _next(self) -> Event | None:
        """The next event; None where the line is dead or carries something else."""
        try:
            async with asyncio.timeout(SILENT if self.spoken else UNSPOKEN):
                event = await async_read_event(self._reader)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        self.spoken = True
        return event if event is not None and isinstance(event.data, dict) else None

    async def _answer(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self._send(info().event())
        elif Ping.is_type(event.type):
            await self._send(Pong(event.data.get("text")).event())
        elif Transcript.is_type(event.type):
            line = _line(event.data)
            if line is None:
                await self._send(Error("A transcript needs a text.", "no-text").event())
                return
            spoken = await self._switchboard.say(line, self._tell)
            await self._send(HandledStart(_context(spoken)).event())
            for utterance in spoken.reply.said:
                await self._send(HandledChunk(f"{utterance} ").event())
            await self._send(_handled(spoken))
            await self._send(HandledStop().event())

    async def _tell(self, spoken: Spoken) -> None:
        """Say, unasked, how a conversation ended; whoever has hung up is not told."""
        with suppress(OSError, TimeoutError):
            if not self._writer.is_closing():
                await self._send(_handled(spoken))

    async def _send(self, event: Event) -> None:
        async with asyncio.timeout(SLOW):
            await async_write_event(event, self._writer)


class _BoundedReader(asyncio.StreamReader):
    """A stream of which no caller can make the program keep more than a little at a time."""

    async def readexactly(self, n: int) -> bytes:
        """`n` bytes; raises ValueError for more than LARGEST."""
        if n > LARGEST:
            raise ValueError
        return await super().readexactly(n)


def _line(data: dict[str, Any]) -> Line | None:
    """The line in a transcript's data; None where it has none. A context of a strange shape counts as none.

    A text that nobody can have said keeps its beginning and its end: to read it all would keep the others waiting.
    """
    text, context = data.get("text"), data.get("context")
    if not isinstance(text, str):
        return None
    known = context if isinstance(context, dict) else {}
    name, turn = known.get("conversation_id"), known.get("turn")
    if len(text) > LONGEST_LINE:
        text = f"{text[: LONGEST_LINE // 2]} {text[-LONGEST_LINE // 2 :]}"
    return Line(
        text,
        name if isinstance(name, str) and 0 < len(name) <= LONGEST_ID else None,
        turn if isinstance(turn, int) else None,
    )


def _handled(spoken: Spoken) -> Event:
    return Handled(spoken.reply.text, _context(spoken)).event()


def _context(spoken: Spoken) -> dict[str, Any]:
    reply = spoken.reply
    return {
        "conversation_id": spoken.conversation,
        "turn": spoken.turn,
        "continue_conversation": reply.ended is None,
        "ended": reply.ended,
        "advice": [asdict(advice) for advice in reply.advice],
    }


def _tell_of(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What the event loop itself runs into, such as too many open files, is told in one sentence."""
    problem = context.get("exception")
    if isinstance(problem, CharleyError):
        complain(problem)
    else:
        complain(HearingError(f"A connection failed ({problem or context['message']}); the others go on."))
