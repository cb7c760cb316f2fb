"""Keeps episodes in one SQLite file that only its owner can read. Every failure is a StorageError."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from skill.episodes.episode import Effect, Episode, Note, Tried
from skill.episodes.schema import NewerError, migrate, version
from skill.errors import StorageError
from skill.system.folders import data_folder, why_unusable
from skill.triage.model import UNANSWERED, Answer, Level

FILE: Final = data_folder() / "episodes.sqlite"

#: The kinds of names in the table `advised`.
_REASON: Final = "reason"
_REMEDY: Final = "remedy"
#: Seconds for which another Charley may hold the file.
_PATIENCE: Final = 2.0
_LEVELS: Final = {level.id: level for level in Level}


_Part = TypeVar("_Part")


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

    def keep(self, episode: int, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        """Replace answers and remedies of an episode, which is open (again) then. They survive a kill of this process.

        Nothing is kept of an episode that was forgotten meanwhile.
        """
        with self._used(create=True) as database, database:
            if not database.execute("UPDATE episode SET level = NULL, ended = 0 WHERE id = ?", (episode,)).rowcount:
                return
            for table in ("answer", "tried", "advised"):
                database.execute(f"DELETE FROM {table} WHERE episode = ?", (episode,))
            answered = ((episode, position, one.question, one.value) for position, one in enumerate(answers))
            database.executemany("INSERT INTO answer VALUES (?, ?, ?, ?)", answered)
            remedies = ((episode, position, one.remedy, one.effect, one.seconds) for position, one in enumerate(tried))
            database.executemany("INSERT INTO tried VALUES (?, ?, ?, ?, ?)", remedies)

    def conclude(
        self, episode: int, level: Level | None, reasons: tuple[str, ...] = (), remedies: tuple[str, ...] = ()
    ) -> None:
        """End an episode; `level` is what was advised, if anything was, for which reasons and with which remedies.

        Nothing is kept of an episode that was forgotten meanwhile.
        """
        rows = [
            (episode, kind, position, name)
            for kind, names in ((_REASON, reasons), (_REMEDY, remedies))
            for position, name in enumerate(names)
        ]
        with self._used(create=True) as database, database:
            named = None if level is None else level.id
            if database.execute("UPDATE episode SET level = ?, ended = 1 WHERE id = ?", (named, episode)).rowcount:
                database.execute("DELETE FROM advised WHERE episode = ?", (episode,))
                database.executemany("INSERT INTO advised VALUES (?, ?, ?, ?)", rows)

    def note(self, episode: int, note: Note) -> bool:
        """Add a note to an episode; False where that was forgotten meanwhile."""
        with self._used(create=True) as database, database:
            if database.execute("SELECT 1 FROM episode WHERE id = ?", (episode,)).fetchone() is None:
                return False
            (position,) = database.execute("SELECT count(*) FROM note WHERE episode = ?", (episode,)).fetchone()
            row = (episode, position, _text(note.noted), note.text)
            database.execute("INSERT INTO note VALUES (?, ?, ?, ?)", row)
            return True

    def all(self, questions: Collection[str] | None = None, since: datetime | None = None) -> tuple[Episode, ...]:
        """Every episode, the oldest first; none where there is no file.

        `questions`: only the answers to these. `since`: only episodes that began then or later.
        """
        with self._guarded():
            if not self._file.exists():
                return ()
        with self._used(create=False) as database, database:
            database.execute("BEGIN")  # another Charley may write meanwhile
            return tuple(_episodes(database, questions, "" if since is None else _text(since)))

    def count(self, question: str, before: datetime) -> int:
        """How many episodes that began earlier have an answer to this question."""
        with self._guarded():
            if not self._file.exists():
                return 0
        with self._used(create=False) as database:
            (number,) = database.execute(
                """SELECT count(*) FROM episode WHERE began < ? AND EXISTS (
                    SELECT 1 FROM answer WHERE episode = id AND question = ? AND value != ?)""",
                (_text(before), question, UNANSWERED),
            ).fetchone()
            return int(number)

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
        except NewerError as problem:
            raise StorageError(
                f"The memory of earlier cramps in {self._file} was written by a newer Charley and stays as it is: "
                "update this one to use it."
            ) from problem
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
            version(database)  # what a newer Charley has written stays untouched
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            migrate(database)
        except BaseException:
            database.close()
            raise
        return database


def _episodes(database: sqlite3.Connection, questions: Collection[str] | None, since: str) -> Iterator[Episode]:
    """Whole tables at once: a query for each of 5,000 episodes would take a second. `since`: empty for all times."""
    wanted = "NOT (typeof(began) = 'text' AND began < ?)"  # what is no time is damage, and no time long ago

    def parts(columns: str, table: str, make: Callable[..., _Part], *only: str) -> dict[int, list[_Part]]:
        """What the rows of a table make, by episode. `only`: the questions to which answers are wanted, if not all."""
        query = f"SELECT episode, {columns} FROM {table} WHERE episode IN (SELECT id FROM episode WHERE {wanted})"
        if only:
            query += f" AND question IN ({', '.join('?' * len(only))})"
        found: defaultdict[int, list[_Part]] = defaultdict(list)
        for episode, *row in database.execute(f"{query} ORDER BY position", (since, *only)):
            found[episode].append(make(*row))
        return found

    answers = parts("question, value", "answer", Answer, *(questions or ()))
    tried = parts("remedy, effect, seconds", "tried", _tried)
    notes = parts("noted, text", "note", _note)
    advised = parts("kind, name", "advised", lambda *kind_and_name: kind_and_name)
    query = f"SELECT id, began, level, ended FROM episode WHERE {wanted} ORDER BY began, id"
    for number, began, level, ended in database.execute(query, (since,)):
        yield Episode(
            number,
            _moment(began),
            tuple(answers.get(number, ())),
            None if level is None else _LEVELS[level],
            bool(ended),
            tuple(tried.get(number, ())),
            tuple(name for kind, name in advised.get(number, ()) if kind == _REASON),
            tuple(name for kind, name in advised.get(number, ()) if kind == _REMEDY),
            tuple(notes.get(number, ())),
        )


def _tried(remedy: str, effect: str | None, seconds: int | None) -> Tried:
    return Tried(remedy, None if effect is None else Effect(effect), seconds)


def _note(noted: str, text: str) -> Note:
    return Note(_moment(noted), text)


def _moment(text: str) -> datetime:
    """UTC where no zone is named. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if not MINYEAR < moment.year < MAXYEAR:
        raise ValueError(f"{text} is no date")  # not every zone has it
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
