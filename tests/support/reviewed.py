"""The cases of `tests/cases/`, in the format of `charley cases`: dangerous, ordinary and awkward ones."""

from functools import cache
from pathlib import Path

from skill.language.shipped import load_grammar
from skill.system import resources
from skill.triage.cases import Case, load_cases
from skill.triage.loader import load_protocol
from skill.triage.model import Question, Value

FOLDER = Path(__file__).parents[1] / "cases"
THIRDS = ("dangerous", "ordinary", "awkward")


@cache
def reviewed(third: str) -> tuple[Case, ...]:
    return load_cases(FOLDER / f"{third}.yaml", load_protocol(), load_protocol(resources.FOLLOWUP), _in_words)


def all_reviewed() -> tuple[Case, ...]:
    return tuple(case for third in THIRDS for case in reviewed(third))


def _in_words(question: Question, said: str) -> Value | None:
    sense = load_grammar(question.grammar).read(said).sole
    return None if sense is None else sense.value
