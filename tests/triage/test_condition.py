"""Conditions hold, hold in doubt, or do not hold; nothing in them can be negated."""

import pytest

from skill.triage.condition import All, AtLeast, Condition, Is, Some, Support, certain, holds, support, ways

SWOLLEN = Is("swelling", frozenset({"yes"}))
LONG = AtLeast("how_long", 600)
LEG = Is("place", frozenset({"calf", "foot"}))
CALF = Is("place", frozenset({"calf"}))


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (SWOLLEN, {}, None),
        (SWOLLEN, {"swelling": "no"}, None),
        (SWOLLEN, {"swelling": "yes"}, frozenset()),
        (SWOLLEN, {"swelling": "unsure"}, {"swelling"}),
        (SWOLLEN, {"swelling": "unanswered"}, {"swelling"}),
        (LONG, {"how_long": 599}, None),
        (LONG, {"how_long": 600}, frozenset()),
        (LONG, {"how_long": "unanswered"}, {"how_long"}),
        (All((SWOLLEN, LONG)), {"swelling": "unsure", "how_long": 700}, {"swelling"}),
        (All((SWOLLEN, LONG)), {"swelling": "yes"}, None),
        (Some((SWOLLEN, LONG)), {"swelling": "unsure", "how_long": 700}, frozenset()),
        (Some((SWOLLEN, LONG)), {"swelling": "no"}, None),
        (All(), {}, frozenset()),
        (Some(), {}, None),
    ],
)
def test_a_condition_names_the_doubts_that_it_rests_on(
    condition: Condition, answers: dict[str, str | int], expected: Support
) -> None:
    assert support(condition, answers) == expected


def test_a_doubt_holds_but_is_not_certain() -> None:
    assert holds(SWOLLEN, {"swelling": "unsure"})
    assert not certain(SWOLLEN, {"swelling": "unsure"})


def test_ways_leave_out_contradictions() -> None:
    either = Some((All((LEG, SWOLLEN)), All((CALF, Is("place", frozenset({"neck"}))))))
    assert list(ways(either)) == [{"place": LEG, "swelling": SWOLLEN}]


def test_ways_narrow_what_is_tested_twice() -> None:
    assert list(ways(All((LEG, CALF, LONG, AtLeast("how_long", 60))))) == [{"place": CALF, "how_long": LONG}]
