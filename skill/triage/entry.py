"""YAML read strictly: every value knows its file and line, so that a mistake is reported where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from skill.errors import CharleyError, InstallationError
from skill.system.yaml_file import YAMLError, compose_yaml, error_line

#: Plain words that some YAML readers take for true and false.
_BOOLEAN_WORDS: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
_STRING: Final = "tag:yaml.org,2002:str"
_INTEGER: Final = "tag:yaml.org,2002:int"
_BOOLEAN: Final = "tag:yaml.org,2002:bool"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a YAML file. Every reading method raises `error` with file, line and remedy."""

    node: Node
    file: Path
    error: type[CharleyError] = InstallationError

    @property
    def line(self) -> int:
        """Where it stands, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def wrong(self, what: str, mend: str) -> CharleyError:
        """The error to raise for this value."""
        return self.error(f"{self.file.name}, line {self.line}: {what}; {mend}.")

    def as_written(self) -> str:
        """One word or sentence, where people need not know YAML: yes, no and numbers count as text without quotes."""
        if not isinstance(self.node, ScalarNode):
            raise self.wrong("one word or sentence is expected here", "write it as plain text")
        return str(self.node.value)

    def text(self) -> str:
        """A string."""
        node = self.node
        if not isinstance(node, ScalarNode):
            raise self.wrong("one word or sentence is expected here", "write it as plain text")
        if not node.style and node.value.lower() in _BOOLEAN_WORDS:
            raise self.wrong(f"the word {node.value} stands without quotes", f'write "{node.value}"')
        if node.tag != _STRING:
            raise self.wrong(f"{node.value!r} is not text", f'write "{node.value}"')
        return str(node.value)

    def integer(self) -> int:
        """A whole number, not negative."""
        if not isinstance(self.node, ScalarNode) or self.node.tag != _INTEGER or not self.node.value.isdecimal():
            raise self.wrong("a whole number is expected here", "write digits without quotes")
        return int(self.node.value)

    def boolean(self) -> bool:
        """`true` or `false`."""
        if not isinstance(self.node, ScalarNode) or self.node.tag != _BOOLEAN:
            raise self.wrong("true or false is expected here", "write one of the two without quotes")
        return str(self.node.value).lower() == "true"

    def items(self) -> tuple["Entry", ...]:
        """The members of a list; a single value counts as a list of one."""
        if isinstance(self.node, SequenceNode):
            return tuple(replace(self, node=node) for node in self.node.value)
        return (self,)

    def pairs(self) -> Iterator[tuple["Entry", "Entry"]]:
        """Keys and values of a mapping, in order; a key that stands twice is an error."""
        if not isinstance(self.node, MappingNode):
            raise self.wrong("names with values are expected here", "write `name: value`")
        seen: set[str] = set()
        for key, value in self.node.value:
            name = replace(self, node=key)
            if name.text() in seen:
                raise name.wrong(f"{name.text()!r} stands twice", "remove one of the two")
            seen.add(name.text())
            yield name, replace(self, node=value)

    def fields(self, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, "Entry"]:
        """The values of a mapping with exactly these names."""
        found: dict[str, Entry] = {}
        for name, value in self.pairs():
            if name.text() not in (*needed, *optional):
                raise name.wrong(f"{name.text()!r} means nothing here", f"use {', '.join((*needed, *optional))}")
            found[name.text()] = value
        for missing in (name for name in needed if name not in found):
            raise self.wrong(f"{missing!r} is missing", f"add `{missing}: …`")
        return found

    @property
    def is_text(self) -> bool:
        """Whether this is a single value, not a list or mapping."""
        return isinstance(self.node, ScalarNode)


def read_entry(file: Path, error: type[CharleyError] = InstallationError, mend: str = "reinstall Charley") -> Entry:
    """The whole file. Raises `error` when it is missing or empty (then `mend` says what to do) or no YAML."""
    try:
        node = compose_yaml(file.read_text(encoding="utf-8"))
    except OSError:
        raise error(f"{file} cannot be read: {mend}.") from None
    except UnicodeDecodeError:
        raise error(f"{file.name} is not UTF-8 text: save it as UTF-8.") from None
    except YAMLError as problem:
        line = error_line(problem)
        if line is None:
            raise error(f"{file.name} is no YAML: {' '.join(str(problem).split())}; mend it.") from None
        raise error(f"{file.name}, line {line}: {problem.problem}; mend indentation or quotes.") from None
    if node is None:
        raise error(f"{file.name} is empty: {mend}.")
    return Entry(node, file, error)
