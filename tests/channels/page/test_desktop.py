"""The icon of `deploy/charley.desktop` starts what there is."""

import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest

from skill.commands.line import app

FILE = Path(__file__).parents[3] / "deploy" / "charley.desktop"


@pytest.mark.parametrize("section", ["Desktop Entry", "Desktop Action touch"])
def test_the_icon_starts_a_command_that_exists_with_options_that_exist(section: str) -> None:
    entries = ConfigParser(interpolation=None)
    entries.read(FILE, encoding="utf-8")
    program, *arguments = shlex.split(entries[section]["Exec"])
    assert program == "charley"
    command, bound, _ = app.parse_args(arguments, exit_on_error=False, print_error=False)
    assert command.__name__ == "page"
    assert bool(bound.arguments.get("touch")) is (section != "Desktop Entry")
