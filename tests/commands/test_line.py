"""`charley --help` names the everyday commands first."""

import pytest

from skill.commands.line import run_command


def test_help_names_what_people_use_every_day_before_everything_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--help"]) == 0
    said = capsys.readouterr().out
    titles = ("Every day", "Other ways in", "Setting it up", "For reviewers and other programs", "More")
    places = [said.index(title) for title in titles]
    assert places == sorted(places)
    everyday = said[places[0] : places[1]]
    assert all(f" {name} " in everyday for name in ("page", "wait", "type", "followup", "demo"))
