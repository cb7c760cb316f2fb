"""The grammars that are shipped. Their templates are expanded once, not at each start: see `compiled`."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from skill.errors import InstallationError
from skill.language.dialling import Telephones
from skill.language.grammar import Grammar, Sense
from skill.system import resources
from skill.system.compiled import Compiled

#: The conversation and the ear, made in another thread, ask at the same time: one of them waits for the other.
_LOADING: Final = Lock()


@cache
def load_grammar(name: str) -> Grammar:
    """The shipped grammar `grammars/en/<name>.yaml`, with the fillers that every grammar has.

    Raises InstallationError naming file and line when it is missing or wrong.
    """
    with _LOADING:
        known = _load().get(name)
    return read_shipped_grammar(name) if known is None else _from_json(name, known)


def read_shipped_grammar(name: str) -> Grammar:
    """The same, read from its file."""
    from skill.language.grammar_file import read_grammar  # hassil takes 0.1 s to import

    common = frozenset() if name == "filler" else read_shipped_grammar("filler").fillers
    return read_grammar(resources.GRAMMARS / f"{name}.yaml", common)


def grammar_names() -> tuple[str, ...]:
    """The names of all shipped grammars, in alphabetical order."""
    return tuple(sorted(path.stem for path in resources.GRAMMARS.glob("*.yaml")))


def _sources() -> Iterator[Path]:
    yield from resources.GRAMMARS.glob("*.yaml")
    yield from Path(__file__).parent.glob("*.py")


def _make() -> dict[str, Any]:
    grammars = {}
    for name in grammar_names():
        with suppress(InstallationError):  # whoever asks for a grammar that is wrong is told so
            grammars[name] = _as_json(read_shipped_grammar(name))
    return grammars


COMPILED: Final = Compiled("grammars", _sources, _make)


@cache
def _load() -> Mapping[str, Any]:
    known: dict[str, Any] = COMPILED.load()
    return known


def _as_json(grammar: Grammar) -> dict[str, Any]:
    return {
        "sentences": {sentence: sense.value for sentence, sense in grammar.sentences.items()},
        "fillers": sorted(grammar.fillers),
        "spellings": grammar.spellings,
        "likely": sorted(grammar.likely),
        "telephones": sorted(grammar.telephones.numbers),
        "measures": sorted(grammar.telephones.measures),
    }


def _from_json(name: str, known: Mapping[str, Any]) -> Grammar:
    senses: dict[Any, Sense] = {}
    sentences = {
        sentence: senses.setdefault(value, Sense(name, value)) for sentence, value in known["sentences"].items()
    }
    return Grammar(
        name,
        sentences,
        frozenset(known["fillers"]),
        known["spellings"],
        frozenset(known["likely"]),
        Telephones(frozenset(known["telephones"]), frozenset(known["measures"])),
    )
