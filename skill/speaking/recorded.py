"""Sentences that need no voice: recordings in the package, made by `make_recordings` from the emergency advice."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from skill.speaking.voice import Clip

FOLDER: Final = Path(__file__).resolve().parent / "recordings"
#: What the recordings say: file name and text; `{number}` in a text stands for any number.
INDEX: Final = FOLDER / "index.json"
SLOT: Final = "{number}"


def recorded(sentence: str) -> Clip | None:
    """The recording of this sentence, or of the same sentence with "your emergency number"; None where there is none.

    Never raises: this is what speaks when everything else has failed.
    """
    try:
        return _load(next((name for name, text in _index() if text.fullmatch(sentence)), None))
    except (OSError, ValueError, RuntimeError):  # damaged files, or no libsndfile
        return None


@cache
def _index() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The exact texts come first."""
    entries = json.loads(INDEX.read_text(encoding="utf-8")).items()
    return tuple(
        (name, re.compile(re.escape(text).replace(re.escape(SLOT), ".+")))
        for name, text in sorted(entries, key=lambda entry: SLOT in entry[1])
    )


def _load(name: str | None) -> Clip | None:
    if name is None:
        return None
    import soundfile

    samples, rate = soundfile.read(FOLDER / name, dtype="int16")
    return Clip(samples, rate)
