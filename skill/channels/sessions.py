"""Conversations of a medium that knows its people by sessions, and does not always tell that somebody says nothing.

Silence is measured here, from the time at which what Charley says has been spoken.
"""

import threading
from collections.abc import Callable
from typing import Final

from skill.channels.desk import Reply
from skill.channels.text_session import TextSession
from skill.speaking.silent_engine import speaking_time

#: Seconds of silence after Charley's last word that count as no answer. A microphone there needs up to 10 s to give up,
#: and a voice may be half as slow as Charley's.
PATIENCE: Final = 25.0
#: How much longer than by Charley's own voice it may take to say something.
_SLOWER: Final = 1.5


def patience(reply: Reply) -> float:
    """Seconds to wait for an answer, from the moment at which the reply is handed on to be spoken."""
    return _SLOWER * speaking_time(reply.text, 1.0) + PATIENCE


class Conversations:
    """Hands each line to the session's conversation, and what comes of it on. Any thread may use it."""

    def __init__(
        self,
        open_session: Callable[[str], TextSession],
        deliver: Callable[[str, Reply], None],
        patience: Callable[[Reply], float] = patience,
    ) -> None:
        """`deliver` is given the session's id and the reply, also by a thread of its own, when nobody has answered."""
        self._open_session = open_session
        self._deliver = deliver
        self._patience = patience
        self._under_way: dict[str, _Call] = {}
        self._lock = threading.Lock()

    def under_way(self, session: str) -> bool:
        """Whether a conversation waits for this session's next line."""
        return session in self._under_way

    def say(self, session: str, line: str) -> None:
        """Answer a line: of the conversation that is under way, or of one that it begins."""
        with self._lock:
            call = self._under_way.get(session)
            new = call is None
            if call is None:
                call = self._under_way[session] = _Call()
        with call.turn:
            if new:
                call.conversation = self._open_session(line)
                self._keep(session, call, call.conversation.begin())
            elif call.conversation is not None:
                self._keep(session, call, call.conversation.answer(line))

    def silence(self, session: str) -> None:
        """Nobody has answered: ask again, or, after the last time, say what is safest."""
        call = self._under_way.get(session)
        if call is not None:
            self._no_answer(session, call, call.replies)

    def close(self) -> None:
        """End every conversation without a word."""
        for call in self._under_way.values():
            call.wait_no_more()
            if call.conversation is not None:
                call.conversation.leave()
        self._under_way.clear()

    def _no_answer(self, session: str, call: "_Call", replies: int) -> None:
        """`replies`: those that there were when the silence began; one that is over counts for nothing."""
        with call.turn:
            if call.conversation is not None and call.replies == replies and self._under_way.get(session) is call:
                self._keep(session, call, call.conversation.answer(""))

    def _keep(self, session: str, call: "_Call", reply: Reply) -> None:
        call.wait_no_more()
        call.replies += 1
        if reply.ended is not None:
            self._under_way.pop(session, None)
        self._deliver(session, reply)
        if reply.ended is None:
            waiting = (session, call, call.replies)
            call.timer = threading.Timer(self._patience(reply), self._no_answer, waiting)
            call.timer.daemon = True
            call.timer.start()


class _Call:
    """One conversation, and the time that is left to answer."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.conversation: TextSession | None = None
        self.replies = 0
        self.timer: threading.Timer | None = None

    def wait_no_more(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
