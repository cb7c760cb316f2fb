"""A reviewer's cases are read strictly, put through the interview, and judged."""

from pathlib import Path
from textwrap import dedent

import pytest

from skill.errors import UsageError
from skill.triage.cases import Outcome, load_cases, run_case
from skill.triage.model import Level, Question, Value
from skill.triage.scenarios import Scenarios
from tests.triage.conftest import ProtocolWith

CASE = """\
    sore:
      story: A calf.
      answers: {place: calf, cramping: yes}
      level: self_care
      source: guide
    """


def in_words(question: Question, said: str) -> Value | None:
    known: dict[tuple[str, str], Value] = {("how_long", "an hour"): 3600, ("place", "both"): "arm"}
    return known.get((question.id, said))


def outcome_of(text: str, protocol_with: ProtocolWith, folder: Path) -> Outcome:
    file = folder / "cases.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    small = protocol_with()
    (case,) = load_cases(file, small, small, in_words)
    return run_case(case, Scenarios(small))


def test_a_case_that_comes_out_as_it_must_has_no_problem(protocol_with: ProtocolWith, tmp_path: Path) -> None:
    outcome = outcome_of(CASE, protocol_with, tmp_path)
    assert (outcome.case.id, outcome.level, outcome.problems, outcome.unasked) == ("sore", Level.SELF_CARE, (), ())


@pytest.mark.parametrize(
    ("was", "becomes", "problems"),
    [
        ("cramping: yes", "swelling: yes", ("too high",)),
        ("level: self_care", "level: urgent", ("too low",)),
        ("level: self_care", "level: self_care\n      reasons: [dire]", ("dire does not decide",)),
        ("level: self_care", "level: self_care\n      remedies: [stretch, rest]", ()),
        ("level: self_care", "level: self_care\n      never: [stretch]", ("stretch is told",)),
        ("cramping: yes", "swelling: unsure, how_long: an hour", ("too high",)),
    ],
)
def test_each_difference_is_named(
    was: str, becomes: str, problems: tuple[str, ...], protocol_with: ProtocolWith, tmp_path: Path
) -> None:
    assert outcome_of(CASE.replace(was, becomes), protocol_with, tmp_path).problems == problems


def test_an_answer_that_nobody_asks_for_is_named(protocol_with: ProtocolWith, tmp_path: Path) -> None:
    outcome = outcome_of(CASE.replace("place: calf", "place: back, swelling: yes"), protocol_with, tmp_path)
    assert outcome.unasked == ("swelling",)


def test_what_a_person_would_say_is_an_answer(protocol_with: ProtocolWith, tmp_path: Path) -> None:
    outcome = outcome_of(CASE.replace("yes}", "yes, eased: no, how_long: an hour}"), protocol_with, tmp_path)
    assert (outcome.level, outcome.reasons) == (Level.SOON, ("stubborn",))


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("place:", "plaice:", "cases.yaml, line 3: 'plaice' is not known at `answers`; write place."),
        ("calf,", "nose,", "cases.yaml, line 3: 'place' has no answer 'nose'; write calf, back."),
        ("calf,", "both,", "cases.yaml, line 3: 'place' has no answer 'both'; write calf, back."),
        ("self_care", "selfcare", "cases.yaml, line 4: 'selfcare' is not known at `level`; write self_care."),
        ("source", "sauce", "cases.yaml, line 5: 'sauce' means nothing here"),
        ("      story: A calf.\n", "", "cases.yaml, line 2: 'story' is missing"),
        ("self_care", "soon\n      reasons: [grim]", "'grim' is not known at `reasons`; write clot or dire or"),
        ("{place", "[place", "cases.yaml, line 3: "),
        (CASE, "", "cases.yaml is empty: name a YAML file of cases"),
    ],
)
def test_a_mistake_is_reported_with_file_line_and_remedy(
    was: str, becomes: str, complaint: str, protocol_with: ProtocolWith, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as problem:
        outcome_of(CASE.replace(was, becomes), protocol_with, tmp_path)
    assert complaint in str(problem.value)


def test_a_file_that_is_not_there_is_asked_for_again(protocol_with: ProtocolWith, tmp_path: Path) -> None:
    small = protocol_with()
    with pytest.raises(UsageError, match="cannot be read: name a YAML file of cases"):
        load_cases(tmp_path / "none.yaml", small, small, in_words)
