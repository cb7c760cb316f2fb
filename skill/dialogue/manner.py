"""How Charley speaks to this person: pace, loudness and detail, changed by voice at once and from then on."""

from dataclasses import replace
from typing import Final

from skill.dialogue.preferences import Preferences
from skill.settings import FASTEST, LOUDEST, SLOWEST, SOFTEST, Detail
from skill.speaking.voice import Voice
from skill.understanding.meanings import Command

#: The pace and the loudness change by this factor at each "slower" or "louder".
STEP: Final = 1.2

#: The commands that change the manner.
WISHES: Final = frozenset(
    {Command.SLOWER, Command.FASTER, Command.LOUDER, Command.QUIETER, Command.BRIEF, Command.EXPLAIN}
)
_DETAILS: Final = tuple(Detail)


class Manner:
    """The manner of one conversation; every change is kept for the next one."""

    def __init__(self, voice: Voice, preferences: Preferences, detail: Detail = Detail.NORMAL) -> None:
        self.detail = detail
        self._voice = voice
        self._preferences = preferences

    @property
    def brief(self) -> bool:
        """Whether only the most important is said."""
        return self.detail is Detail.BRIEF

    @property
    def full(self) -> bool:
        """Whether reasons are said unasked."""
        return self.detail is Detail.FULL

    def change(self, wish: Command) -> None:
        """Carry out one of WISHES, a step at a time."""
        match wish:
            case Command.SLOWER | Command.FASTER:
                self._change_pace(STEP if wish is Command.FASTER else 1 / STEP)
            case Command.LOUDER | Command.QUIETER:
                self._change_volume(STEP if wish is Command.LOUDER else 1 / STEP)
            case _:
                self._change_detail(-1 if wish is Command.BRIEF else 1)

    def _change_pace(self, factor: float) -> None:
        pace = round(min(FASTEST, max(SLOWEST, self._voice.delivery.pace * factor)), 2)
        self._voice.delivery = replace(self._voice.delivery, pace=pace)
        self._preferences.keep("pace", pace)

    def _change_volume(self, factor: float) -> None:
        volume = round(min(LOUDEST, max(SOFTEST, self._voice.delivery.volume * factor)), 2)
        self._voice.delivery = replace(self._voice.delivery, volume=volume)
        self._preferences.keep("volume", volume)

    def _change_detail(self, step: int) -> None:
        position = _DETAILS.index(self.detail) + step
        self.detail = _DETAILS[min(len(_DETAILS) - 1, max(0, position))]
        self._preferences.keep("detail", self.detail.value)
