"""A conversation that stands still at each turn of listening, until somebody says what is heard there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import ClassVar

from skill.app import build
from skill.dialogue.beginning import Beginning
from skill.dialogue.events import EndReason, Event
from skill.episodes.episode import Tried
from skill.episodes.memory import NoMemory
from skill.equipment import Equipment
from skill.listening.ear import SILENCE, Ending, Heard, Turn
from skill.settings import Settings
from skill.system.clock import SimulatedClock
from skill.triage.model import Answer
from tests.support.quiet_voice import QuietVoice

NUMBER = "112"
#: Seconds after which a conversation that neither listens nor ends is taken to be stuck.
STUCK = 120.0


@dataclass(frozen=True, slots=True)
class Standing(Event):
    """The answers that stand, and what was tried, when Charley goes on to the next step."""

    name: ClassVar[str] = "standing"
    answers: tuple[Answer, ...]
    tried: tuple[Tried, ...]


class Journal(NoMemory):
    """All that happens, in order: a sink of events that is the memory as well."""

    def __init__(self) -> None:
        self.entries: list[Event] = []

    def emit(self, event: Event) -> None:
        self.entries.append(event)

    def keep(self, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        self.entries.append(Standing(answers, tried))


class HeldConversation:
    """Runs in a thread of its own, and is its own ear; only one of the two threads is ever awake."""

    def __init__(self, beginning: Beginning, *, interruptible: bool) -> None:
        self.clock = SimulatedClock()
        self.journal = Journal()
        self.breaking_in = SILENCE
        """What breaks in as soon as Charley says something at which it counts; taken once."""
        self.ended: EndReason | Exception | None = None
        self._turns: SimpleQueue[Turn | None] = SimpleQueue()
        self._replies: SimpleQueue[Heard] = SimpleQueue()
        self._conversation = build(
            Settings(emergency_number=NUMBER),
            Equipment(
                self,
                QuietVoice(self.clock),
                self.clock,
                self.journal,
                memory=self.journal,
                interruptible=interruptible,
            ),
            beginning,
        )
        threading.Thread(target=self._run, daemon=True).start()
        self.turn = self._turns.get(timeout=STUCK)
        """What Charley waits for; None when the conversation is over."""

    def reply(self, heard: Heard) -> None:
        """Let the turn end in this, and go on to the next turn or the end. Silence takes the turn's patience."""
        if heard.ending is Ending.SILENCE and self.turn is not None:
            self.clock.sleep(self.turn.patience)
        self._replies.put(heard)
        self.turn = self._turns.get(timeout=STUCK)

    def listen(self, turn: Turn) -> Heard:
        self._turns.put(turn)
        return self._replies.get()

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        del playing
        if not turn.breaks_in(self.breaking_in):
            return SILENCE
        heard, self.breaking_in = self.breaking_in, SILENCE
        return heard

    def close(self) -> None:
        pass

    def _run(self) -> None:
        try:
            self.ended = self._conversation.run()
        except Exception as failure:  # the thread that holds the conversation reports it
            self.ended = failure
        self._turns.put(None)
