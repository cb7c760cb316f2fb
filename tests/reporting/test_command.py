"""The user's own command, run for real: what it is given, how often, and that nothing waits for it."""

import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from skill.dialogue.telling import Tidings
from skill.errors import CharleyError
from skill.reporting.command import TOLD, Command

EMERGENCY = Tidings("emergency", "lower back", "You cannot hold your water.")
#: Seconds that a program may take to start on a busy machine.
PATIENCE = 20.0


@pytest.fixture(name="program")
def _program(tmp_path: Path) -> Callable[[str], str]:
    def write(body: str) -> str:
        file = tmp_path / "tell somebody"
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return str(file)

    return write


def wait_for(true: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_is_given_what_is_to_be_told_and_no_shell_reads_it(program: Callable[[str], str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    tell = program(f'printf "%s|" "$@" >> "{out}"')
    faults: list[CharleyError] = []
    command = Command((tell, "{level}", "$HOME; touch {place} `id`", "{reasons} {{}}"), faults.append)
    command.tell(EMERGENCY)
    wait_for(out.exists)
    wait_for(lambda: out.read_text().count("|") == 3)
    assert out.read_text() == "emergency|$HOME; touch lower back `id`|You cannot hold your water. {}|"
    assert (faults, command.has_failed()) == ([], False)


def test_each_change_to_grave_advice_is_told_once(program: Callable[[str], str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.touch()
    faults: list[CharleyError] = []
    command = Command((program(f'echo "$1" >> "{out}"'), "{level}"), faults.append)
    for level in ("self_care", "urgent", "urgent", "emergency", "emergency", "soon", "emergency"):
        command.tell(Tidings(level, "", ""))
        if level in TOLD:
            wait_for(partial(ends_with, out, level))
    time.sleep(0.5)
    assert out.read_text().split() == ["urgent", "emergency", "emergency"]
    assert faults == []


def ends_with(file: Path, word: str) -> bool:
    return file.read_text().split()[-1:] == [word]


@pytest.mark.parametrize(
    ("body", "why"), [("exit 3", "its exit status is 3"), ("sleep 60", "it took too long"), (None, "no such program")]
)
def test_a_failure_is_told_once(program: Callable[[str], str], body: str | None, why: str) -> None:
    faults: list[CharleyError] = []
    tell = program(body) if body else "/nonexistent/program"
    command = Command((tell,), faults.append, patience=1.0)
    for level in ("urgent", "emergency"):
        command.tell(Tidings(level, "", ""))
    wait_for(lambda: faults)
    assert (command.has_failed(), command.has_failed()) == (True, False)
    time.sleep(1.5)  # the second one fails as well
    (fault,) = faults
    assert why in str(fault)
    assert not command.has_failed()


def test_nobody_waits_for_it_and_when_its_time_is_over_it_ends_with_all_that_it_started(
    program: Callable[[str], str], tmp_path: Path
) -> None:
    started = tmp_path / "started"
    command = Command((program(f'sleep 300 & echo $! > "{started}"; wait'),), lambda _: None, patience=1.0)
    began = time.monotonic()
    command.tell(EMERGENCY)
    assert time.monotonic() - began < 0.9
    wait_for(lambda: started.exists() and started.read_text().strip())
    process = Path("/proc", started.read_text().strip())
    wait_for(lambda: not process.exists() or "(zombie)" in (process / "status").read_text())


def test_it_goes_on_when_charley_has_ended(program: Callable[[str], str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    tell = program(f'sleep 1; echo told > "{out}"')
    charley = (
        "from skill.dialogue.telling import Tidings\n"
        "from skill.reporting.command import Command\n"
        f"Command([{tell!r}], print).tell(Tidings('emergency', '', ''))\n"
    )
    subprocess.run([sys.executable, "-c", charley], check=True, timeout=PATIENCE)
    assert not out.exists()
    wait_for(out.exists)
