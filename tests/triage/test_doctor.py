"""The doctor's interview: what is asked after the advice, and what its answers say about earlier ones."""

import pytest

from skill.triage.definition import Protocol, Stage
from skill.triage.interview import Interview
from skill.triage.model import UNANSWERED, Answer, Level, Value
from skill.triage.scenarios import Scenarios

OVER = {"place": "thigh", "happening": "over"}


def collected(scenarios: Scenarios, **facts: Value) -> Interview:
    return scenarios.play({**OVER, "doctor": "yes", **facts}).end


def test_without_a_wish_for_it_nothing_is_collected(scenarios: Scenarios) -> None:
    walk = scenarios.play(OVER)
    assert walk.collected == 0
    assert walk.verdict.level is Level.SELF_CARE


def test_it_asks_only_what_is_not_known(scenarios: Scenarios) -> None:
    hurting = scenarios.play({"place": "calf", "happening": "cramp", "eased": "no", "how_long": 900, "doctor": "yes"})
    assert "lasts" not in hurting.end.answers
    assert "worst" not in hurting.end.answers
    assert {"lasts", "worst"} <= collected(scenarios).answers.keys()


def test_nobody_who_must_call_an_ambulance_is_kept_by_it(protocol: Protocol) -> None:
    interview = Interview(protocol).answer("emergency", "yes").answer("doctor", "yes")
    assert interview.next() == Interview(protocol).answer("emergency", "yes").next()


@pytest.mark.parametrize(
    ("question", "value", "earlier"),
    [("how_often", 3, "recurs"), ("medicines", "blood_thinner", "background"), ("conditions", "kidney", "background")],
)
def test_a_late_answer_says_yes_to_an_earlier_question(
    scenarios: Scenarios, question: str, value: Value, earlier: str
) -> None:
    assert collected(scenarios).value(earlier) == "no"
    assert collected(scenarios, **{question: value}).value(earlier) == "yes"


def test_no_answer_for_a_doctor_lowers_the_level(scenarios: Scenarios) -> None:
    stages = scenarios.protocol.stages
    for facts in ({}, {"recurs": "yes"}, {"changes": "yes", "swelling": "yes"}):
        before = scenarios.play({**OVER, **facts}).verdict.level
        for question in (one for one in scenarios.protocol.questions.values() if stages[one.id] is Stage.DOCTOR):
            for value in (*question.choices, UNANSWERED):
                assert collected(scenarios, **facts, **{question.id: value}).verdict().level >= before


def test_what_is_left_out_changes_nothing_but_that_a_doubt_about_medicines_counts(scenarios: Scenarios) -> None:
    stages = scenarios.protocol.stages
    left_out = {name: UNANSWERED for name, stage in stages.items() if stage is Stage.DOCTOR and name != "medicines"}
    assert collected(scenarios, **left_out).verdict() == scenarios.play(OVER).verdict
    assert collected(scenarios, medicines=UNANSWERED).verdict().level is Level.SOON


def test_a_change_goes_to_the_question_that_was_put(protocol: Protocol) -> None:
    early = Interview(protocol, history=(Answer("background", "no"),))
    assert early.correctable("medicines").id == "background"
    late = Interview(protocol, history=(Answer("background", "no"), Answer("medicines", "none"), Answer("lasts", 120)))
    assert late.correctable("medicines").id == "medicines"
    assert late.correctable("how_long").id == "lasts"
    assert late.correctable("place").id == "place"
