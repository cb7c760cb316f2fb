"""The diary as somebody asks for it: at a terminal, through a pipe, as a picture, and when its file is damaged."""

import os
import pty
import sqlite3
import subprocess
import sys
import termios
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skill.episodes.episode import Effect, Tried
from skill.episodes.store import EpisodeStore
from skill.triage.model import Answer, Level
from tests.end_to_end.conftest import Charley, assert_one_sentence, without_sound


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """The memory of the `charley` that the tests run, with one cramp of yesterday."""
    file = tmp_path / "data" / "charley" / "episodes.sqlite"
    with closing(EpisodeStore(file)) as store:
        number = store.begin(datetime.now(UTC) - timedelta(days=1))
        store.keep(number, (Answer("place", "calf"), Answer("pain", 8)), (Tried("calf_stretch", Effect.EASED, 41),))
        store.conclude(number, Level.SOON)
    return file


def at_a_terminal(home: Path, columns: int, **environment: str) -> list[str]:
    """What `charley diary` shows to a person, colours left out."""
    screen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (60, columns))
    env = {**without_sound(home), "TERM": "xterm-256color", "NO_COLOR": "1", **environment}
    env.pop("COLUMNS", None)
    command = [sys.executable, "-m", "skill", "diary"]
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=terminal) as charley:
        os.close(terminal)
        shown = bytearray()
        while True:
            try:
                shown += os.read(screen, 65536)
            except OSError:
                break
    os.close(screen)
    assert charley.returncode == 0
    return shown.decode().replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "").splitlines()


@pytest.mark.usefixtures("file")
def test_at_a_terminal_a_calendar_comes_first_and_no_line_is_cut_off(tmp_path: Path) -> None:
    shown = at_a_terminal(tmp_path, 80)
    assert [line[:3] for line in shown[1:8]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert any("█+" in line for line in shown)
    assert any(line.startswith("What eased it: stretching the calf, 1 of 1 times") for line in shown)
    assert max(map(len, shown)) <= 80
    assert not any("\x1b" in line for line in shown)


@pytest.mark.usefixtures("file")
def test_a_terminal_without_unicode_gets_a_calendar_too(tmp_path: Path) -> None:
    shown = at_a_terminal(tmp_path, 120, PYTHONIOENCODING="ascii")
    assert any("#+" in line for line in shown)
    assert not any("?" in line for line in shown if "Sign" not in line)


@pytest.mark.usefixtures("file")
def test_through_a_pipe_every_line_is_a_sentence(charley: Charley) -> None:
    finished = charley("diary")
    lines = finished.stdout.splitlines()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "1 cramp on 1 day" in lines[0]
    assert all(line.endswith((".", ":")) for line in lines)
    assert lines[-1].endswith("eased by stretching the calf after about forty seconds; advice: book an appointment.")


def test_a_diary_of_nothing_is_one_sentence(charley: Charley) -> None:
    finished = charley("diary")
    assert finished.returncode == 0
    assert finished.stdout.startswith("No cramp is remembered.")
    assert len(finished.stdout.splitlines()) == 1


@pytest.mark.usefixtures("file")
def test_a_picture_is_drawn(charley: Charley, tmp_path: Path) -> None:
    drawn = tmp_path / "mine.svg"
    finished = charley("diary", "--picture", str(drawn))
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert "<title" in drawn.read_text(encoding="utf-8")
    assert "another file" in assert_one_sentence(charley("diary", "--picture", "/proc/version/mine.svg"), 2)


def test_a_damaged_memory_is_one_sentence_and_stays_as_it_is(charley: Charley, file: Path) -> None:
    file.write_bytes(b"no database at all " * 99)
    assert "charley episodes --forget" in assert_one_sentence(charley("diary"), 4)
    assert file.read_bytes() == b"no database at all " * 99


def test_a_newer_memory_is_one_sentence_and_nobody_is_told_to_delete_it(charley: Charley, file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
    told = assert_one_sentence(charley("diary"), 4)
    assert "newer Charley" in told
    assert "forget" not in told
