"""Ear, voice and sink of events at once, for a medium that carries text in turns.

What Charley says is gathered until Charley listens; then it is handed over the desk, and the next line is waited for.
Such a medium cannot keep time with anybody: where something is to be held, Charley says for how long, and asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

from skill.dialogue.events import Answered, Coaching, Concluded, EndReason, Event, ReasonGiven, Said
from skill.dialogue.prompts import Prompts, Utterance
from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Phrase, Turn
from skill.listening.sentence import Sentence
from skill.speaking.voice import Delivery, Earcon
from skill.understanding.moments import HOLD

#: The question whose answer says where it cramps.
_PLACE: Final = "place"


@dataclass(frozen=True, slots=True)
class Advice:
    """A verdict, with what somebody who is told of it wants to know."""

    level: str
    """`emergency`, `urgent`, `soon` or `self_care`."""
    reasons: tuple[ReasonGiven, ...]
    """The most urgent first, each with its text and its sources."""
    place: str | None
    """Where it cramps, a choice of the question `place`; None where that was never said."""


@dataclass(frozen=True, slots=True)
class Reply:
    """All that comes of one line."""

    said: tuple[str, ...] = ()
    """What Charley says, one utterance after the other."""
    events: tuple[Event, ...] = ()
    """What happened meanwhile, in order."""
    advice: tuple[Advice, ...] = ()
    """The verdicts among the events."""
    awaits: str = ""
    """The name of the turn that the next line is for, see `Turn`: a question's id, `confirm`, `coaching` for a hold."""
    ended: EndReason | None = None
    """Why the conversation is over; None while another line is waited for."""

    @property
    def text(self) -> str:
        """What Charley says, as one text."""
        return " ".join(self.said)


def recognised(line: str) -> Heard:
    """A line that somebody else's recogniser made out, and whose confidence nobody knows; SILENCE when it is empty."""
    text = line.strip()
    return Heard(Ending.SPEECH, (Phrase(text, 1.0),), Sentence(text, None, "elsewhere")) if text else SILENCE


class Desk:
    """Where the conversation, in its own thread, meets whoever brings the lines."""

    def __init__(self, prompts: Prompts) -> None:
        self.delivery = Delivery()
        self._prompts = prompts
        self._said: list[str] = []
        self._events: list[Event] = []
        self._advice: list[Advice] = []
        self._place: str | None = None
        self._to_hold = 0
        """Seconds of the step that was told last, until they have been said."""
        self._left = False
        self._lines: SimpleQueue[Heard] = SimpleQueue()
        self._replies: SimpleQueue[Reply] = SimpleQueue()

    def bring(self, heard: Heard) -> None:
        """What was heard in answer to the last reply; after CLOSED nobody brings anything any more."""
        self._lines.put(heard)

    def reply(self) -> Reply:
        """Wait for what Charley says next."""
        return self._replies.get()

    def hand_over(self, awaits: str = "", ended: EndReason | None = None) -> None:
        """Let `reply` return with what has gathered, and with what is waited for or why nothing is."""
        self._replies.put(Reply(tuple(self._said), tuple(self._events), tuple(self._advice), awaits, ended))
        self._said, self._events, self._advice = [], [], []

    def utter(self, utterance: Utterance) -> None:
        """Say something that belongs to the medium, not to the conversation."""
        self.emit(Said(utterance.prompt, utterance.text))
        self.say(utterance.text)

    def listen(self, turn: Turn) -> Heard:
        """The next line, however long it takes."""
        if self._left:
            return CLOSED
        if turn.name == HOLD.id:
            self._ask_to_hold()
        self.hand_over(awaits=turn.name)
        heard = self._lines.get()
        self._left = heard is CLOSED
        return heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Nobody interrupts what is handed over as a whole."""
        del turn, playing
        return SILENCE

    def say(self, text: str) -> "Written":
        """Gather `text`."""
        self._said.append(text)
        return Written()

    def play(self, earcon: Earcon) -> "Written":
        """There is no sound to play."""
        del earcon
        return Written()

    def prepare(self, texts: tuple[str, ...]) -> None:
        """Text needs no preparation."""

    def emit(self, event: Event) -> None:
        """Gather the event; a verdict also as advice."""
        self._events.append(event)
        match event:
            case Answered(question, str(place)) if question == _PLACE:
                self._place = place
            case Coaching():
                self._to_hold = event.seconds
            case Concluded():
                self._advice.append(Advice(event.level, event.reasons, self._place))

    def close(self) -> None:
        """Nothing to release."""

    def _ask_to_hold(self) -> None:
        if self._to_hold:
            self.utter(self._prompts.utterance("channels.hold", seconds=str(self._to_hold)))
        else:
            self.utter(self._prompts.utterance("channels.hold_on"))
        self._to_hold = 0


class Written:
    """What takes no time to say."""

    def playing(self) -> bool:
        """It is over at once."""
        return False

    def stop(self) -> None:
        """Nothing to stop."""

    def wait(self) -> None:
        """Nothing to wait for."""
