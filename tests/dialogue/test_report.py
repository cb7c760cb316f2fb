"""The doctor's report asked for in the middle of a conversation, and after the advice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from skill.dialogue.events import Said
from skill.dialogue.outcome import Given
from skill.episodes.store import EpisodeStore
from skill.errors import UsageError
from skill.reporting.report.desk import ReportDesk
from skill.triage.loader import load_protocol
from skill.triage.model import Answer
from tests.dialogue.conftest import Dialogue
from tests.support.remembered import NOW

Make = Callable[..., Dialogue]
PLACE = load_protocol().questions["place"]


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes.sqlite")


@pytest.fixture(name="desk")
def _desk(store: EpisodeStore, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path / "Documents", lambda: NOW)


def test_it_is_written_and_the_question_comes_again(
    dialogue_with: Make, store: EpisodeStore, desk: ReportDesk, tmp_path: Path
) -> None:
    store.keep(store.begin(NOW - timedelta(days=1)), (Answer("place", "calf"),))
    dialogue = dialogue_with({"place": ["make a report for my doctor", "calf"]}, reporter=desk)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    said = "I have written the page for your doctor. It is the file charley-report.pdf, in the folder Documents."
    assert said in [event.text for event in dialogue.events(Said)]
    file = tmp_path / "Documents" / "charley-report.pdf"
    assert file.read_bytes().startswith(b"%PDF-1.7")
    assert file.stat().st_mode & 0o777 == 0o600


def test_where_nothing_is_remembered_that_is_said(dialogue_with: Make, desk: ReportDesk) -> None:
    dialogue = dialogue_with({"place": ["doctor's report", "calf"]}, reporter=desk)
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.report.nothing" in dialogue.prompts_said


class FullDisk:
    def write(self) -> Path | None:
        raise UsageError("The disk is full.")


def test_a_failure_is_said_and_ends_nothing(dialogue_with: Make, capsys: pytest.CaptureFixture[str]) -> None:
    dialogue = dialogue_with({"place": ["report for my doctor", "calf"]}, reporter=FullDisk())
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert "dialogue.report.failed" in dialogue.prompts_said
    assert capsys.readouterr().err == "The disk is full.\n"
