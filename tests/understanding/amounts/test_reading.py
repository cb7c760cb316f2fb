"""What amounts are read from sayings, by a corpus that stands beside this file."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from skill.system import resources
from skill.system.yaml_file import load_yaml
from skill.triage.loader import load_protocol
from skill.understanding.amounts import read_amount

NOW = datetime(2026, 11, 25, 21, tzinfo=UTC)
QUESTIONS = {**load_protocol().questions, **load_protocol(resources.FOLLOWUP).questions}


def corpus() -> Iterator[tuple[str, str, int | None]]:
    tree = load_yaml((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
    for question, values in tree.items():
        for value, sayings in values.items():
            for said in sayings:
                yield question, str(said), value


@pytest.mark.parametrize(("name", "said", "value"), tuple(corpus()))
def test_reads_what_is_meant(name: str, said: str, value: int | None) -> None:
    amount = read_amount(said, QUESTIONS[name], NOW)
    assert (amount.value if amount else None) == value


def test_reads_nothing_where_no_amount_is_asked_for() -> None:
    assert read_amount("ten minutes", QUESTIONS["place"], NOW) is None


@pytest.mark.parametrize("said", ["7" * 100_000, "7 " * 50_000, "seven " * 20_000, "a half and " * 300, "-" * 100_000])
@pytest.mark.parametrize("name", ["how_long", "pain", "how_often"])
def test_an_endless_line_is_left_unread_at_once(name: str, said: str) -> None:
    begun = time.process_time()
    assert read_amount(said, QUESTIONS[name], NOW) is None
    assert time.process_time() - begun < 0.05


@pytest.mark.parametrize(
    ("name", "said", "sure"),
    [
        ("how_long", "100 minutes", True),
        ("how_long", "ten minutes " + "and the cat " * 10, False),
        ("how_long", "ten minutes no what am i saying the kettle had gone twenty", False),
        ("how_long", "seven", False),
        ("lasts", "half an hour", True),
        ("pain", "seven, no, eight", True),
        ("pain", "three lying, eight when i turn", False),
        ("pain", "agony", False),
        ("worst", "off the scale", True),
    ],
)
def test_is_sure_only_where_nothing_had_to_be_chosen(name: str, said: str, sure: bool) -> None:
    amount = read_amount(said, QUESTIONS[name], NOW)
    assert amount is not None
    assert amount.sure is sure


def test_tells_which_words_it_rests_on_and_whether_the_clock_was_needed() -> None:
    amount = read_amount("oh, since half six this morning, give or take", QUESTIONS["how_long"], NOW)
    assert amount is not None
    assert (amount.words, amount.by_clock) == ("half six this morning", True)
    amount = read_amount("oh, about 95 min, give or take", QUESTIONS["how_long"], NOW)
    assert amount is not None
    assert (amount.words, amount.by_clock) == ("95 min", False)


def test_a_clock_in_another_zone_is_the_person_s_own() -> None:
    evening = datetime(2026, 11, 25, 21, tzinfo=timezone(timedelta(hours=-5)))
    amount = read_amount("since eight", QUESTIONS["how_long"], evening)
    assert amount is not None
    assert amount.value == 3600
