import zlib
from pathlib import Path

import pytest

from training.examples.loader import (
    FOLDER,
    HEADER,
    Example,
    ExampleError,
    is_held_out,
    load_examples,
    write_examples,
)


def file_of(folder: Path, *lines: str, question: str = "place") -> Path:
    (folder / f"{question}.tsv").write_text("\n".join(("\t".join(HEADER), *lines, "")), encoding="utf-8")
    return folder


def test_every_shipped_example_is_legal_and_every_file_is_sorted(tmp_path: Path) -> None:
    examples = load_examples()
    write_examples(examples, tmp_path)
    for file in FOLDER.glob("*.tsv"):
        assert file.read_text(encoding="utf-8") == (tmp_path / file.name).read_text(encoding="utf-8"), file.name


def test_whole_people_are_held_out_and_about_a_sixth_of_them() -> None:
    people = {example.persona for example in load_examples()}
    held_out = {person for person in people if is_held_out(person)}
    assert held_out == {person for person in people if zlib.crc32(person.encode()) % 6 == 0}
    assert 0.12 < len(held_out) / len(people) < 0.21


def test_a_line_gives_words_meaning_and_what_was_said_beside_it(tmp_path: Path) -> None:
    folder = file_of(tmp_path, "place\ta nurse 40\tmy left calf\tcalf\tside=left happening=cramp")
    assert load_examples(folder) == (
        Example("place", "a nurse 40", "my left calf", "calf", (("side", "left"), ("happening", "cramp"))),
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("place\ta nurse 40\tmy calf\tshank\t", "'place' has no answer 'shank'"),
        ("place\ta nurse 40\tstop\tcommand:halt\t", "there is no command 'halt'"),
        ("place\ta nurse 40\tis it bad\tquestion:bad\t", "there is no question 'bad'"),
        ("place\ta nurse 40\tdunno\tunsure\t", "'place' has no answer 'unsure'"),
        ("place\ta nurse 40\tmy calf\tcalf\tside=up", "'side' has no answer 'up'"),
        ("place\ta nurse 40\tmy calf\tcalf", "4 columns"),
        ("place\ta nurse 40\tMy calf.\tcalf\t", "lower case"),
        ("side\ta nurse 40\tleft\tleft\t", "does not belong here"),
    ],
)
def test_a_wrong_line_is_told_by_file_line_and_fault(tmp_path: Path, line: str, fault: str) -> None:
    folder = file_of(tmp_path, "place\ta nurse 40\tmy calf\tcalf\t", line)
    with pytest.raises(ExampleError, match=r"place\.tsv, line 3: .*" + fault):
        load_examples(folder)


def test_none_is_an_answer_only_where_it_is_a_choice(tmp_path: Path) -> None:
    file_of(tmp_path, "place\ta nurse 40\tshut the door\tnone\t")
    file_of(tmp_path, "trigger\ta nurse 40\tnothing\tnone\t", "trigger\ta nurse 40\tsit\tnobody\t", question="trigger")
    assert [example.nobodys for example in load_examples(tmp_path)] == [True, False, True]
    with pytest.raises(ExampleError, match="'place' has no answer 'nobody'"):
        load_examples(file_of(tmp_path, "place\ta nurse 40\tshut the door\tnobody\t"))
