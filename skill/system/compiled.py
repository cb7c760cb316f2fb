"""Data made of their sources once and kept as JSON, so that later starts need not make them again.

A file has the hash of its sources in its name and that of its content in its first line. What was made when the wheel
was built lies in the package, everything else in the user's cache. A damaged file counts as none, and where none can be
kept the data are made at each start.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skill.system import resources
from skill.system.folders import cache_folder

#: Files of one name that are kept: those of other installations, and of the last changes of this one.
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Compiled:
    """One set of data."""

    name: str
    sources: Callable[[], Iterable[Path]]
    """The files that it is made of, the code that makes it among them."""
    make: Callable[[], Any]
    """Makes it anew: values that JSON has."""

    def load(self) -> Any:
        """The data as JSON gives them back. Raises what `make` raises."""
        key, home = self._key(), user_folder()
        for folder in (resources.COMPILED, home):
            known = _read(folder / self._file(key)) if key else None
            if known is not None:
                return known
        content = _content(self.make())
        if key and key == self._key():  # no source was changed meanwhile
            with suppress(OSError):
                self._keep(home, key, content)
        return json.loads(content)

    def fresh(self) -> Any:
        """The same, made anew and not kept. Raises what `make` raises."""
        return json.loads(_content(self.make()))

    def ship(self, folder: Path) -> Path:
        """Keep the data, made anew, in `folder`, for everybody to read. Raises OSError and what `make` raises."""
        file = self._keep(folder, self._key() or "", _content(self.make()))
        file.chmod(0o644)
        return file

    def _key(self) -> str | None:
        """What the sources hold, in 24 letters; None where one cannot be read, as `make` will say."""
        digest = hashlib.sha256()
        try:
            for path in sorted(self.sources(), key=lambda path: path.name):
                held = path.read_bytes()
                digest.update(f"{path.name} {len(held)}\n".encode())
                digest.update(held)
        except OSError:
            return None
        return digest.hexdigest()[:24]

    def _file(self, key: str) -> str:
        return f"{self.name}@{key}.json"

    def _keep(self, folder: Path, key: str, content: bytes) -> Path:
        """Whole or not at all, also when two Charleys do so at once; for nobody else to read."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder, prefix=f"{self.name}@", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            kept = Path(part).replace(folder / self._file(key))
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
        by_age = sorted(folder.glob(f"{self.name}@*"), key=lambda file: file.stat().st_mtime)
        for old in by_age[:-_KEPT]:
            old.unlink(missing_ok=True)
        return kept


def _content(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _read(file: Path) -> Any:
    """What the file holds; None where it is missing or damaged."""
    try:
        checksum, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(content) if hashlib.sha256(content).hexdigest().encode() == checksum else None


def user_folder() -> Path:
    """Where the user's own are kept; nothing is made here."""
    return cache_folder() / "compiled"
