"""What a conversation remembers while it runs. A failing disk is said once, and the conversation goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from skill.episodes.episode import Episode, Note, Tried
from skill.episodes.store import EpisodeStore
from skill.errors import CharleyError, StorageError
from skill.triage.model import Answer, Verdict


class NotedAt(StrEnum):
    """Beside which cramp a note was kept."""

    THIS = "this"
    """That of this conversation."""
    EARLIER = "earlier"
    """The last one before it."""
    NOWHERE = "nowhere"
    """Nothing is kept, or there is no cramp to keep it beside."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered so far."""

    episodes: tuple[Episode, ...]
    """The oldest first, that of this conversation included."""
    now: datetime
    """With the person's time zone."""


class Memory(Protocol):
    """Takes in what is answered, tried and advised. Never raises."""

    def keep(self, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        """Keep the answers that stand so far and what was tried, in place of those kept before."""
        ...

    def resume(self, episode: Episode) -> None:
        """What is kept from now on belongs to this earlier episode, which was cut off."""
        ...

    def conclude(self, verdict: Verdict | None) -> None:
        """The conversation is over; `verdict` is what was advised, if anything was."""
        ...

    def note(self, text: str) -> NotedAt:
        """Keep a note beside the cramp of this conversation, or the last one before it."""
        ...

    def past(self) -> Past | None:
        """What is remembered; None where nothing is to be."""
        ...

    def forget(self) -> bool:
        """Delete everything, of this conversation and of all earlier ones; whether that worked."""
        ...


class NoMemory:
    """Keeps nothing: for demos, for tests, and for people who want none."""

    def keep(self, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        """Do nothing."""

    def resume(self, episode: Episode) -> None:
        """Do nothing."""

    def conclude(self, verdict: Verdict | None) -> None:
        """Do nothing."""

    def note(self, text: str) -> NotedAt:
        """Keep nothing."""
        del text
        return NotedAt.NOWHERE

    def past(self) -> Past | None:
        """There is none."""
        return None

    def forget(self) -> bool:
        """There is nothing to delete."""
        return True


class EpisodeMemory:
    """One conversation as an episode of a store. It begins with the first answer and writes only what has changed."""

    def __init__(
        self,
        store: EpisodeStore,
        now: Callable[[], datetime],
        on_fault: Callable[[CharleyError], None],
        *,
        keeping: bool = True,
        remembering: bool = True,
    ) -> None:
        """`now`: the time, with the person's zone. `on_fault` is told once when the store fails; then nothing is kept.

        `keeping`: False to keep nothing of this conversation, but be able to delete what earlier ones left.
        `remembering`: False to tell nothing of earlier ones either, and to take no note.
        """
        self._store = store
        self._now = now
        self._on_fault = on_fault
        self._keeping = keeping
        self._remembering = remembering
        self._episode: int | None = None
        self._before: tuple[Tried, ...] = ()
        """What was tried before the conversation was cut off."""
        self._kept: tuple[tuple[Answer, ...], tuple[Tried, ...]] = ((), ())

    def keep(self, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        """Write the answers and what was tried, when they are others than those kept before."""
        standing = answers, (*self._before, *tried)
        if not self._keeping or standing == self._kept:
            return
        try:
            if self._episode is None:
                self._episode = self._store.begin(self._now())
            self._store.keep(self._episode, *standing)
            self._kept = standing
        except StorageError as fault:
            self._keeping = False
            self._on_fault(fault)

    def resume(self, episode: Episode) -> None:
        """Go on in the episode's place in the store."""
        self._episode, self._before = episode.id, episode.tried
        self._kept = episode.answers, episode.tried

    def conclude(self, verdict: Verdict | None) -> None:
        """End the episode; `keep` opens it again when an answer is taken back."""
        if not self._keeping or self._episode is None:
            return
        try:
            if verdict is None:
                self._store.conclude(self._episode, None)
            else:
                reasons = tuple(reason.rule for reason in verdict.reasons)
                remedies = tuple(remedy.id for remedy in verdict.remedies)
                self._store.conclude(self._episode, verdict.level, reasons, remedies)
        except StorageError as fault:
            self._keeping = False
            self._on_fault(fault)

    def note(self, text: str) -> NotedAt:
        """Keep a note beside the episode of this conversation; before its first answer, beside the newest one."""
        past = self.past()
        if past is None:
            return NotedAt.NOWHERE
        latest = past.episodes[-1].id if past.episodes else None
        episode = latest if self._episode is None else self._episode
        try:
            if episode is None or not self._store.note(episode, Note(self._now(), text)):
                return NotedAt.NOWHERE
        except StorageError as fault:
            self._on_fault(fault)
            return NotedAt.NOWHERE
        return NotedAt.EARLIER if self._episode is None else NotedAt.THIS

    def past(self) -> Past | None:
        """What the store holds; None where it fails, which is told of."""
        if not self._remembering:
            return None
        try:
            return Past(self._store.all(("place",)), self._now())
        except StorageError as fault:
            self._remembering = False
            self._on_fault(fault)
            return None

    def forget(self) -> bool:
        """Delete the store's file, and keep nothing more of this conversation."""
        self._keeping = False
        try:
            self._store.forget()
        except StorageError as fault:
            self._on_fault(fault)
            return False
        return True
