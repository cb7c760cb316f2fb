"""Streams that lead nowhere, bytes that are no text, mistakes in the system's files: the conversation goes on."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from skill.dialogue.prompts import load_prompts
from skill.episodes.store import EpisodeStore
from skill.triage.model import Level
from tests.end_to_end.conftest import without_sound
from tests.support.terminal_session import TerminalSession

CHARLEY = f"{sys.executable} -m skill"
ADVICE = load_prompts().utterance("levels.emergency.say", number="1 1 2").text
FULL = Path("/dev/full")

Finished = subprocess.CompletedProcess[bytes]


@pytest.fixture(name="env")
def _env(tmp_path: Path) -> dict[str, str]:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('emergency_number = "112"\n', encoding="utf-8")
    return without_sound(tmp_path)


def shell(line: str, env: dict[str, str], typed: bytes = b"yes\nno\n") -> Finished:
    return subprocess.run(["sh", "-c", line], env=env, input=typed, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("line", "complaints"),
    [
        (f"{CHARLEY} type --events >/dev/full", 1),
        (f"{CHARLEY} type >/dev/full", 0),
        (f"{CHARLEY} type --events >/dev/full 2>/dev/full", 0),
        (f"{CHARLEY} type >&-", 0),
        (f"{CHARLEY} type 2>&-", 0),
        (f"{CHARLEY} type <&-", 0),
        (f"{CHARLEY} type <&- >&- 2>&-", 0),
    ],
)
@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_streams_that_take_nothing_end_no_conversation(env: dict[str, str], line: str, complaints: int) -> None:
    finished = shell(line, env)
    assert (finished.returncode, len(finished.stderr.splitlines())) == (0, complaints), finished.stderr.decode()


def test_where_the_reader_of_the_events_goes_the_conversation_goes_on(env: dict[str, str], tmp_path: Path) -> None:
    with TerminalSession(env, "type", "--events") as charley:
        next(charley.events())
        assert charley.process.stdout is not None
        charley.process.stdout.close()
        charley.type("yes")
        charley.type("no")
        assert charley.process.stderr is not None
        complaint = charley.process.stderr.read()
        assert charley.process.wait(20) == 0
    assert complaint.count("Nobody can read the events") == len(complaint.splitlines()) == 1
    (episode,) = EpisodeStore(tmp_path / "data" / "charley" / "episodes.sqlite").all()
    assert episode.level is Level.EMERGENCY


@pytest.mark.parametrize("typed", [b"y\xc3es\nno\n", b"\xff\xfe\nyes\nno\n", b"y\xe9\x00es\xe9\nyes\nno\n"])
def test_bytes_that_are_no_text_are_left_out_of_what_is_typed(env: dict[str, str], typed: bytes) -> None:
    finished = shell(f"{CHARLEY} type", env | {"LANG": "C.UTF-8"}, typed)
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert ADVICE in finished.stdout.decode()


def test_a_mistake_in_the_settings_of_alsa_is_named(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".asoundrc").write_text("pcm.!default {\n  type pulse\n  hint {\n", encoding="utf-8")
    finished = shell(CHARLEY, env | {"HOME": str(tmp_path)}, b"")
    assert (finished.returncode, len(finished.stderr.splitlines())) == (3, 1), finished.stderr.decode()
    assert b"~/.asoundrc" in finished.stderr


def test_a_terminal_that_says_it_has_no_columns_shows_the_captions(env: dict[str, str]) -> None:
    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "skill", "type"]
    with subprocess.Popen(
        command, env=env | {"COLUMNS": "0", "TERM": "xterm"}, stdin=subprocess.PIPE, stdout=terminal
    ) as charley:
        os.close(terminal)
        charley.communicate(b"yes\nno\n", timeout=60)
    shown = b""
    while block := _read(screen):
        shown += block
    os.close(screen)
    assert b"Call 1 1 2" in shown


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 65_536)
    except OSError:  # nobody writes any more
        return b""
