"""What happened in a conversation, as values; `--events` prints them as JSON Lines for other programs."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, TextIO

from skill.errors import CharleyError, StorageError
from skill.triage.model import Value


class EndReason(StrEnum):
    """Why a conversation is over."""

    FINISHED = "finished"
    STOPPED = "stopped"
    SILENCE = "silence"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; `name` is the value of the key `event`."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Charley said something."""

    name: ClassVar[str] = "say"
    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """Charley put a question."""

    name: ClassVar[str] = "ask"
    question: str
    kind: str
    choices: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class HeardSpeech(Event):
    """Somebody spoke; `accepted` when it was of use."""

    name: ClassVar[str] = "heard"
    text: str
    confidence: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """A question has its answer: yes, no, unsure, unanswered, a choice's id, seconds or a number."""

    name: ClassVar[str] = "answer"
    question: str
    value: Value


@dataclass(frozen=True, slots=True)
class Coaching(Event):
    """A step of a remedy begins; steps count from 0, `seconds` is how long it is held."""

    name: ClassVar[str] = "coach"
    remedy: str
    step: int
    seconds: int


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """One reason of a verdict, as it is spoken."""

    rule: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concluded(Event):
    """The advice."""

    name: ClassVar[str] = "verdict"
    level: str
    reasons: tuple[ReasonGiven, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slept(Event):
    """Charley waits to be woken."""

    name: ClassVar[str] = "sleep"


@dataclass(frozen=True, slots=True)
class Woke(Event):
    """Somebody woke Charley: a conversation follows."""

    name: ClassVar[str] = "wake"
    confidence: float | None
    """The recogniser's for the wake phrase, 0..1; None after a typed line."""


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """The conversation is over."""

    name: ClassVar[str] = "end"
    reason: EndReason


class EventSink(Protocol):
    """Something that takes events."""

    def emit(self, event: Event) -> None:
        """Take one event."""
        ...


class JsonLines:
    """Writes one JSON object a line, at once. Where nobody can read them the conversation goes on."""

    def __init__(self, stream: TextIO, on_fault: Callable[[CharleyError], None]) -> None:
        """`on_fault` is told once that the events are lost: their reader has gone, or the disk is full."""
        self._stream = stream
        self._on_fault = on_fault
        self._lost = False

    def emit(self, event: Event) -> None:
        """Write the event and flush, so that a reader at the other end of a pipe sees it now."""
        try:
            self._stream.write(json.dumps({"event": event.name, **asdict(event)}, ensure_ascii=False) + "\n")
            self._stream.flush()
        except (OSError, ValueError) as problem:
            if not self._lost:
                self._lost = True
                self._on_fault(
                    StorageError(f"Nobody can read the events ({problem}): the conversation goes on without them.")
                )


class Recorder:
    """Keeps the events in a list: for demos that show a summary, and for tests."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        """Append the event."""
        self.events.append(event)


class NoEvents:
    """Drops every event."""

    def emit(self, event: Event) -> None:
        """Do nothing."""
