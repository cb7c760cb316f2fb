"""The page for clinicians says what the protocol says."""

from pathlib import Path

import pytest

from skill.triage.clinical_page import BEGIN, END, tables, with_tables
from skill.triage.definition import Protocol
from skill.triage.proof import Proof
from tests.triage.conftest import ProtocolWith

PAGE = Path(__file__).parents[2] / "docs" / "clinical.md"


def test_the_tables_are_up_to_date(protocol: Protocol, followup: Protocol) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page, protocol, followup) == page, "run: python -m skill.triage.clinical_page docs/clinical.md"


def test_a_rule_stands_with_its_condition_and_sources(protocol_with: ProtocolWith) -> None:
    small = protocol_with()
    assert "| `clot` | urgent | swelling is yes | `guide` |" in tables(small, small)


def test_the_figures_of_the_page_are_those_of_the_proof(proof: Proof) -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert (
        f"{proof.branches} branches; {proof.median_answers:g} answers in the median branch, {proof.most_answers} "
        f"in the longest with any one red flag, {proof.longest} when nearly everything is wrong"
    ) in text


def test_a_page_without_a_place_for_the_tables_is_refused(protocol: Protocol, followup: Protocol) -> None:
    with pytest.raises(ValueError, match="has no"):
        with_tables("# Nothing", protocol, followup)
    assert with_tables(f"{BEGIN}\n{END}", protocol, followup).count(END) == 1
