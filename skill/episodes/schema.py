"""The tables of the file of episodes, and how an older file comes to have them."""

import sqlite3
from typing import Final

#: The steps from an empty file to the present schema; `PRAGMA user_version` counts those that were taken.
_STEPS: Final = (
    (
        """CREATE TABLE episode (
            id INTEGER PRIMARY KEY,
            began TEXT NOT NULL,
            level TEXT,
            ended INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX episode_began ON episode (began)",
        """CREATE TABLE answer (
            episode INTEGER NOT NULL REFERENCES episode,
            position INTEGER NOT NULL,
            question TEXT NOT NULL,
            value NOT NULL,
            PRIMARY KEY (episode, position)
        )""",
    ),
    (
        """CREATE TABLE tried (
            episode INTEGER NOT NULL REFERENCES episode,
            position INTEGER NOT NULL,
            remedy TEXT NOT NULL,
            effect TEXT,
            seconds INTEGER,
            PRIMARY KEY (episode, position)
        )""",
        """CREATE TABLE advised (
            episode INTEGER NOT NULL REFERENCES episode,
            kind TEXT NOT NULL,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (episode, kind, position)
        )""",
        """CREATE TABLE note (
            episode INTEGER NOT NULL REFERENCES episode,
            position INTEGER NOT NULL,
            noted TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (episode, position)
        )""",
    ),
)


class NewerError(Exception):
    """The file has a schema that this Charley does not know."""


def migrate(database: sqlite3.Connection) -> None:
    """Take the steps that the file lacks, all or none of them; another Charley may be doing the same."""
    if version(database) == len(_STEPS):
        return
    with database:
        database.execute("BEGIN IMMEDIATE")
        for step in _STEPS[version(database) :]:
            for statement in step:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(_STEPS)}")


def version(database: sqlite3.Connection) -> int:
    """How many of the steps the file has taken. Raises NewerError when they are more than this Charley knows."""
    (taken,) = database.execute("PRAGMA user_version").fetchone()
    if taken > len(_STEPS):
        raise NewerError
    return int(taken)
