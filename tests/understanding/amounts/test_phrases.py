"""The phrases that the recogniser listens for mean what the reader of amounts makes of them."""

import pytest

from skill.language.shipped import load_grammar
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.understanding.amounts import read_amount


@pytest.mark.parametrize(("grammar", "question"), [("duration", "how_long"), ("count", "how_often"), ("scale", "pain")])
def test_a_phrase_and_its_reading_agree(grammar: str, question: str) -> None:
    asked = load_protocol().questions[question]
    wrong = []
    for sentence, sense in load_grammar(grammar).sentences.items():
        amount = read_amount(sentence, asked, SimulatedClock().today())
        if amount is not None and not amount.by_clock and amount.value != sense.value:
            wrong.append(f"{sentence}: {sense.value} as a phrase, {amount.value} as an amount")
    assert wrong == []
