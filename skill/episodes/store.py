"""Keeps episodes in one SQLite file that only its owner can read. Every failure is a StorageError."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import Final

from skill.episodes.episode import Episode
from skill.errors import StorageError
from skill.system.folders import data_folder, why_unusable
from skill.triage.model import Answer, Level

FILE: Final = data_folder() / "episodes.sqlite"

#: The steps from an empty file to the present schema; `PRAGMA user_version` counts those that were taken.
_STEPS: Final = (
    """
    CREATE TABLE episode (
        id INTEGER PRIMARY KEY,
        began TEXT NOT NULL,
        level TEXT,
        ended INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX episode_began ON episode (began);
    CREATE TABLE answer (
        episode INTEGER NOT NULL REFERENCES episode,
        position INTEGER NOT NULL,
        question TEXT NOT NULL,
        value NOT NULL,
        PRIMARY KEY (episode, position)
    );
    """,
)
#: Seconds for which another Charley may hold the file.
_PATIENCE: Final = 2.0
_LEVELS: Final = {level.id: level for level in Level}


class EpisodeStore:
    """The file of episodes. It comes into being with the first episode, and is open from the first use to `close`."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        """Device and inode of the open file: another Charley may have deleted it since, to forget everything."""

    def begin(self, began: datetime) -> int:
        """Open a new episode; returns its id."""
        with self._used(create=True) as database, database:
            return database.execute("INSERT INTO episode (began) VALUES (?)", (_text(began),)).lastrowid or 0

    def keep(self, episode: int, answers: tuple[Answer, ...]) -> None:
        """Replace the answers of an episode, which is open (again) then. They survive a kill of this process.

        Nothing is kept of an episode that was forgotten meanwhile.
        """
        rows = [(episode, position, answer.question, answer.value) for position, answer in enumerate(answers)]
        with self._used(create=True) as database, database:
            if not database.execute("UPDATE episode SET level = NULL, ended = 0 WHERE id = ?", (episode,)).rowcount:
                return
            database.execute("DELETE FROM answer WHERE episode = ?", (episode,))
            database.executemany("INSERT INTO answer VALUES (?, ?, ?, ?)", rows)

    def conclude(self, episode: int, level: Level | None) -> None:
        """End an episode; `level` is what was advised, if anything was."""
        with self._used(create=True) as database, database:
            named = None if level is None else level.id
            database.execute("UPDATE episode SET level = ?, ended = 1 WHERE id = ?", (named, episode))

    def all(self) -> tuple[Episode, ...]:
        """Every episode, the oldest first; none where there is no file."""
        with self._guarded():
            if not self._file.exists():
                return ()
        with self._used(create=False) as database:
            query = "SELECT id, began, level, ended FROM episode ORDER BY began, id"
            return tuple(
                Episode(
                    number,
                    _moment(began),
                    self._answers(database, number),
                    None if level is None else _LEVELS[level],
                    bool(ended),
                )
                for number, began, level, ended in database.execute(query).fetchall()
            )

    def forget(self) -> None:
        """Delete every episode and the file itself; it makes no difference whether there was one, or a damaged one."""
        self.close()
        with self._guarded():
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._file}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            with self._guarded(), closing(self._connection):
                self._connection = self._opened = None

    def _answers(self, database: sqlite3.Connection, episode: int) -> tuple[Answer, ...]:
        rows = database.execute("SELECT question, value FROM answer WHERE episode = ? ORDER BY position", (episode,))
        return tuple(Answer(question, value) for question, value in rows)

    @contextmanager
    def _used(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        with self._guarded():
            if self._connection is not None and self._opened != self._identity():
                self.close()
            if self._connection is None:
                self._connection = self._open(create=create)
                self._opened = self._identity()
            yield self._connection

    def _identity(self) -> tuple[int, int] | None:
        """Which file lies there now, if any."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever goes wrong with the file or its content becomes one sentence."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as problem:
            raise StorageError(
                f"The memory of earlier cramps in {self._file} cannot be used "
                f"({why_unusable(self._file, problem)}, or start afresh with `charley episodes --forget`)."
            ) from problem

    def _open(self, *, create: bool) -> sqlite3.Connection:
        if create:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(self._file, timeout=_PATIENCE)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            _migrate(database)
        except BaseException:
            database.close()
            raise
        return database


def _migrate(database: sqlite3.Connection) -> None:
    """Take the steps that the file lacks, each in a transaction of its own."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(_STEPS):
        raise ValueError(f"a newer Charley wrote it, in version {version}")
    for number, step in enumerate(_STEPS[version:], version + 1):
        database.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version = {number}; COMMIT;")


def _moment(text: str) -> datetime:
    """UTC where no zone is named. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if not MINYEAR < moment.year < MAXYEAR:
        raise ValueError(f"{text} is no date")  # not every zone has it
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
