"""Sentences that need no voice: recordings in the package, made by `make_recordings` of the first words, which must
come at once, and of the emergency advice, which must come in any case.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.voice import Clip, Delivery

#: The identity of the engine that spoke them, in its own delivery.
VOICE: Final = f"pyttsx3 {DEFAULT_VOICE}"
FOLDER: Final = Path(__file__).resolve().parent / "recordings"
#: What the recordings say: file name and text; `{number}` in a text stands for any number.
INDEX: Final = FOLDER / "index.json"
SLOT: Final = "{number}"


def recorded(sentence: str) -> Clip | None:
    """The recording of this sentence, or of the same sentence with "your emergency number"; None where there is none.

    Never raises: this is what speaks when everything else has failed.
    """
    return _load(lambda text: text.fullmatch(sentence) is not None)


def as_rendered(identity: str, sentence: str, delivery: Delivery) -> Clip | None:
    """The recording of this very sentence, if it is what the engine `identity` would render; None where it is not."""
    if (identity, delivery) != (VOICE, Delivery()):
        return None
    return _load(lambda text: text.pattern == re.escape(sentence))


@cache
def _index() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The exact texts come first."""
    entries = json.loads(INDEX.read_text(encoding="utf-8")).items()
    return tuple(
        (name, re.compile(re.escape(text).replace(re.escape(SLOT), ".+")))
        for name, text in sorted(entries, key=lambda entry: SLOT in entry[1])
    )


def _load(wanted: Callable[[re.Pattern[str]], bool]) -> Clip | None:
    try:
        name = next((name for name, text in _index() if wanted(text)), None)
        if name is None:
            return None
        import soundfile

        samples, rate = soundfile.read(FOLDER / name, dtype="int16")
        return Clip(samples, rate)
    except (OSError, ValueError, RuntimeError):  # damaged files, or no libsndfile
        return None
