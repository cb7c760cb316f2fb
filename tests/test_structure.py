"""The house: no file imports itself by a detour, and no room imports one that comes after it."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1] / "skill"

#: What each room may import, beside itself, the errors and the settings. Only `app`, `cli` and `equipment` know all.
MAY_IMPORT: Final = {
    "system": {"listening"},  # signs of life for systemd come with the sound that is read
    "triage": {"system"},
    "language": {"system", "triage"},
    "listening": {"system", "language"},
    "speaking": {"system"},
    "understanding": {"system", "language", "listening", "triage"},
    "episodes": {"system", "triage"},
    "dialogue": {"system", "language", "listening", "understanding", "triage", "speaking", "episodes"},
    "channels": {"system", "language", "listening", "understanding", "triage", "speaking", "episodes", "dialogue"},
    "reporting": {"system", "listening", "speaking", "dialogue", "episodes", "triage", "language", "understanding"},
}


def modules() -> dict[str, Path]:
    files = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for name, path in files.items()}


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = [name for alias in node.names if (name := f"{node.module}.{alias.name}") in known]
            yield from inside or [node.module]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def graph() -> dict[str, set[str]]:
    known = modules()
    return {name: {used for used in imports(path, known) if used in known} for name, path in known.items()}


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else None


def test_no_module_imports_itself_by_a_detour() -> None:
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from circle


def test_no_room_imports_one_that_comes_after_it() -> None:
    wrong = [
        f"{module} imports {used}"
        for module, uses in graph().items()
        for used in uses
        if (allowed := MAY_IMPORT.get(room(module) or "")) is not None
        and room(used) not in (None, room(module))
        and room(used) not in allowed
    ]
    assert wrong == []


def test_every_room_says_its_one_job() -> None:
    silent = [
        folder.name
        for folder in PACKAGE.iterdir()
        if (folder / "__init__.py").is_file() and not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    ]
    assert silent == []
