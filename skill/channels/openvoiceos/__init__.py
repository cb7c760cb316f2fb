"""The skill for OpenVoiceOS: "I have a cramp" begins a conversation, and every line of its session is an answer.

The answers come by `converse`, not by `get_response`: that hears only between its own beginning and end, so what is
said a moment too early or too late, also the last answer of all, would go past it to the other skills.
"""

import threading
from dataclasses import asdict
from typing import Final

from ovos_bus_client.message import Message
from ovos_bus_client.session import Session, SessionManager
from ovos_workshop.skills.converse import ConversationalSkill
from ovos_workshop.skills.fallback import FallbackSkill

from skill.app import text_sessions
from skill.channels.desk import Reply
from skill.channels.sessions import Conversations
from skill.settings import usable_settings

#: Before every other skill that answers what nobody understood.
_FIRST: Final = 1
#: Seconds after "stop" in which OpenVoiceOS silences whoever speaks.
_SILENCED: Final = 1.0


class CharleySkill(ConversationalSkill, FallbackSkill):
    """Charley in OpenVoiceOS."""

    def initialize(self) -> None:
        """Load what conversations share, and listen for what begins one."""
        self._messages: dict[str, Message] = {}
        self._conversations = Conversations(text_sessions(usable_settings()), self._deliver)
        self.register_intent_file("cramp.intent", self._begin)
        self.register_fallback(self._answer, _FIRST)
        self.add_event("recognizer_loop:speech.recognition.unknown", self._hear_nothing)

    def can_converse(self, message: Message) -> bool:
        """Whether Charley waits for the next line."""
        return self._conversations.under_way(_session(message))

    def can_answer(self, message: Message) -> bool:
        """The same, where OpenVoiceOS did not wait long enough to be told so."""
        return self.can_converse(message)

    def converse(self, message: Message) -> bool:
        """Take the line as an answer."""
        return self._answer(message)

    def can_stop(self, message: Message) -> bool:
        """Whether there is anything to stop."""
        return self.can_converse(message)

    def stop_session(self, session: Session) -> bool:
        """End the conversation as "stop" does, and say whom to call once nothing is silenced any more."""
        if not self._conversations.under_way(session.session_id):
            return False
        threading.Timer(_SILENCED, self._conversations.say, (session.session_id, "stop")).start()
        return True

    def shutdown(self) -> None:
        """End every conversation."""
        if hasattr(self, "_conversations"):  # OpenVoiceOS shuts down a skill too that was never initialised
            self._conversations.close()

    def _begin(self, message: Message) -> None:
        self._hear(message, message.data.get("utterance", ""))

    def _answer(self, message: Message) -> bool:
        """Whether the line is taken: always while a conversation waits for one."""
        if not self.can_converse(message):
            return False
        self._hear(message, next(iter(message.data.get("utterances", [])), ""))
        return True

    def _hear_nothing(self, message: Message) -> None:
        """The microphone was open, and nobody said anything that a recogniser made out."""
        self._conversations.silence(_session(message))

    def _hear(self, message: Message, line: str) -> None:
        self._messages[_session(message)] = message
        self._conversations.say(_session(message), line)

    def _deliver(self, session: str, reply: Reply) -> None:
        """Pass on what comes of a line, or of silence, to whoever brought the session's last line."""
        message = self._messages[session]
        if reply.ended is not None:
            del self._messages[session]
        self._pass_on(message, reply)

    def _pass_on(self, message: Message, reply: Reply) -> None:
        """Speak an utterance after the other; the microphone opens after the last one, unless the conversation is over.

        OpenVoiceOS speaks to the session of the Message that it finds among the arguments on the stack: `message`.
        """
        for advice in reply.advice:
            self.bus.emit(message.forward("charley.verdict", asdict(advice)))
        for position, utterance in enumerate(reply.said, 1):
            last = position == len(reply.said)
            meta = {"awaits": reply.awaits} if last else {}
            self.speak(utterance, expect_response=last and reply.ended is None, meta=meta)
        if reply.ended is None:
            self.activate()
        else:
            self.deactivate()


def _session(message: Message) -> str:
    return str(SessionManager.get(message).session_id)
