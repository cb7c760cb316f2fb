"""What the user may set, in one small TOML file. Everything has a default, and a wrong line costs itself alone."""

import codecs
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Any, Final, Literal

from skill.errors import InstallationError, complain
from skill.system import resources
from skill.system.folders import config_folder, why_unusable
from skill.system.region import territory

PATH: Final = config_folder() / "settings.toml"

#: The limits of `pace` and `volume`.
SLOWEST, FASTEST = 0.6, 2.0
SOFTEST, LOUDEST = 0.3, 2.0
#: The engine that plays what it says itself: nothing of it can be taken out of what the microphone hears.
DISPATCHER: Final = "speech-dispatcher"
ENGINES: Final = ("pyttsx3", "natural", DISPATCHER, "silent")
#: What may stand in braces in `on_verdict`.
FIELDS: Final = ("level", "place", "reasons")
_BRACED: Final = tuple(f"{{{field}}}" for field in FIELDS)
#: The region of somebody whose country is not understood: the number that is known in most countries is said.
UNKNOWN_REGION: Final = "default"


class Detail(StrEnum):
    """How much Charley says, from little to much."""

    BRIEF = "brief"
    """Questions without examples, the advice in its short form, holds counted by sounds alone."""
    NORMAL = "normal"
    FULL = "full"
    """The reason for each question and remedy is said too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of `settings.toml`; each key there has the name of a field here."""

    region: str = ""
    """ISO 3166 territory for the emergency number, such as GB; empty takes it from the system's locale."""
    emergency_number: str = ""
    """Overrides the region's number; digits only."""
    model: str = ""
    """Folder of a standard Vosk model to use in place of Charley's own."""
    engine: str = "pyttsx3"
    """The synthetic voice: pyttsx3, natural, speech-dispatcher or silent."""
    voice: str = ""
    """The engine's name for a voice; empty takes its default."""
    pace: float = 1.0
    """Relative speed of speech, 0.6 to 2."""
    volume: float = 1.0
    """Relative loudness of speech, 0.3 to 2."""
    detail: str = Detail.NORMAL.value
    """How much is said: brief, normal or full."""
    screen_reader: bool = False
    """Captions as plain lines, for a program that reads the terminal aloud."""
    earcons: bool = True
    """Short sounds for listening and understood."""
    interruptible: bool | Literal["auto"] = "auto"
    """Whether Charley listens while it speaks, and takes its own voice out of what the microphone hears.

    auto: as far as that proves safe with this loudspeaker and this microphone.
    """
    remember: bool = True
    """Whether earlier cramps are kept on this machine, for `charley followup` and `charley episodes`."""
    on_verdict: tuple[str, ...] = ()
    """The program, and its arguments, that tells somebody of grave advice; empty tells nobody."""


_Value = str | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What may stand behind a key."""

    read: Callable[[Any], _Value]
    """The value to use. Raises ValueError for one that makes no sense, InstallationError with a reason of its own."""
    expected: str
    """What makes sense there, as in "it must be …"."""


def load_settings(path: Path = PATH) -> tuple[Settings, tuple[InstallationError, ...]]:
    """The settings of a file, and what is wrong with it; no file means the defaults.

    A line that is wrong costs itself alone, and is named; what is safe is taken in its place.
    """
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), ()
    except OSError as unreadable:
        why = why_unusable(path, unreadable)
        return Settings(), (InstallationError(f"The settings in {path} cannot be read ({why}); I go on without them."),)
    settings = Settings()
    problems: list[InstallationError] = []
    for number, line in enumerate(lines, 1):
        changed, problem = _read(line)
        settings = replace(settings, **changed)
        if problem:
            problems.append(InstallationError(f"{path}, line {number}: {problem}"))
    return settings, tuple(problems)


def usable_settings() -> Settings:
    """The user's settings. What is wrong with them is told, and what is safe is taken in its place."""
    settings, problems = load_settings()
    for problem in problems:
        complain(problem)
    if settings.engine == DISPATCHER and settings.interruptible:
        if settings.interruptible is True:
            complain(InstallationError(f"While {DISPATCHER} speaks I hear nobody: press Enter to silence it."))
        settings = replace(settings, interruptible=False)
    return settings


def model_folder(settings: Settings, model: Path | None) -> Path:
    """The model to hear with: the one asked for, else the one in the settings, else Charley's own."""
    return model or (Path(settings.model) if settings.model else resources.MODEL)


