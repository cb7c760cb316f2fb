"""YAML text read by libyaml, which is twenty times as fast as a reader in pure Python.

PyYAML by itself reads YAML 1.1, where `yes` is no word, and takes the last of two equal keys. Here only what YAML 1.2
calls the core schema is more than text, and a key that stands twice is an error.
"""

import re
from collections.abc import Hashable
from typing import Any, ClassVar, Final

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _SafeLoader

YAMLError: Final = yaml.YAMLError

#: Plain scalars that are no text, and the letters with which they begin: YAML 1.2.2, section 10.3.2.
_CORE: Final = (
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?[0-9]+", [*"-+0123456789"]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", [*"-+.0123456789"]),
)


class LinedMap(dict[Any, Any]):
    """A mapping, and the line of each key, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class LinedList(list[Any]):
    """A list, and the line of each item, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Loader(_SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def load_yaml(text: str) -> Any:
    """The value in `text`; its mappings and lists know their lines. Raises YAMLError."""
    return yaml.load(text, _Loader)


def compose_yaml(text: str) -> Node | None:
    """The root node of `text`, None where it is empty. Raises YAMLError."""
    return yaml.compose(text, _Loader)


def error_line(problem: yaml.YAMLError) -> int | None:
    """Where a mistake stands, counted from 1; None where the text is no YAML at all."""
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    return None if mark is None else _line(mark)


def _line(mark: Any) -> int:
    return int(mark.line) + 1


def _mapping(loader: _Loader, node: MappingNode) -> LinedMap:
    found = LinedMap()
    for name, value in node.value:
        key = loader.construct_object(name, deep=True)
        if not isinstance(key, Hashable):
            raise ConstructorError(None, None, "a list or mapping cannot be a key", name.start_mark)
        if key in found:
            raise ConstructorError(None, None, f"the key {key!r} stands twice", name.start_mark)
        found[key] = loader.construct_object(value, deep=True)
        found.lines[key] = _line(name.start_mark)
    return found


def _list(loader: _Loader, node: SequenceNode) -> LinedList:
    found = LinedList()
    for item in node.value:
        found.append(loader.construct_object(item, deep=True))
        found.lines.append(_line(item.start_mark))
    return found


def _integer(loader: _Loader, node: ScalarNode) -> int:
    """Without this 010 would be 8."""
    return int(loader.construct_scalar(node))


for _name, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_pattern})\Z"), _first)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _list)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
