"""An ear that hears what a script says: for tests and for examples of the dialogue."""

from collections.abc import Callable, Iterable, Mapping

from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Phrase, Turn
from skill.system.clock import Clock


def spoken(text: str, confidence: float = 1.0) -> Heard:
    """`text` as one phrase heard with this confidence; an empty text is silence."""
    return Heard(Ending.SPEECH, (Phrase(text, confidence),)) if text else SILENCE


class ScriptedEar:
    """Answers each turn by its name with the next entry of the script; silence where the script has none."""

    def __init__(self, script: Mapping[str, Iterable[Heard | str]], clock: Clock) -> None:
        """`script`: by turn name, what is heard one time after the other; "" is silence. Silence takes its patience."""
        self._script = {name: iter(entries) for name, entries in script.items()}
        self._clock = clock
        self.closed = False

    def listen(self, turn: Turn) -> Heard:
        """The next entry for this turn."""
        entry = next(self._script.get(turn.name, iter(())), SILENCE)
        heard = spoken(entry) if isinstance(entry, str) else entry
        if heard is not CLOSED and heard.ending is Ending.SILENCE:
            self._clock.sleep(turn.patience)
        return heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """The next entry for the interrupting turn, if the script has one and it counts there."""
        heard = self.listen(Turn(turn.name, turn.grammar, 0.0)) if playing() else SILENCE
        return heard if heard is CLOSED or turn.breaks_in(heard) else SILENCE

    def close(self) -> None:
        """Remember that the ear was closed."""
        self.closed = True
