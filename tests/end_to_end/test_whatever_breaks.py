"""A conversation that has begun ends in advice, whatever is broken around it and whatever is typed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.end_to_end.conftest import without_sound

Env = dict[str, str]


def _in_the_way(kind: str) -> Callable[[Path, Env], None]:
    """A file where Charley keeps a folder: not even root can read or write what is below it."""

    def break_it(place: Path, env: Env) -> None:
        (place / kind).touch()
        env[f"XDG_{kind.upper()}_HOME"] = str(place / kind)

    return break_it


def _garbage_for_settings(place: Path, env: Env) -> None:
    folder = place / "garbage" / "charley"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_bytes(b"\xff\x00 = [")
    env["XDG_CONFIG_HOME"] = str(folder.parent)


def _no_home(_place: Path, env: Env) -> None:
    del env["HOME"]


def _no_columns(_place: Path, env: Env) -> None:
    env["COLUMNS"] = "0"


#: What may be broken, by the order in which it is done.
SURROUNDINGS: dict[str, Callable[[Path, Env], None]] = {
    "settings": _garbage_for_settings,
    "config": _in_the_way("config"),
    "data": _in_the_way("data"),
    "cache": _in_the_way("cache"),
    "home": _no_home,
    "columns": _no_columns,
}
STREAMS = ("2>/dev/full", "2>&-", "")
LINES = st.sampled_from(
    (
        b"no",
        b"yes",
        b"my left calf",
        b"it's cramping now",
        b"two minutes",
        b"seven",
        b"",
        b"\xff\xfe",
        b"back",
        b"\x00",
        b"m\xfcde",
    )
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.sets(st.sampled_from(sorted(SURROUNDINGS))), st.sampled_from(STREAMS), st.lists(LINES, max_size=12))
def test_a_conversation_ends_in_advice_whatever_is_broken(broken: set[str], stream: str, lines: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = without_sound(Path(folder))
        for name, break_it in SURROUNDINGS.items():
            if name in broken:
                break_it(Path(folder), env)
        env.setdefault("PATH", os.defpath)
        finished = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m skill type --events {stream}"],
            env=env,
            input=b"".join(line + b"\n" for line in lines),
            capture_output=True,
            check=False,
            timeout=120,
        )
    assert finished.returncode == 0, finished.stderr.decode()
    assert b"Traceback" not in finished.stderr
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    assert events[-1]["event"] == "end"
    assert events[-1]["reason"] == "stopped" or any(event["event"] == "verdict" for event in events)
