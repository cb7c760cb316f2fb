"""What the user may set, in one small TOML file; everything has a default."""

import locale
import os
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Final

from platformdirs import user_config_path

from skill.errors import InstallationError, complain
from skill.system import resources

PATH: Final = user_config_path("charley") / "settings.toml"


class Detail(StrEnum):
    """How much Charley says, from little to much."""

    BRIEF = "brief"
    """Questions without examples, the advice in its short form, holds counted by sounds alone."""
    NORMAL = "normal"
    FULL = "full"
    """The reason for each question and remedy is said too."""


#: ISO 3166 territory that is taken when the locale names none.
_NOWHERE: Final = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of `settings.toml`; each key there has the name of a field here."""

    region: str = ""
    """ISO 3166 territory for the emergency number, such as GB; empty takes it from the system's locale."""
    emergency_number: str = ""
    """Overrides the region's number."""
    model: str = ""
    """Folder of a standard Vosk model to use in place of Charley's own."""
    engine: str = "pyttsx3"
    """The synthetic voice: pyttsx3, natural or silent."""
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
    interruptible: bool = False
    """Whether Charley listens while it speaks, and takes its own voice out of what the microphone hears."""
    remember: bool = True
    """Whether earlier cramps are kept on this machine, for `charley followup` and `charley episodes`."""


def load_settings(path: Path = PATH) -> Settings:
    """Read the file; no file means the defaults. Raises InstallationError for a damaged file or a wrong value."""
    if not path.is_file():
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InstallationError(
            f"The settings in {path} cannot be read ({problem}): mend or delete the file."
        ) from problem
    types = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}
    for key, value in values.items():
        if key not in types:
            raise InstallationError(f"{path} has an unknown setting {key!r}: use one of {', '.join(types)}.")
        if types[key] is float and type(value) is int:
            values[key] = float(value)
        elif type(value) is not types[key]:
            raise InstallationError(
                f"{path}: {key} must be of type {types[key].__name__}, as in {getattr(Settings(), key)!r}."
            )
    if values.get("detail", Detail.NORMAL) not in tuple(Detail):
        raise InstallationError(f"{path}: detail must be one of {', '.join(Detail)}.")
    return Settings(**values)


def usable_settings() -> Settings:
    """The user's settings; damaged ones are said to be so, and the defaults serve."""
    try:
        return load_settings()
    except InstallationError as damaged:
        complain(damaged)
        return Settings()


def model_folder(settings: Settings, model: Path | None) -> Path:
    """The model to hear with: the one asked for, else the one in the settings, else Charley's own."""
    if model is not None:
        return model
    return Path(settings.model).expanduser() if settings.model else resources.MODEL


def territory(settings: Settings) -> str:
    """The ISO 3166 territory to use: the setting, else the system's locale (`en_GB.UTF-8` is GB), else `default`."""
    if settings.region:
        return settings.region.upper()
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        name = locale.normalize(os.environ.get(variable, "")).partition(".")[0]
        if "_" in name:
            return name.partition("_")[2].upper()
    return _NOWHERE
