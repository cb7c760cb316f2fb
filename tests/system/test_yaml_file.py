import pytest

from skill.system.yaml_file import YAMLError, error_line, load_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes: [no, on, off, y]", {"yes": ["no", "on", "off", "y"]}),
        ("[true, False, null, ~, ]", [True, False, None, None]),
        ("[7, -7, 010, 1.5, .5, 1e3]", [7, -7, 10, 1.5, 0.5, 1000.0]),
        ("[12:30, 1_000, 2026-11-25, '7', \"true\"]", ["12:30", "1_000", "2026-11-25", "7", "true"]),
        ("", None),
    ],
)
def test_only_the_core_schema_of_yaml_is_more_than_text(text: str, value: object) -> None:
    assert load_yaml(text) == value


def test_mappings_and_lists_know_their_lines() -> None:
    tree = load_yaml("a: 1\nb:\n  - x\n\n  - [y]\n")
    assert tree.lines == {"a": 1, "b": 2}
    assert tree["b"].lines == [3, 5]
    assert tree["b"][1].lines == [5]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("a: 1\n[b]: 2\n", 2),
        ("a:\n  b: 1\n c: 2\n", 3),
        ("a: !!python/object:os.system ls\n", 1),
        ("a: \0\n", None),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(YAMLError) as error:
        load_yaml(text)
    assert error_line(error.value) == line
