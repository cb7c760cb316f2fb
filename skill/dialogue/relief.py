"""What was tried against the cramp in this conversation, and after how many seconds it eased."""

from skill.episodes.episode import Effect, Tried
from skill.system.clock import Clock
from skill.triage.condition import certain
from skill.triage.interview import Interview
from skill.triage.model import NO, YES, Answer

#: What a word that ended a hold says of the remedy itself, by its value in the grammar `coaching`.
_WORSE = frozenset({"worse", "hurts"})


class ReliefLog:
    """Holds the times against the history of the interview, which alone says what was tried and how it went."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: dict[str, float] = {}
        self._told: dict[str, tuple[Effect, int]] = {}
        self._hurt: set[str] = set()

    def begin(self, remedy: str) -> None:
        """The first instruction of this remedy, or another one, comes now."""
        self._begun.setdefault(remedy, self._clock.now())
        self._hurt.discard(remedy)

    def ended(self, remedy: str, sign: str | None) -> None:
        """Its hold ended with this word; None when time ended it."""
        if sign in _WORSE:
            self._hurt.add(remedy)

    def tried(self, interview: Interview) -> tuple[Tried, ...]:
        """All that was tried so far, each with its effect and the time at which that was first told."""
        effects = _effects(interview)
        for undone in (self._begun.keys() | self._told.keys()) - effects.keys():
            self._begun.pop(undone, None)
            self._told.pop(undone, None)
        for remedy, effect in effects.items():
            if effect is None:
                self._told.pop(remedy, None)
                continue
            meant = Effect.WORSE if effect is Effect.NOT_EASED and remedy in self._hurt else effect
            if self._told.get(remedy, (None, 0))[0] is not meant:
                began = self._begun.get(remedy, self._clock.now())
                self._told[remedy] = meant, round(self._clock.now() - began)
        return tuple(Tried(remedy, *self._told.get(remedy, (None, None))) for remedy in effects)


def _effects(interview: Interview) -> dict[str, Effect | None]:
    """By remedy, in the order of their beginning: what the answers after it say of the one that was tried last."""
    protocol = interview.protocol
    effects: dict[str, Effect | None] = {}
    last: str | None = None
    for entry in interview.history:
        if not isinstance(entry, Answer):
            last = entry.remedy
            effects[last] = None
        elif last is not None and entry.question == protocol.eased:
            effects[last] = {YES: Effect.EASED, NO: Effect.NOT_EASED}.get(str(entry.value))
        elif last is not None and certain(protocol.passed, {entry.question: entry.value}):
            effects[last] = Effect.EASED
    return effects
