"""A running OpenVoiceOS without sound, with Charley's skill, and the devices through which people talk with it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ovos_bus_client.message import Message
from ovos_bus_client.session import Session
from ovoscope import MiniCroft, get_minicroft

SKILL = "charley.openvoiceos"
#: Seconds for a reply, on a busy machine.
PATIENCE = 30.0
_SILENCED = 1.5
_UTTERANCE = "recognizer_loop:utterance"


@dataclass(frozen=True)
class Spoken:
    """What came of one line."""

    said: tuple[str, ...]
    awaits: str
    listens: bool
    """Whether the microphone opens after it."""
    verdicts: tuple[dict[str, Any], ...]
    taken: bool
    """Whether the skill took the line; otherwise OpenVoiceOS made something else of it."""


@contextmanager
def openvoiceos() -> Iterator[MiniCroft]:
    """Start it, and end it with the block."""
    croft = get_minicroft(SKILL, max_wait=300)
    try:
        yield croft
    finally:
        croft.stop()


class Device:
    """Where somebody stands: the device itself, or a satellite with a session of its own."""

    def __init__(self, croft: MiniCroft, session: str = "default", *, keeps_session: bool = True) -> None:
        """`keeps_session`: whether it sends its session as it was last told of it, or for ever as it was at first."""
        self._croft = croft
        self._id = session
        self._keeps = keeps_session
        self._session = Session(session).serialize()
        self._messages: list[Message] = []
        self._changed = threading.Condition()
        croft.bus.on("message", self._take)

    def say(self, line: str) -> Spoken:
        """Say a line, and hear all that comes of it."""
        return self._send(_UTTERANCE, {"utterances": [line], "lang": "en-US"}, "ovos.utterance.handled")

    def say_nothing(self) -> Spoken:
        """Let the microphone close without a word."""
        return self._send("recognizer_loop:speech.recognition.unknown", {}, "speak")

    def stop(self) -> None:
        """Say the word that OpenVoiceOS keeps for itself, and wait until nobody is silenced any more."""
        self._send(_UTTERANCE, {"utterances": ["stop"], "lang": "en-US"}, f"{SKILL}.stop.response")
        time.sleep(_SILENCED)

    def wait_for(self, kind: str) -> Message:
        """The first message of this kind since the last line."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(one.msg_type == kind for one in self._messages), PATIENCE), kind
            return next(one for one in self._messages if one.msg_type == kind)

    def leave(self) -> None:
        """Hear no more."""
        self._croft.bus.remove("message", self._take)

    def _send(self, kind: str, data: dict[str, Any], done: str) -> Spoken:
        self._messages.clear()
        self._croft.bus.emit(Message(kind, data, {"source": "mic", "destination": "skills", "session": self._session}))
        self.wait_for(done)
        with self._changed:
            messages = tuple(self._messages)
        if self._keeps:
            self._session = messages[-1].context.get("session", self._session)
        spoken = [one for one in messages if one.msg_type == "speak"]
        return Spoken(
            tuple(one.data["utterance"] for one in spoken),
            spoken[-1].data["meta"].get("awaits", "") if spoken else "",
            bool(spoken and spoken[-1].data["expect_response"]),
            tuple(one.data for one in messages if one.msg_type == "charley.verdict"),
            bool(spoken) and not any(one.msg_type == "complete_intent_failure" for one in messages),
        )

    def _take(self, serialized: str) -> None:
        message = Message.deserialize(serialized)
        if message.context.get("session", {}).get("session_id", "default") == self._id:
            with self._changed:
                self._messages.append(message)
                self._changed.notify_all()
