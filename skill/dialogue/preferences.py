"""What a person wishes to keep from now on: a setting changed by voice is written back to the settings file."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from skill.errors import CharleyError, StorageError
from skill.settings import PATH
from skill.system.folders import why_unusable


class Preferences(Protocol):
    """Something that remembers a setting."""

    def keep(self, setting: str, value: float | str) -> None:
        """Remember it for the next conversation. Never raises: a wish that cannot be kept still holds for this one."""
        ...


class SettingsFile:
    """Changes one key of the settings file; every other line, comments included, stays as the person wrote it."""

    def __init__(self, on_fault: Callable[[CharleyError], None], path: Path = PATH) -> None:
        """`on_fault` is told once that the file cannot be changed: damaged, read-only, or on a full disk."""
        self._on_fault = on_fault
        self._path = path
        self._faulty = False

    def keep(self, setting: str, value: float | str) -> None:
        """Write the key; nothing happens after a fault but that it is said once."""
        from tomlkit.exceptions import TOMLKitError

        try:
            self._write(setting, value)
        except (OSError, UnicodeDecodeError, TOMLKitError) as problem:
            if not self._faulty:
                self._faulty = True
                damaged = not isinstance(problem, OSError)
                why = f"{problem}: mend or delete the file" if damaged else why_unusable(self._path, problem)
                self._on_fault(StorageError(f"The setting cannot be kept in {self._path} ({why})."))

    def _write(self, setting: str, value: float | str) -> None:
        """Whole or not at all: a full disk must not cost the other settings."""
        import tomlkit

        file = self._path.resolve()  # a linked file stays a link
        file.parent.mkdir(parents=True, exist_ok=True)
        document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
        if file.exists() and not os.access(file, os.W_OK):
            raise PermissionError("it is read-only")
        document[setting] = value
        part = file.with_suffix(".part")
        part.write_text(tomlkit.dumps(document), encoding="utf-8")
        if file.exists():
            shutil.copymode(file, part)
        part.replace(file)


class Forgetful:
    """Keeps nothing: for demos and for conversations that nobody sits at."""

    def keep(self, setting: str, value: float | str) -> None:
        """Do nothing."""
