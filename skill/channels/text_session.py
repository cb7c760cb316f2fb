"""One conversation in turns of text: a line in, and all that Charley says to it out.

The conversation runs in a thread of its own, which stands still while the next line is waited for.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from skill.channels.desk import Desk, Reply
from skill.dialogue.beginning import Beginning
from skill.dialogue.events import Ended, EndReason
from skill.dialogue.prompts import Utterance
from skill.errors import CharleyError, InstallationError, complain
from skill.listening.ear import CLOSED, Heard
from skill.triage.interview import Interview
from skill.triage.model import Ask
from skill.understanding.meanings import Alarmed, Wondered
from skill.understanding.understand import Interpreter


class Conversing(Protocol):
    """A conversation that is ready to run."""

    def run(self) -> EndReason:
        """Hold it to its end."""
        ...


class TextSession:
    """A conversation under way. Any thread may use it: who comes second waits until the first has the reply.

    Whoever opens one must bring it to its end: by answers, or by `leave`.
    """

    def __init__(
        self,
        desk: Desk,
        conversation: Conversing,
        hears: Callable[[str], Heard],
        *,
        apology: Utterance,
        greeting: Utterance | None = None,
    ) -> None:
        """`desk` is the conversation's ear, voice and sink of events. `hears` makes of a line what was heard.

        `apology` is said where the conversation fails, `greeting` before its first words.
        """
        self._desk = desk
        self._conversation = conversation
        self._hears = hears
        self._apology = apology
        self._greeting = greeting
        self._begun = False
        self._ended: EndReason | None = None
        self._turn = threading.Lock()

    @property
    def ended(self) -> EndReason | None:
        """Why the conversation is over; None while another line is waited for."""
        return self._ended

    def begin(self) -> Reply:
        """What Charley says first. Call it once, before everything else."""
        with self._turn:
            self._begun = True
            threading.Thread(target=self._run, name="text session", daemon=True).start()
            return self._reply()

    def answer(self, line: str) -> Reply:
        """What Charley says to `line`; an empty one is silence. Nothing after the end."""
        return self._bring(self._hears(line))

    def leave(self) -> Reply:
        """End it as silence does: what is open counts as unanswered, and the reply says what is safest."""
        return self._bring(CLOSED)

    def _bring(self, heard: Heard) -> Reply:
        with self._turn:
            if self._ended is not None or not self._begun:
                return Reply(ended=self._ended)
            self._desk.bring(heard)
            return self._reply()

    def _reply(self) -> Reply:
        reply = self._desk.reply()
        self._ended = reply.ended
        return reply

    def _run(self) -> None:
        """Whatever happens, the last reply comes: somebody waits for it."""
        try:
            if self._greeting is not None:
                self._desk.utter(self._greeting)
            ended = self._conversation.run()
        except Exception as failure:
            complain(_told(failure))
            ended = EndReason.ERROR
            self._desk.emit(Ended(ended))
            self._desk.utter(self._apology)
        self._desk.hand_over(ended=ended)


def _told(failure: Exception) -> CharleyError:
    if isinstance(failure, CharleyError):
        return failure
    return InstallationError(f"A conversation failed ({failure!r}): run `charley check`.")


def begun_by(line: Heard, reads: Interpreter, interview: Interview) -> Beginning:
    """An interview that was called for by `line`: an alarm and a question of the person's own are heeded at once,
    and what it tells is known, as in "I have a cramp in my calf".

    A yes or a no in it counts for nothing: nobody can have answered a question that was not put.
    """
    first = interview.next()
    assert isinstance(first, Ask)
    if isinstance(reads.understand(line, first.question), Alarmed | Wondered):
        return Beginning(interview, said=line)
    return Beginning(interview, volunteered=reads.told(line, first.question))
