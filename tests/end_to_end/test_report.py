"""The command `charley report`, as a user runs it."""

import resource
import sqlite3
from pathlib import Path

import pytest

from skill.episodes.store import EpisodeStore
from tests.end_to_end.conftest import Charley, assert_one_sentence
from tests.support.remembered import cramps

#: Seconds of one processor that a report on a hundred cramps may take, in its slowest form: nothing in it waits.
WITHIN = 5.0


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """The memory of the `charley` that the tests run."""
    return tmp_path / "data" / "charley" / "episodes.sqlite"


def remember(file: Path, count: int) -> None:
    store = EpisodeStore(file)
    for episode in cramps(count):
        number = store.begin(episode.began)
        store.keep(number, episode.answers, episode.tried)
        store.conclude(number, episode.level, episode.reasons, episode.remedies)
    store.close()


def test_a_report_is_written_in_every_form_for_its_owner_alone(charley: Charley, file: Path, tmp_path: Path) -> None:
    remember(file, 3)
    names = {form: tmp_path / f"report.{form}" for form in ("pdf", "html", "fhir")}
    finished = charley("report", *(part for form, name in names.items() for part in (f"--{form}", str(name))))
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    begin = {form: name.read_bytes()[:15].upper() for form, name in names.items()}
    assert begin["pdf"].startswith(b"%PDF-1.7")
    assert begin["html"] == b"<!DOCTYPE HTML>"
    assert begin["fhir"].startswith(b"{")
    assert {name.stat().st_mode & 0o777 for name in names.values()} == {0o600}


def test_without_a_file_it_is_plain_text(charley: Charley, file: Path) -> None:
    remember(file, 3)
    printed = charley("report").stdout
    assert printed.startswith("Muscle cramps, a report for your doctor\n")
    assert "\x1b" not in printed
    assert "Charley follows published advice and is not a clinician" in printed


def test_a_hundred_cramps_are_reported_in_five_seconds(charley: Charley, file: Path, tmp_path: Path) -> None:
    remember(file, 100)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert charley("report", "--pdf", str(tmp_path / "report.pdf")).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < WITHIN


def test_only_what_was_told_since_a_day_is_reported(charley: Charley, file: Path) -> None:
    remember(file, 3)
    assert "3 cramps or twitches" in charley("report", "--from", "2020-01-01").stdout
    later = assert_one_sentence(charley("report", "--from", "2030-01-01"), 2)
    assert later == "Charley remembers no cramp since 1 Jan 2030, so there is nothing to report."


def test_nothing_remembered_is_one_sentence(charley: Charley, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert "nothing to report" in assert_one_sentence(charley("report", "--html", str(target)), 2)
    assert not target.exists()


def test_a_day_that_is_none_is_one_sentence(charley: Charley) -> None:
    assert_one_sentence(charley("report", "--from", "yesterday"), 2)


def test_a_file_that_cannot_be_written_is_named(charley: Charley, file: Path, tmp_path: Path) -> None:
    remember(file, 1)
    for form in ("--html", "--pdf", "--fhir"):
        assert f"{tmp_path} cannot be written" in assert_one_sentence(charley("report", form, str(tmp_path)), 2)


def test_a_damaged_memory_is_one_sentence_and_stays_as_it_is(charley: Charley, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database at all " * 99)
    assert str(file) in assert_one_sentence(charley("report"), 4)
    assert file.read_bytes() == b"no database at all " * 99


def test_the_memory_of_a_newer_charley_is_one_sentence(charley: Charley, file: Path) -> None:
    file.parent.mkdir(parents=True)
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 99")
    database.close()
    assert "newer Charley" in assert_one_sentence(charley("report"), 4)
