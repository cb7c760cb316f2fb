"""What is not for a terminal is plain, and what is to be typed is never cut."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from skill.demo.patient import patient_names
from tests.end_to_end.conftest import Charley, without_sound
from tests.end_to_end.test_bad_input import write_wav


def test_a_list_that_is_no_table_is_one_record_a_line(charley: Charley) -> None:
    lines = charley("demo", "--list", before=("env", "FORCE_COLOR=1")).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(patient_names())
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize("columns", [0, 20, 49, 200])
def test_the_name_of_a_voice_is_never_cut(tmp_path: Path, columns: int) -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "skill", "voices", "scotland"]
    env = {**without_sound(tmp_path), "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen(command, stdout=terminal, env=env) as voices:
        voices.wait(timeout=60)
    os.close(terminal)
    shown = os.read(master, 65_536).decode()
    os.close(master)
    assert "pyttsx3/gmw/en-gb-scotland" in shown


def test_a_recording_whose_name_is_no_utf_8_is_heard_like_the_others(charley: Charley, tmp_path: Path) -> None:
    plain = write_wav(tmp_path / "plain.wav")
    odd = plain.with_name(os.fsdecode(b"caf\xe9.wav"))
    odd.write_bytes(plain.read_bytes())
    finished = charley("hear", "--question", "emergency", str(odd), str(plain))
    names = [json.loads(line)["file"] for line in finished.stdout.splitlines()]
    assert (finished.returncode, names) == (0, [str(odd), str(plain)]), finished.stderr


def test_an_export_over_an_existing_file_is_for_its_owner_alone(charley: Charley, tmp_path: Path) -> None:
    exported = tmp_path / "mine.json"
    exported.write_text("what was here before, and is longer than an empty list")
    exported.chmod(0o666)
    assert charley("episodes", "--export", str(exported)).returncode == 0
    assert (exported.stat().st_mode & 0o777, exported.read_text()) == (0o600, "[]\n")


def test_a_library_that_vosk_lacks_is_named_with_its_package(charley: Charley, tmp_path: Path) -> None:
    """As on an arm64 system without gcc; here another library that Vosk needs has the name of one that is nowhere."""
    import vosk

    package = tmp_path / "vosk"
    package.mkdir()
    for file in Path(vosk.__file__).parent.iterdir():
        if file.is_file() and file.name != "libvosk.so":
            (package / file.name).symlink_to(file)
    library = (Path(vosk.__file__).parent / "libvosk.so").read_bytes()
    needed, missing = b"\0libgcc_s.so.1\0", b"\0libatom.so.8\0\0"
    assert needed in library
    (package / "libvosk.so").write_bytes(library.replace(needed, missing))
    finished = charley("demo", "chest_pain", before=("env", f"PYTHONPATH={tmp_path}:{Path.cwd()}"))
    assert finished.returncode == 4
    assert "type `sudo apt install libatom8`" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_without_ensurepip_the_package_is_named(tmp_path: Path) -> None:
    """Debian's Python without python3-venv has no module of that name."""
    (tmp_path / "ensurepip.py").write_text("raise ModuleNotFoundError(\"No module named 'ensurepip'\")")
    script = Path(__file__).parents[2] / "deploy" / "make_venv.py"
    finished = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "venv")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
    assert "sudo apt install python3-venv" in finished.stderr
    assert not (tmp_path / "venv").exists()
