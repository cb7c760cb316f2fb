"""`charley cases FILE`, as a reviewer runs it."""

from pathlib import Path

from tests.end_to_end.conftest import Charley, assert_one_sentence

PAGE = Path(__file__).parents[2] / "docs" / "clinical.md"


def example() -> str:
    """The cases that the page for clinicians shows."""
    return PAGE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]


def test_the_cases_of_the_page_come_out_as_they_must(charley: Charley, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example(), encoding="utf-8")
    finished = charley("cases", str(tmp_path / "mine.yaml"))
    head, *rows = (line.split("\t") for line in finished.stdout.splitlines())
    assert head[:4] == ["case", "verdict", "must be", "is"]
    assert [row[:4] for row in rows] == [
        ["calf_at_night", "right", "self_care", "self_care"],
        ["calf_that_will_not_let_go", "right", "urgent", "urgent"],
        ["worse_the_next_day", "right", "urgent", "urgent"],
    ]
    assert (finished.returncode, finished.stderr.partition(",")[0]) == (0, "3 cases: 3 as they must be")


def test_a_case_that_comes_out_otherwise_fails_the_command(charley: Charley, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example().replace("level: urgent", "level: soon"), encoding="utf-8")
    finished = charley("cases", str(tmp_path / "mine.yaml"))
    assert finished.returncode == 1
    assert "calf_that_will_not_let_go\ttoo high\tsoon\turgent\tintense_and_long" in finished.stdout
    assert "3 cases: 1 as they must be, 0 too low, 2 too high" in finished.stderr


def test_a_mistake_in_the_file_is_one_sentence_with_file_and_line(charley: Charley, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("one: {story: x, answers: {calf: yes}, level: soon, source: x}\n")
    sentence = assert_one_sentence(charley("cases", str(tmp_path / "mine.yaml")), status=2)
    assert sentence.startswith("mine.yaml, line 1: 'calf' is not known at `answers`")
