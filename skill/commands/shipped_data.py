"""All shipped data that are made once and kept; `hatch_build.py` puts them into the wheel.

The build imports this file with no more than what `[build-system]` in pyproject.toml names.
"""

from skill.dialogue import prompts
from skill.language import shipped, word_tables
from skill.system import resources
from skill.system.compiled import Compiled
from skill.triage.loader import compiled_protocol
from skill.understanding.decision import compiled_thresholds


def shipped_data() -> tuple[Compiled, ...]:
    """Every set of them."""
    protocols = map(compiled_protocol, (resources.PROTOCOL, resources.FOLLOWUP))
    words = (prompts.COMPILED, prompts.WRITTEN)
    return (shipped.COMPILED, word_tables.COMPILED, *words, *protocols, compiled_thresholds())
