from pathlib import Path

import pytest

from skill.errors import InstallationError
from skill.listening.graph import build_graph, label, load_costs, phrase
from skill.system import resources


def build(folder: Path, *phrases: str) -> Path:
    build_graph(resources.MODEL, phrases, folder)
    return folder


def test_a_phrase_is_one_word_to_the_recogniser(tmp_path: Path) -> None:
    graph = build(tmp_path, "i can't feel my legs", "no")
    words = dict(line.split(" ") for line in (graph / "words.txt").read_text(encoding="utf-8").splitlines())
    assert words == {"<eps>": "0", "[unk]": "1", "[noise]": "2", "i_can't_feel_my_legs": "3", "no": "4"}


def test_labels_and_phrases_are_two_ways_to_write_the_same() -> None:
    assert phrase(label("i can't feel my legs")) == "i can't feel my legs"


def test_equal_beginnings_are_shared(tmp_path: Path) -> None:
    size = {
        n: (build(tmp_path / str(n), *phrases) / "HCLr.fst").stat().st_size
        for n, phrases in enumerate(
            (["no"], ["no", "i can't feel my legs"], ["no", "i can't feel my legs", "i can't feel my leg"])
        )
    }
    assert size[2] - size[1] < (size[1] - size[0]) / 4


def test_a_word_without_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="Nobody knows how to say"):
        build(tmp_path, "no …")


def test_a_model_without_its_costs_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"graph\.yaml is missing or wrong"):
        load_costs(tmp_path / "graph.yaml")
    (tmp_path / "graph.yaml").write_text("unknown: 1\nfoo: 2\n", encoding="utf-8")
    with pytest.raises(InstallationError, match="unexpected keyword argument"):
        load_costs(tmp_path / "graph.yaml")
