"""What the command remembers from one conversation to the next."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from skill.episodes.store import EpisodeStore
from skill.triage.model import Answer, Level
from tests.end_to_end.conftest import Charley, assert_one_sentence, without_sound


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    """The memory of the `charley` that the tests run."""
    return EpisodeStore(tmp_path / "data" / "charley" / "episodes.sqlite")


def remember_a_calf(store: EpisodeStore, *, days_ago: int) -> None:
    number = store.begin(datetime.now(UTC) - timedelta(days=days_ago))
    store.keep(number, (Answer("emergency", "no"), Answer("place", "calf")))
    store.conclude(number, Level.SELF_CARE)
    store.close()


def events(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def levels(lines: str) -> list[str]:
    return [event["level"] for event in events(lines) if event["event"] == "verdict"]


def test_a_calf_that_is_no_better_after_four_days_needs_an_appointment(charley: Charley, store: EpisodeStore) -> None:
    remember_a_calf(store, days_ago=4)
    finished = charley("followup", "--type", "--events", typed="no\n" * 7)
    assert finished.returncode == 0, finished.stderr
    assert events(finished.stdout)[0]["text"] == "Last time, 4 days ago, it was your calf."
    assert levels(finished.stdout) == ["soon"]
    assert len(store.all()) == 1


def test_a_follow_up_of_nothing_is_an_ordinary_conversation(charley: Charley) -> None:
    finished = charley("followup", "--type", "--events", typed="yes\nno\n")
    assert events(finished.stdout)[0]["prompt"] == "dialogue.followup.none"
    assert levels(finished.stdout) == ["emergency"]


def test_a_damaged_memory_is_said_and_stops_nothing(charley: Charley, tmp_path: Path) -> None:
    file = tmp_path / "data" / "charley" / "episodes.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database at all " * 99)
    finished = charley("followup", "--type", "--events", typed="yes\nno\n")
    assert levels(finished.stdout) == ["emergency"]
    assert len(finished.stderr.splitlines()) == 1


def test_what_is_piped_in_is_not_remembered(charley: Charley, store: EpisodeStore) -> None:
    charley("type", typed="no\ncalf\n")
    assert store.all() == ()


def type_until_killed(home: Path) -> None:
    """A person answers two questions at a terminal; at the third `charley type` is killed."""
    keyboard, terminal = pty.openpty()
    answers = {"emergency": b"no\n", "place": b"my left calf\n"}
    command = [sys.executable, "-m", "skill", "type", "--events"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, text=True, env=without_sound(home)
    ) as charley:
        assert charley.stdout is not None
        for event in map(json.loads, charley.stdout):
            if event["event"] == "ask":
                if event["question"] not in answers:
                    break
                os.write(keyboard, answers[event["question"]])
        charley.kill()
    os.close(keyboard)
    os.close(terminal)


def test_what_a_person_types_is_remembered_even_when_the_session_is_killed(tmp_path: Path, store: EpisodeStore) -> None:
    type_until_killed(tmp_path)
    latest = store.all()[-1]
    assert latest.answers == (Answer("emergency", "no"), Answer("place", "calf"))
    assert not latest.ended


def test_nothing_is_remembered_for_whoever_wants_none(tmp_path: Path, store: EpisodeStore) -> None:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("remember = false")
    type_until_killed(tmp_path)
    assert store.all() == ()


def test_episodes_are_listed_exported_and_forgotten(charley: Charley, store: EpisodeStore, tmp_path: Path) -> None:
    remember_a_calf(store, days_ago=1)
    assert "calf" in charley("episodes").stdout
    exported = tmp_path / "mine.json"
    assert charley("episodes", "--export", str(exported)).returncode == 0
    assert json.loads(exported.read_text(encoding="utf-8"))[0]["level"] == "self_care"
    assert charley("episodes", "--forget").returncode == 0
    assert store.all() == ()


@pytest.mark.parametrize(("typed", "left"), [(b"y\n", 0), (b"\n", 1)])
def test_at_a_terminal_they_are_forgotten_only_after_a_yes(
    tmp_path: Path, store: EpisodeStore, typed: bytes, left: int
) -> None:
    remember_a_calf(store, days_ago=1)
    keyboard, terminal = pty.openpty()
    os.write(keyboard, typed)
    command = [sys.executable, "-m", "skill", "episodes", "--forget"]
    subprocess.run(command, stdin=terminal, stdout=subprocess.PIPE, env=without_sound(tmp_path), check=True)
    os.close(keyboard)
    os.close(terminal)
    assert len(store.all()) == left


def test_an_export_that_cannot_be_written_is_named(charley: Charley, tmp_path: Path) -> None:
    assert "another file" in assert_one_sentence(charley("episodes", "--export", str(tmp_path)), 2)
