"""Settings that are wrong, and folders that cannot be used: each is told once, and the conversation does without."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Charley, assert_one_sentence, without_sound
from tests.support.terminal_session import TerminalSession

#: Root may read everything: it gives that up, so that a folder without permissions is closed to it as to anybody.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
HOMELESS = ("env", "-u", "HOME", "unshare", "--user", "--map-user=54321")


def _nobody_knows() -> bool:
    return shutil.which("unshare") is not None and subprocess.run((*HOMELESS, "true"), check=False).returncode == 0


def write_settings(home: Path, content: str, encoding: str = "utf-8") -> Path:
    file = home / "config" / "charley" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding=encoding)
    return file


@pytest.fixture(name="closed")
def _closed(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """One of Charley's folders as another user's: nothing in it can be read or written."""
    folder = tmp_path / str(request.param) / "charley"
    folder.mkdir(parents=True)
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("locale", "number"),
    [("C.UTF-8", "1 1 2"), ("C", "1 1 2"), ("en_GB.UTF-8", "9 9 9"), ("en_US.UTF-8", "9 1 1"), ("de_DE", "1 1 2")],
)
def test_the_number_is_that_of_the_locales_country_and_of_no_other(charley: Charley, locale: str, number: str) -> None:
    finished = charley("type", typed="yes\nno\n", before=("env", f"LC_ALL={locale}"))
    assert f"Call {number} now" in finished.stdout
    assert finished.stderr == ""


@pytest.mark.parametrize(
    ("settings", "number", "complaints"),
    [
        ('region = "UK"', "9 9 9", 0),
        ('\ufeffregion = "GB"', "9 9 9", 0),
        ("emergency_number = 999", "9 9 9", 1),
        ('region = "USA"\npace = nan\nengine = "espeak"\nmodel = "/moved"', "9 1 1", 3),
        ('region = "ZZ"', "1 1 2", 1),
    ],
)
def test_a_wrong_setting_costs_itself_alone_and_is_named_with_its_line(
    charley: Charley, tmp_path: Path, settings: str, number: str, complaints: int
) -> None:
    file = write_settings(tmp_path, settings)
    finished = charley("type", typed="yes\nno\n", before=("env", "LC_ALL=en_AU.UTF-8"))
    told = finished.stderr.splitlines()
    assert f"Call {number} now" in finished.stdout
    assert len(told) == complaints, told
    assert all(line.startswith(f"{file}, line ") for line in told)


@pytest.mark.parametrize("command", ["check", "selftest"])
def test_the_number_and_where_it_comes_from_are_shown(charley: Charley, command: str) -> None:
    finished = charley(command, before=("env", "LC_ALL=en_NZ.UTF-8"))
    assert "Emergency number: 111 (LC_ALL=en_NZ.UTF-8" in finished.stdout


@pytest.mark.parametrize("closed", ["config", "data"], indirect=True)
def test_a_folder_of_somebody_else_is_told_once_and_done_without(tmp_path: Path, closed: Path) -> None:
    with TerminalSession(without_sound(tmp_path), "type", "--events", before=AS_ANYBODY) as charley:
        levels = []
        for event in charley.events():
            if event["event"] == "verdict":
                levels.append(event["level"])
            elif event["event"] == "ask":
                charley.type("no" if event["question"] == "once_more" else "yes")
            elif event.get("prompt") == "dialogue.once_more":
                charley.type("no")
        status, complaint = charley.end()
    assert (status, levels) == (0, ["emergency"])
    assert (len(complaint.splitlines()), str(closed) in complaint) == (1, True), complaint


@pytest.mark.parametrize("closed", ["data"], indirect=True)
@pytest.mark.parametrize("wish", [(), ("--forget",)])
def test_a_memory_of_somebody_else_is_one_sentence_for_whoever_asks_for_it(
    charley: Charley, closed: Path, wish: tuple[str, ...]
) -> None:
    assert str(closed) in assert_one_sentence(charley("episodes", *wish, before=AS_ANYBODY), 4)


@pytest.mark.parametrize("closed", ["cache"], indirect=True)
def test_without_a_cache_what_may_be_said_is_built_elsewhere(charley: Charley, closed: Path, tmp_path: Path) -> None:
    from tests.end_to_end.test_bad_input import write_wav

    (tmp_path / "phrases.txt").write_text("bring me the hot water bottle\n", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    places = ("env", f"XDG_CACHE_HOME={closed.parent}", f"TMPDIR={tmp_path / 'elsewhere'}")
    recording = write_wav(tmp_path / "silence.wav")
    finished = charley(
        "hear", "--phrases", str(tmp_path / "phrases.txt"), str(recording), before=(*AS_ANYBODY, *places)
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout)["decision"] == "reject"


@pytest.mark.skipif(not _nobody_knows(), reason="this kernel lets nobody become a user without a home")
@pytest.mark.parametrize(("command", "status"), [(("type",), 0), (("episodes",), 0), (("demo", "chest_pain"), 0)])
def test_somebody_without_a_home_is_served_too(charley: Charley, command: tuple[str, ...], status: int) -> None:
    nowhere = ("env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_DATA_HOME", "-u", "XDG_CACHE_HOME", *HOMELESS)
    finished = charley(*command, typed="yes\nno\n", before=nowhere)
    assert (finished.returncode, finished.stderr) == (status, "")


@pytest.mark.skipif(not _nobody_knows(), reason="this kernel lets nobody become a user without a home")
def test_somebody_without_a_home_is_told_why_nothing_can_be_kept(charley: Charley) -> None:
    nowhere = ("env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_DATA_HOME", "-u", "XDG_CACHE_HOME", *HOMELESS)
    finished = charley("voices", "--choose", "pyttsx3/gmw/en-us", before=nowhere)
    assert "set HOME" in assert_one_sentence(finished, 4)


def test_a_fault_of_the_memory_is_said_once(tmp_path: Path) -> None:
    file = tmp_path / "data" / "charley" / "episodes.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database at all " * 99)
    with TerminalSession(without_sound(tmp_path), "type", "--events") as charley:
        for event in charley.events():
            if event["event"] == "ask":
                charley.type("yes")
            elif event.get("prompt") == "dialogue.once_more":
                charley.type("no")
        status, complaint = charley.end()
    assert (status, len(complaint.splitlines())) == (0, 1), complaint
