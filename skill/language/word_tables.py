"""The word lists of amounts, `grammars/en/words/amounts.yaml`: read once, and not at each start; see `compiled`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from skill.errors import InstallationError
from skill.system import resources
from skill.system.compiled import Compiled

_FILE: Final = resources.GRAMMARS / "words" / "amounts.yaml"


@cache
def word_tables() -> Mapping[str, Any]:
    """Every section by name: a list of phrases, what each phrase stands for, or a number.

    Raises InstallationError when the file is missing or damaged.
    """
    tables: dict[str, Any] = COMPILED.load()
    return tables


def _make() -> dict[str, Any]:
    from skill.system.yaml_file import YAMLError, load_yaml

    try:
        sections = load_yaml(_FILE.read_text(encoding="utf-8"))
    except (OSError, YAMLError, UnicodeDecodeError) as problem:
        raise InstallationError(f"{_FILE} cannot be read: {problem}. Install Charley again.") from problem
    if not isinstance(sections, dict):
        raise InstallationError(f"{_FILE} must hold sections such as `ones`; install Charley again.")
    return {name: _by_phrase(section) for name, section in sections.items()}


def _by_phrase(section: Any) -> Any:
    """Lists below values ("60: [minute, min]") turned about; all else as it stands."""
    if isinstance(section, dict) and all(isinstance(phrases, list) for phrases in section.values()):
        return {phrase: value for value, phrases in section.items() for phrase in phrases}
    return section


COMPILED: Final = Compiled("amounts", lambda: [_FILE, Path(__file__)], _make)
