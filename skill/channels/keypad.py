"""The keys of a telephone beside the caller's voice: one means yes, two means no.

A key counts when the same word would, said aloud. A yes or a no that comes before its question has been put in full
waits for the end of it; one that comes before the question has begun is none.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from skill.channels.line import Line
from skill.errors import InstallationError
from skill.listening.ear import CLOSED, SILENCE, Ear, Ending, Heard, Turn, typed
from skill.listening.source import Samples, Source
from skill.system import resources

_FILE: Final = resources.GRAMMARS / "words" / "keypad.yaml"
#: Seconds of sound that pass between two looks at the keys.
_BLOCK: Final = 0.04
#: The entry for all keys that have none.
_OTHER: Final = "other"


@cache
def key_words() -> Mapping[str, str]:
    """By key, the word that it stands for. Raises InstallationError."""
    from skill.system.yaml_file import YAMLError, load_yaml

    try:
        words = {str(key): str(word) for key, word in load_yaml(_FILE.read_text(encoding="utf-8")).items()}
        return {_OTHER: words[_OTHER], **words}
    except (OSError, YAMLError, AttributeError, KeyError) as problem:
        raise InstallationError(f"{_FILE} is missing or wrong ({problem!r}): install Charley again.") from problem


class Keypad:
    """The keys that were pressed on a line, as words."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._words = key_words()
        self._counts: Callable[[Heard], bool] = lambda _: True

    def count(self, counts: Callable[[Heard], bool]) -> None:
        """From now on only keys count that `counts` is true of."""
        self._counts = counts

    def forget(self) -> None:
        """What was pressed so far means nothing any more."""
        self._line.forget_keys()

    @property
    def echoes(self) -> bool:
        """Whether the line may not be listened to while Charley speaks."""
        return self._line.echoes

    def read(self, seconds: float) -> Samples | None:
        """Let sound pass unheard; None while a key waits that counts, and once the call is over."""
        return None if self.pressed else self._line.read(seconds)

    @property
    def pressed(self) -> Heard | None:
        """The first key that counts; None where there is none."""
        words = (typed(self._words.get(key, self._words[_OTHER])) for key in self._line.pressed)
        return next(filter(self._counts, words), None)


class KeyedSource:
    """A source that ends as soon as a key counts, so that whoever listens to it can be told."""

    def __init__(self, source: Source, keypad: Keypad) -> None:
        self._source = source
        self._keypad = keypad

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        """The next sound; None while a key waits that counts."""
        return None if self._keypad.pressed else self._source.read(seconds)

    def skip(self) -> None:
        """Forget the sound that has arrived but was not read."""
        self._source.skip()

    def close(self) -> None:
        """Release the source."""
        self._source.close()


class KeypadEar:
    """Takes what is said or what is pressed, whichever comes first."""

    def __init__(self, ear: Ear, keypad: Keypad, on_turn: Callable[[Turn], None] | None = None) -> None:
        """`ear` must listen to a KeyedSource of the same keypad. `on_turn` hears of each turn that begins."""
        self._ear = ear
        self._keypad = keypad
        self._on_turn = on_turn

    def listen(self, turn: Turn) -> Heard:
        """Wait for one utterance or one key, one of those that were pressed while the question was put included."""
        self._keypad.count(lambda _: True)
        if self._on_turn is not None:
            self._on_turn(turn)
        heard = self._ear.listen(turn)
        return self._taken() or heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Listen for what breaks in; a key whose word does, breaks in too."""
        self._keypad.forget()
        self._keypad.count(turn.breaks_in)
        heard = self._overhear(turn, playing)
        return heard if heard.ending is Ending.SPEECH else self._taken() or heard

    def close(self) -> None:
        """Release the ear; the line belongs to somebody else."""
        self._ear.close()

    def _overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """By ear, unless Charley's own words come back: then by keys alone, lest Charley answers itself."""
        while self._keypad.echoes and playing():
            if self._keypad.read(_BLOCK) is None:
                return CLOSED
        return SILENCE if self._keypad.echoes else self._ear.overhear(turn, playing)

    def _taken(self) -> Heard | None:
        pressed = self._keypad.pressed
        if pressed is not None:
            self._keypad.forget()
        return pressed