def _read(line: bytes) -> tuple[dict[str, Any], str]:
    """The setting that one line of TOML changes, if any, and what is wrong with it, if anything is."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return {}, "this is no UTF-8: save the file as UTF-8."
    try:
        entries, proper = tomllib.loads(text), True
    except (ValueError, RecursionError):  # no TOML, or numbers and brackets beyond all measure
        bare = _BARE.fullmatch(text)
        if bare is None:
            return {}, 'this makes no sense: write a setting as in `region = "GB"`.'
        entries, proper = {bare["key"]: bare["value"].strip(_QUOTES)}, False
    for key, value in entries.items():
        name = key.lower().replace("-", "_")
        if name not in _SETTINGS:
            return {}, f"there is no setting {key!r}: use one of {', '.join(_SETTINGS)}."
        understood, problem = _value(name, value, proper=proper)
        return {name: understood}, problem
    return {}, ""


def _value(name: str, value: Any, *, proper: bool) -> tuple[_Value, str]:
    """What a setting is from now on, and what is wrong with what was written; `proper`: whether that was TOML."""
    setting, default = _SETTINGS[name], getattr(Settings(), name)
    safe, instead = _SAFE.get(name, (default, "the default counts"))
    try:
        understood = setting.read(value)
    except InstallationError as problem:
        return safe, f"{str(problem).rstrip('.')}; until then {instead}."
    except (ValueError, TypeError):
        return safe, f"{name} must be {setting.expected}; until then {instead}."
    if not proper or (isinstance(default, str) and not isinstance(value, str) and understood is not value):
        return understood, f"{name} is taken for {understood!r}: it must be {setting.expected}."
    return understood, ""


def _boolean(value: Any) -> bool:
    return _WORDS.index(str(value).lower()) % 2 == 1


def _auto_or_boolean(value: Any) -> str | bool:
    return "auto" if str(value).lower() == "auto" else _boolean(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    return str(value).strip()


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str]:
    return lambda value: known[known.index(_text(value))]


def _within(least: float, most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        number = math.nan if isinstance(value, bool) else float(value)
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def _region(value: Any) -> str:
    name = _text(value)
    code = territory(name) if name else ""
    if code is None:
        raise ValueError
    return code


def _emergency_number(value: Any) -> str:
    number = re.sub(r"[\s-]", "", _text(value))
    if number and not re.fullmatch(r"[0-9]{2,15}", number):
        raise ValueError
    return number


def _model(value: Any) -> str:
    from skill.listening.vosk_model import require_model

    name = _text(value)
    if not name:
        return ""
    try:
        folder = Path(name).expanduser()
        require_model(folder)
    except (RuntimeError, OSError) as unreachable:  # "~" of nobody known, or a folder of somebody else
        raise ValueError from unreachable
    return str(folder)


def _command(value: Any) -> tuple[str, ...]:
    """Its braces hold fields alone: what else `str.format` can do would read what is none of its business."""
    parts: tuple[Any, ...] = tuple(value) if isinstance(value, list) else (None,)
    if not all(isinstance(part, str) and "\0" not in part for part in parts):
        raise ValueError
    fields = [field for part in parts for _, *field in Formatter().parse(part) if field[0] is not None]
    if any(name not in FIELDS or form or conversion for name, form, conversion in fields) or parts[:1] == ("",):
        raise ValueError
    return parts


#: A setting that is no TOML, most often because its value lacks the quotes.
_BARE: Final = re.compile(r"\s*(?P<key>[\w-]+)\s*=\s*(?P<value>[^#]*?)\s*(?:#.*)?")
#: Straight ones, and those that word processors write.
_QUOTES: Final = "\"'\u2018\u2019\u201c\u201d "
#: Ways to say false, each with the way to say true behind it.
_WORDS: Final = ("false", "true", "no", "yes", "off", "on")
_SETTINGS: Final[Mapping[str, _Setting]] = {
    "region": _Setting(_region, 'a country such as "GB", "UK" or "USA"'),
    "emergency_number": _Setting(_emergency_number, 'digits in quotes, such as "999"'),
    "model": _Setting(_model, "the folder of a Vosk model in quotes"),
    "engine": _Setting(_one_of(ENGINES), f"one of {', '.join(ENGINES)} in quotes"),
    "voice": _Setting(_text, 'a name of `charley voices` in quotes, such as "gmw/en-us"'),
    "pace": _Setting(_within(SLOWEST, FASTEST), f"a number from {SLOWEST} to {FASTEST}"),
    "volume": _Setting(_within(SOFTEST, LOUDEST), f"a number from {SOFTEST} to {LOUDEST}"),
    "detail": _Setting(_one_of(tuple(Detail)), f"one of {', '.join(Detail)} in quotes"),
    "screen_reader": _Setting(_boolean, "true or false"),
    "earcons": _Setting(_boolean, "true or false"),
    "interruptible": _Setting(_auto_or_boolean, '"auto", true or false'),
    "remember": _Setting(_boolean, "true or false"),
    "on_verdict": _Setting(_command, f'a list such as ["notify-send", "{{level}}"], with {", ".join(_BRACED)} at most'),
}
#: What is taken in place of a wrong value where the default is not the safe one: somebody who names a country does not
#: want the locale's number, and somebody who sets `remember` may want nothing kept.
_SAFE: Final[Mapping[str, tuple[_Value, str]]] = {
    "region": (UNKNOWN_REGION, "I say the number that most countries know"),
    "remember": (False, "nothing is kept"),
    "on_verdict": ((), "nobody is told"),
}
