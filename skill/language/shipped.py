"""The grammars that are shipped."""

from functools import cache

from skill.language.grammar import Grammar
from skill.system import resources


@cache
def load_grammar(name: str) -> Grammar:
    """The shipped grammar `grammars/en/<name>.yaml`, with the fillers that every grammar has.

    Raises InstallationError naming file and line when it is missing or wrong.
    """
    from skill.language.grammar_file import read_grammar  # hassil and YAML take 0.3 s to import

    common = frozenset() if name == "filler" else load_grammar("filler").fillers
    return read_grammar(resources.GRAMMARS / f"{name}.yaml", common)
