import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import pytest

from skill.system.frozen import from_json, to_json


class Colour(StrEnum):
    RED = "red"


class Height(IntEnum):
    LOW = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    values: frozenset[str | int]
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Tree:
    leaves: "tuple[Tree | Leaf, ...]"
    height: Height | None
    names: Mapping[str, Leaf]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "text",
        7,
        (),
        ("tuple", ("frozenset",)),
        frozenset({"a", 1}),
        {"Leaf": "red"},
        Tree((Leaf(frozenset({"a", 7})), Tree((), None, {})), Height.LOW, {"x": Leaf(frozenset())}),
    ],
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = from_json(json.loads(json.dumps(to_json(value))), sys.modules[__name__])
    assert back == value
    assert type(back) is type(value)


def test_numbers_and_words_of_an_enum_come_back_as_its_members() -> None:
    tree = from_json(to_json(Tree((Leaf(frozenset()),), Height.LOW, {})), sys.modules[__name__])
    assert tree.height is Height.LOW
    assert tree.leaves[0].colour is Colour.RED
