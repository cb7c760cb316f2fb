"""What tells somebody else of grave advice, where the person wants that."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tidings:
    """What somebody is told."""

    level: str
    """The advice: `emergency`, `urgent`, `soon` or `self_care`."""
    place: str
    """Where it cramps; empty where that was never said."""
    reasons: str
    """Why, as it is spoken, the most urgent first."""


class Teller(Protocol):
    """Something that tells somebody. Which advice is worth it, the teller knows."""

    def tell(self, tidings: Tidings) -> None:
        """Pass the advice on, and return at once. Never raises: the advice is said whatever becomes of it."""
        ...

    def has_failed(self) -> bool:
        """Whether nobody could be told; true once, so that it is said once."""
        ...


class NoTeller:
    """Tells nobody."""

    def tell(self, tidings: Tidings) -> None:
        """Keep it to yourself."""

    def has_failed(self) -> bool:
        """There is nothing to fail."""
        return False
