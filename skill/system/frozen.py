"""Frozen values as JSON, and back: dataclasses, enums, tuples, frozensets and mappings with names for keys.

A mapping is a JSON object; all else that JSON lacks is a list of its type's name and its parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any, Final

_PLAIN: Final[Mapping[str, Callable[..., Any]]] = {
    "tuple": lambda *parts: parts,
    "frozenset": lambda *parts: frozenset(parts),
}


def to_json(value: Any) -> Any:
    """What `from_json` makes an equal value of."""
    match value:
        case Enum():
            return [type(value).__name__, value.value]
        case tuple():
            return ["tuple", *map(to_json, value)]
        case frozenset():
            return ["frozenset", *map(to_json, sorted(value, key=repr))]
        case Mapping():
            return {name: to_json(part) for name, part in value.items()}
        case _ if is_dataclass(value):
            return [type(value).__name__, *(to_json(getattr(value, field.name)) for field in fields(value))]
        case _:
            return value


def from_json(data: Any, *modules: ModuleType) -> Any:
    """The value again, of the types that `modules` define."""
    types = {**_PLAIN, **{name: one for module in modules for name, one in vars(module).items()}}

    def restored(part: Any) -> Any:
        if isinstance(part, list):
            return types[part[0]](*map(restored, part[1:]))
        return {name: restored(value) for name, value in part.items()} if isinstance(part, dict) else part

    return restored(data)
