"""Real SQLite files: what is kept, who may read it, and what happens to a file that is damaged, old or too new."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skill.episodes.episode import Effect, Episode, Note, Tried, to_json
from skill.episodes.store import EpisodeStore
from skill.errors import StorageError
from skill.triage.model import UNANSWERED, Answer, Level

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CALF = (Answer("emergency", "no"), Answer("place", "calf"), Answer("how_long", 120))
STRETCHED = (Tried("ease_leg", None, None), Tried("calf_stretch", Effect.EASED, 40))
FOOTBALL = Note(MONDAY, "it was after football")


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "charley" / "episodes.sqlite"


def test_an_episode_comes_back_as_it_was_kept(file: Path) -> None:
    store = EpisodeStore(file)
    number = store.begin(MONDAY)
    store.keep(number, CALF)
    store.conclude(number, Level.SOON)
    store.close()
    assert EpisodeStore(file).all() == (Episode(number, MONDAY, CALF, Level.SOON, ended=True),)


def test_without_a_file_there_are_no_episodes_and_none_is_made_by_looking(file: Path) -> None:
    assert EpisodeStore(file).all() == ()
    assert not file.parent.exists()


def test_episodes_come_in_the_order_of_their_beginning(file: Path) -> None:
    store = EpisodeStore(file)
    for days in (3, 40, 1):
        store.begin(MONDAY - timedelta(days=days))
    assert [(MONDAY - episode.began).days for episode in store.all()] == [40, 3, 1]


def test_only_the_owner_can_read_the_file_and_its_folder(file: Path) -> None:
    store = EpisodeStore(file)
    store.keep(store.begin(MONDAY), CALF)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in file.parent.iterdir()} == {0o600}


def test_new_answers_replace_those_kept_before_and_open_the_episode_again(file: Path) -> None:
    store = EpisodeStore(file)
    number = store.begin(MONDAY)
    store.keep(number, CALF)
    store.conclude(number, Level.EMERGENCY)
    store.keep(number, CALF[:1])
    assert store.all() == (Episode(number, MONDAY, CALF[:1], None, ended=False),)


def test_the_answers_survive_a_kill_in_the_middle(file: Path) -> None:
    script = (
        "import os, signal, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from skill.episodes.store import EpisodeStore; from skill.triage.model import Answer\n"
        "store = EpisodeStore(Path(sys.argv[1])); number = store.begin(datetime.now(UTC))\n"
        "store.keep(number, (Answer('place', 'calf'),)); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(file)], check=False)
    assert killed.returncode < 0
    (latest,) = EpisodeStore(file).all()
    assert (latest.answers, latest.ended) == ((Answer("place", "calf"),), False)


def test_forgetting_removes_the_file_and_its_companions(file: Path) -> None:
    store = EpisodeStore(file)
    store.keep(store.begin(MONDAY), CALF)
    store.forget()
    assert list(file.parent.iterdir()) == []
    assert store.all() == ()


def test_forgetting_nothing_is_no_error(file: Path) -> None:
    EpisodeStore(file).forget()


def test_a_file_of_version_0_is_brought_to_the_present_one(file: Path) -> None:
    file.parent.mkdir()
    sqlite3.connect(file).close()
    store = EpisodeStore(file)
    store.keep(store.begin(MONDAY), CALF)
    store.close()
    database = sqlite3.connect(file)
    assert database.execute("PRAGMA user_version").fetchone() == (2,)
    database.close()


#: A file as the first Charley that remembered anything has left it.
VERSION_1 = """
    CREATE TABLE episode (id INTEGER PRIMARY KEY, began TEXT NOT NULL, level TEXT, ended INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX episode_began ON episode (began);
    CREATE TABLE answer (episode INTEGER NOT NULL REFERENCES episode, position INTEGER NOT NULL,
        question TEXT NOT NULL, value NOT NULL, PRIMARY KEY (episode, position));
    INSERT INTO episode VALUES (1, '2026-11-23T03:00:00+00:00', 'soon', 1);
    INSERT INTO answer VALUES (1, 0, 'emergency', 'no'), (1, 1, 'place', 'calf'), (1, 2, 'how_long', 900);
    PRAGMA user_version = 1;
"""


def an_older_file(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(file)) as database:
        database.executescript(VERSION_1)


def test_an_older_file_keeps_what_is_in_it_and_takes_what_is_new(file: Path) -> None:
    an_older_file(file)
    store = EpisodeStore(file)
    answers = (Answer("emergency", "no"), Answer("place", "calf"), Answer("how_long", 900))
    assert store.all() == (Episode(1, MONDAY, answers, Level.SOON, ended=True),)
    store.keep(1, answers, STRETCHED)
    store.conclude(1, Level.SOON, ("recurs",), ("warmth",))
    assert store.note(1, FOOTBALL)
    expected = Episode(1, MONDAY, answers, Level.SOON, True, STRETCHED, ("recurs",), ("warmth",), (FOOTBALL,))
    assert EpisodeStore(file).all() == (expected,)


def test_two_charleys_may_find_an_older_file_at_once(file: Path) -> None:
    for _ in range(20):
        an_older_file(file)
        with ThreadPoolExecutor(4) as at_once:
            found = list(at_once.map(lambda _: len(EpisodeStore(file).all()), range(4)))
        assert found == [1, 1, 1, 1]
        EpisodeStore(file).forget()


def test_a_migration_that_fails_half_way_leaves_the_older_file_as_it_was(file: Path) -> None:
    an_older_file(file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE note (something_else)")
    with pytest.raises(StorageError):
        EpisodeStore(file).all()
    with closing(sqlite3.connect(file)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {"episode", "answer", "note"}
        assert database.execute("SELECT count(*) FROM answer").fetchone() == (3,)


def test_a_file_of_a_newer_charley_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
    before = file.read_bytes()
    with pytest.raises(StorageError, match=r"newer Charley.*update this one") as told:
        EpisodeStore(file).all()
    assert "forget" not in str(told.value)
    assert file.read_bytes() == before


def test_new_answers_replace_what_was_tried_and_advised_but_no_note(file: Path) -> None:
    store = EpisodeStore(file)
    number = store.begin(MONDAY)
    store.keep(number, CALF, STRETCHED)
    store.conclude(number, Level.SOON, ("recurs",), ("warmth",))
    store.note(number, FOOTBALL)
    store.keep(number, CALF[:1])
    assert store.all() == (Episode(number, MONDAY, CALF[:1], None, ended=False, notes=(FOOTBALL,)),)


def test_a_note_to_what_was_forgotten_is_not_kept(file: Path) -> None:
    store = EpisodeStore(file)
    number = store.begin(MONDAY)
    EpisodeStore(file).forget()
    assert not store.note(number, FOOTBALL)


def test_only_the_answers_and_the_times_that_are_wanted_are_read(file: Path) -> None:
    store = EpisodeStore(file)
    for day in range(3):
        store.keep(store.begin(MONDAY + timedelta(days=day)), CALF)
    (latest,) = store.all(("place",), since=MONDAY + timedelta(days=2))
    assert (latest.began, latest.answers) == (MONDAY + timedelta(days=2), (Answer("place", "calf"),))


@pytest.mark.parametrize("content", [b"no database at all " * 99, os.urandom(4096)])
def test_a_damaged_file_is_one_sentence_and_forgetting_mends_it(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    store = EpisodeStore(file)
    with pytest.raises(StorageError, match="charley episodes --forget"):
        store.all()
    store.forget()
    assert store.begin(MONDAY) == 1


def test_an_unknown_level_in_the_file_is_damage(file: Path) -> None:
    store = EpisodeStore(file)
    store.begin(MONDAY)
    store.close()
    with sqlite3.connect(file) as database:
        database.execute("UPDATE episode SET level = 'dreadful'")
    database.close()
    with pytest.raises(StorageError):
        EpisodeStore(file).all()


def test_episodes_are_exported_as_json() -> None:
    episode = Episode(
        7, MONDAY, CALF[:1], Level.URGENT, True, STRETCHED[1:], ("swelling",), ("keep_still",), (FOOTBALL,)
    )
    (exported,) = json.loads(to_json([episode], lambda _: ("All well.",)))
    assert exported == {
        "id": 7,
        "began": "2026-11-23T03:00:00+00:00",
        "level": "urgent",
        "ended": True,
        "summary": ["All well."],
        "answers": [{"question": "emergency", "value": "no"}],
        "tried": [{"remedy": "calf_stretch", "effect": "eased", "seconds": 40}],
        "reasons": ["swelling"],
        "remedies": ["keep_still"],
        "notes": [{"noted": "2026-11-23T03:00:00+00:00", "text": "it was after football"}],
    }


def test_the_last_answer_counts_and_an_unanswered_question_has_none() -> None:
    answers = (Answer("place", "foot"), Answer("place", "calf"), Answer("pain", UNANSWERED))
    episode = Episode(1, MONDAY, answers, None, ended=False)
    assert episode.value("place") == "calf"
    assert episode.value("pain") is None
    assert episode.value("trigger") is None


def test_what_comes_after_another_charley_has_forgotten_everything_is_kept(file: Path) -> None:
    waiting = EpisodeStore(file)
    waiting.keep(waiting.begin(MONDAY), CALF)
    EpisodeStore(file).forget()
    later = waiting.begin(MONDAY + timedelta(days=1))
    waiting.keep(later, CALF[:1])
    (kept,) = EpisodeStore(file).all()
    assert (kept.began, kept.answers) == (MONDAY + timedelta(days=1), CALF[:1])


def test_what_another_charley_has_forgotten_is_not_seen_again(file: Path) -> None:
    waiting = EpisodeStore(file)
    waiting.keep(waiting.begin(MONDAY), CALF)
    EpisodeStore(file).forget()
    assert waiting.all() == ()
    EpisodeStore(file).begin(MONDAY + timedelta(days=1))
    assert [episode.answers for episode in waiting.all()] == [()]


def test_a_conversation_that_was_forgotten_half_way_is_not_kept_half(file: Path) -> None:
    waiting = EpisodeStore(file)
    number = waiting.begin(MONDAY)
    EpisodeStore(file).forget()
    waiting.keep(number, CALF)
    waiting.conclude(number, Level.SOON)
    assert waiting.all() == ()
    assert waiting.begin(MONDAY + timedelta(days=1)) == 1


def test_a_time_without_a_zone_is_utc(file: Path) -> None:
    store = EpisodeStore(file)
    store.begin(MONDAY)
    with sqlite3.connect(file) as database:
        database.execute("UPDATE episode SET began = '2026-11-23T03:00:00'")
    database.close()
    assert [episode.began for episode in store.all()] == [MONDAY]


@pytest.mark.parametrize("began", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59", "soon", 5, b"", None])
def test_a_time_that_is_none_is_damage(file: Path, began: object) -> None:
    store = EpisodeStore(file)
    store.begin(MONDAY)
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE episode")
        database.execute("CREATE TABLE episode (id INTEGER PRIMARY KEY, began, level TEXT, ended INTEGER)")
        database.execute("INSERT INTO episode VALUES (1, ?, NULL, 0)", (began,))
    database.close()
    with pytest.raises(StorageError):
        store.all()
