"""Many conversations in turns of text at once, each found again by its id, and ended when nobody goes on with it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from skill.channels.desk import Reply
from skill.channels.text_session import TextSession
from skill.dialogue.events import EndReason

#: Seconds after a reply at which a conversation is ended, as Home Assistant's own are.
IDLE: Final = 300.0
#: Conversations at once; each is a thread that sleeps between two lines.
MOST: Final = 256


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said."""

    text: str
    conversation: str | None
    """The id of the conversation that it belongs to; None where the caller knows none."""
    turn: int | None
    """How many replies the caller has had in it; None where nobody counts."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply, and where it belongs."""

    conversation: str
    turn: int
    """Its number, from 1."""
    reply: Reply


#: Told of the end of a conversation that nobody went on with.
Tell = Callable[[Spoken], Awaitable[None]]


@dataclass(slots=True)
class _Call:
    """One conversation under way."""

    id: str
    session: TextSession | None = None
    tell: Tell | None = None
    last: Spoken | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    idle: asyncio.TimerHandle | None = None


class Switchboard:
    """Puts each line through to its conversation. For one event loop."""

    def __init__(
        self, open_session: Callable[[str], TextSession], busy: str, *, idle: float = IDLE, most: int = MOST
    ) -> None:
        """`busy` is said to whoever comes while `most` conversations are under way; `idle` is in seconds."""
        self._open_session = open_session
        self._busy = busy
        self._idle = idle
        self._most = most
        self._calls: dict[str, _Call] = {}
        self._endings: set[asyncio.Task[None]] = set()

    async def say(self, line: Line, tell: Tell) -> Spoken:
        """The reply to a line. An id that is not known, or none, begins a conversation.

        A caller who missed the last reply gets it once more, and the line counts for nothing: it cannot have been an
        answer to a question that was not heard. `tell` is called when nobody goes on with it.
        """
        name = line.conversation or uuid4().hex
        while True:
            call = self._calls.get(name)
            if call is None:
                if len(self._calls) >= self._most:
                    return Spoken(name, 0, Reply((self._busy,), ended=EndReason.ERROR))
                call = self._calls[name] = _Call(name)
            async with call.busy:
                if self._calls.get(name) is call:  # it may have ended while somebody else was answered
                    return await self._turn(call, line, tell)

    async def close(self) -> None:
        """End every conversation, and tell so."""
        await asyncio.gather(*(self._end(call) for call in tuple(self._calls.values())))

    async def _turn(self, call: _Call, line: Line, tell: Tell) -> Spoken:
        call.tell = tell
        if call.last is not None and line.turn is not None and line.turn != call.last.turn:
            self._wait(call)
            return call.last
        if call.session is None:
            call.session = await asyncio.to_thread(self._open_session, line.text)
            reply = await asyncio.to_thread(call.session.begin)
        else:
            reply = await asyncio.to_thread(call.session.answer, line.text)
        return self._keep(call, reply)

    def _keep(self, call: _Call, reply: Reply) -> Spoken:
        spoken = call.last = Spoken(call.id, call.last.turn + 1 if call.last else 1, reply)
        if reply.ended is None:
            self._wait(call)
        else:
            self._forget(call)
        return spoken

    def _wait(self, call: _Call) -> None:
        """Begin to count the idle seconds."""
        if call.idle is not None:
            call.idle.cancel()
        call.idle = asyncio.get_running_loop().call_later(self._idle, self._give_up, call)

    def _forget(self, call: _Call) -> None:
        if call.idle is not None:
            call.idle.cancel()
        self._calls.pop(call.id, None)

    def _give_up(self, call: _Call) -> None:
        ending = asyncio.get_running_loop().create_task(self._end(call))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end(self, call: _Call) -> None:
        async with call.busy:
            if self._calls.get(call.id) is not call or call.session is None:
                return
            spoken = self._keep(call, await asyncio.to_thread(call.session.leave))
        if call.tell is not None:
            await call.tell(spoken)
