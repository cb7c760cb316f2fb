"""The page for clinicians says what the protocol says."""

from dataclasses import replace
from pathlib import Path

import pytest

from skill.commands.clinical_page import BEGIN, END, tables, with_tables
from skill.dialogue.prompts import load_prompts
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.proof import prove

PAGE = Path(__file__).parents[2] / "docs" / "clinical.md"
PROTOCOL, FOLLOWUP, PROMPTS = load_protocol(), load_protocol(resources.FOLLOWUP), load_prompts()


def test_the_tables_are_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    renewed = with_tables(page, PROTOCOL, FOLLOWUP, PROMPTS)
    assert renewed == page, "run: python -m skill.commands.clinical_page docs/clinical.md"


def test_a_rule_stands_with_its_condition_its_words_and_its_sources() -> None:
    words = PROMPTS.texts["reasons.locked_jaw"]
    row = f"| `locked_jaw` | emergency | jaw_locked is yes | {words} | `nhs_tetanus` |"
    assert row in tables(PROTOCOL, FOLLOWUP, PROMPTS)


def test_every_clinical_text_that_is_spoken_stands_on_the_page() -> None:
    page = tables(PROTOCOL, FOLLOWUP, PROMPTS)
    spoken = {
        prompt: text
        for prompt, text in PROMPTS.texts.items()
        if prompt.partition(".")[0] in ("reasons", "first_aid", "watch", "causes", "prevention")
        or (prompt.startswith("questions.") and prompt.endswith(".ask"))
        or (prompt.startswith("remedies.") and (".steps." in prompt or prompt.endswith(".caution")))
        or (prompt.startswith("faq.") and prompt.endswith(".answer"))
        or (prompt.startswith("levels.") and prompt.endswith(".say"))
    }
    assert [prompt for prompt, text in spoken.items() if text not in page] == []


def test_a_changed_text_has_another_fingerprint() -> None:
    changed = replace(PROMPTS, texts={**PROMPTS.texts, "watch.leg": "Nothing."})
    assert tables(PROTOCOL, FOLLOWUP, changed)[-200:] != tables(PROTOCOL, FOLLOWUP, PROMPTS)[-200:]


def test_the_figures_of_the_page_are_those_of_the_proof() -> None:
    proof, text = prove(PROTOCOL), " ".join(PAGE.read_text(encoding="utf-8").split())
    assert (
        f"{proof.branches} branches; {proof.median_answers:g} answers in the median branch, {proof.most_answers} "
        f"in the longest with any one red flag, {proof.longest} when nearly everything is wrong"
    ) in text


def test_a_page_without_a_place_for_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="has no"):
        with_tables("# Nothing", PROTOCOL, FOLLOWUP, PROMPTS)
    assert with_tables(f"{BEGIN}\n{END}", PROTOCOL, FOLLOWUP, PROMPTS).count(END) == 1
