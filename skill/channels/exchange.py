"""Answers the calls that a telephone exchange puts through by AudioSocket: one connection, one line, one conversation.

One thread serves all lines, each conversation has a thread of its own. Nothing about a call is written anywhere.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from skill.channels.audiosocket import FRAME, IDENTITY, RATE, Frame, Kind, read_frame
from skill.channels.line import Line
from skill.errors import UsageError, tell
from skill.speaking.voice import Clip

#: Connections that have not said so; with one more the oldest is closed, so that a flood of them keeps no call out.
_STRANGERS: Final = 200
#: Callers who are told that all lines are in use, at a time; others are ended at once.
_TURNED_AWAY: Final = 50
#: Connections that wait to be taken: one more than the usual flood in a tenth of a second.
_BACKLOG: Final = 1_024
#: Bytes, a quarter of a second, that wait for a slow exchange; what comes after them is too late to be sent.
_LATE: Final = 4_096
#: Seconds that a call lasts at most: no conversation is as long.
_LONGEST: Final = 3_600.0
_SAMPLES: Final = round(FRAME * RATE)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that an exchange is given."""

    greeting: float = 5.0
    """To say which call a connection is, as exchanges do at once."""
    stuck: float = 10.0
    """To take some of what is sent, before the call is over."""


class _Call:
    """One connection on which a call is held."""

    def __init__(self, line: Line, writer: asyncio.StreamWriter, patience: float) -> None:
        self.line = line
        self._patience = patience
        self._transport = writer.transport
        self._stuck = 0.0

    def send(self) -> None:
        """The next frame. The time of the call goes on for an exchange that does not read, and the call ends."""
        sound = self.line.send(_SAMPLES)
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() < _LATE:
            self._stuck = 0.0
            self._transport.write(Frame(Kind.SOUND, sound).encode())
        else:
            self._stuck += FRAME
            if self._stuck >= self._patience:
                self._transport.abort()


class Exchange:
    """The server."""

    def __init__(
        self,
        hold: Callable[[Line], None],
        calls: int,
        busy: Callable[[], Iterable[Clip]],
        alive: Callable[[], None] = lambda: None,
        patience: Patience = Patience(),
    ) -> None:
        """`hold` holds a conversation on a line, in a thread of its own, and returns when it is over.

        `calls`: conversations at a time. `busy`: what more callers hear. `alive` is called while calls are served.
        """
        self._hold = hold
        self._limit = calls
        self._busy = busy
        self._alive = alive
        self._patience = patience
        self._held = 0
        self._turned_away = 0
        self._calls: set[_Call] = set()
        self._strangers: dict[asyncio.StreamWriter, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, host: str, port: int, ready: Callable[[str, int], None]) -> None:
        """Answer calls until cancelled; `ready` is told where. Raises UsageError where nobody can listen there."""
        asyncio.get_running_loop().set_exception_handler(_tell)
        try:
            server = await asyncio.start_server(self._connected, host, port, backlog=_BACKLOG)
        except (OSError, OverflowError, UnicodeError) as problem:
            raise UsageError(_why_not(host, port, problem)) from problem
        async with server:
            ready(*server.sockets[0].getsockname()[:2])
            await self._keep_time()

    async def _keep_time(self) -> None:
        """Send a frame on every line, again and again; after a delay more than one."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            due = max(due + FRAME, clock() - 1)
            await asyncio.sleep(max(0.0, due - clock()))
            for call in tuple(self._calls):
                call.send()
            self._alive()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, whatever comes of it."""
        try:
            identity = await self._greeted(reader, writer)
            if identity is not None:
                await self._answer(Line(identity), reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):  # cancelled: the server ends
            pass
        finally:
            with suppress(OSError, RuntimeError):
                writer.write(Frame(Kind.HANGUP).encode())
                writer.close()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """Which call it is; None where it is none. Raises TimeoutError where nobody says so."""
        while len(self._strangers) >= _STRANGERS:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.transport.abort()
        self._strangers[writer] = None
        try:
            async with asyncio.timeout(self._patience.greeting):
                frame = await read_frame(reader)
        finally:
            self._strangers.pop(writer, None)
        return frame.payload if (frame.kind, len(frame.payload)) == (Kind.IDENTITY, IDENTITY) else None

    async def _answer(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _ask_for_a_sign_of_life(writer, self._patience.stuck)
        call = _Call(line, writer, self._patience.stuck)
        self._calls.add(call)
        receiving = asyncio.create_task(_receive(line, reader))
        try:
            if self._held < self._limit:
                await self._converse(line, receiving)
            elif self._turned_away < _TURNED_AWAY:
                await self._turn_away(line, receiving)
        finally:
            self._calls.discard(call)
            line.hang_up()
            receiving.cancel()

    async def _converse(self, line: Line, receiving: "asyncio.Task[None]") -> None:
        """Hold a conversation until it is over, or until the caller has hung up."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held += 1
        over.add_done_callback(self._one_less)
        threading.Thread(target=self._run, args=(line, over), name="call", daemon=True).start()
        await asyncio.wait((receiving, over), timeout=_LONGEST, return_when=asyncio.FIRST_COMPLETED)

    def _one_less(self, _over: "asyncio.Future[None]") -> None:
        self._held -= 1

    def _run(self, line: Line, over: "asyncio.Future[None]") -> None:
        try:
            self._hold(line)
        finally:
            with suppress(RuntimeError):  # the server has ended meanwhile
                over.get_loop().call_soon_threadsafe(_settle, over)

    async def _turn_away(self, line: Line, receiving: "asyncio.Task[None]") -> None:
        """Say one sentence."""
        self._turned_away += 1
        try:
            playback = line.play(self._busy())
            while playback.playing() and not receiving.done():
                await asyncio.sleep(FRAME)
        finally:
            self._turned_away -= 1


async def _receive(line: Line, reader: asyncio.StreamReader) -> None:
    """Take in what the exchange sends until the call is over. Frames of no use are passed over."""
    with suppress(OSError, EOFError):
        while True:
            frame = await read_frame(reader)
            match frame.kind:
                case Kind.SOUND:
                    line.receive(frame.payload)
                case Kind.KEY:
                    line.press(frame.payload.decode("ascii", "replace"))
                case Kind.HANGUP | Kind.ERROR:
                    break
            await asyncio.sleep(0)  # who floods a line may not keep the others waiting
    line.hang_up()


def _settle(over: "asyncio.Future[None]") -> None:
    if not over.done():
        over.set_result(None)


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What goes wrong on a line, in one sentence."""
    tell(f"A line has failed ({context.get('exception') or context['message']}): the others go on.")


def _ask_for_a_sign_of_life(writer: asyncio.StreamWriter, patience: float) -> None:
    """An exchange that has vanished without a word is noticed, and one that does not read soon."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LATE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(patience * 1000))


def _why_not(host: str, port: int, problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror and "in use" in problem.strerror.lower():
        return f"{host}:{port} is in use by another program: end that, or choose another port with --listen."
    return f"Nobody can listen at {host}:{port} ({problem}): choose another address with --listen."
