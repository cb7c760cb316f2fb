"""Running the command as a user would."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Charley = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(name="charley")
def _charley(tmp_path: Path) -> Charley:
    """`charley ARGUMENTS` in a process of its own, with neither sound nor a user's files."""

    def run(
        *arguments: str,
        typed: str | None = None,
        before: Sequence[str] = (),
        timeout: float = 120,
        folder: Path | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        command = [*before, sys.executable, "-m", "skill", *arguments]
        return subprocess.run(
            command,
            input=typed or "",
            env=without_sound(tmp_path),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    return run


def without_sound(home: Path) -> dict[str, str]:
    """An environment in which no sound server can be reached."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PULSE")},
        "PULSE_SERVER": f"unix:{home}/nothing-here",
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
    }


def assert_one_sentence(finished: "subprocess.CompletedProcess[str]", status: int) -> str:
    """A failure is one line on standard error and an exit status, never a traceback. Returns the line."""
    lines = finished.stderr.strip().splitlines()
    assert (finished.returncode, len(lines)) == (status, 1), finished.stderr
    return lines[0]
