"""What a conversation remembers while it runs. A failing disk is said once, and the conversation goes on."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from skill.episodes.episode import Episode, Tried
from skill.episodes.store import EpisodeStore
from skill.errors import CharleyError, StorageError
from skill.triage.model import Answer, Verdict


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
    ) -> None:
        """`now`: the time in UTC. `on_fault` is told once when the store fails; after that nothing is kept.

        `keeping`: False to keep nothing of this conversation, but be able to delete what earlier ones left.
        """
        self._store = store
        self._now = now
        self._on_fault = on_fault
        self._keeping = keeping
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

    def forget(self) -> bool:
        """Delete the store's file, and keep nothing more of this conversation."""
        self._keeping = False
        try:
            self._store.forget()
        except StorageError as fault:
            self._on_fault(fault)
            return False
        return True
