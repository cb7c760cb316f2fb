"""An interview: relief first, then what still matters, then the verdict; everything can be taken back."""

import pytest

from skill.triage.definition import Protocol
from skill.triage.interview import Interview
from skill.triage.model import UNANSWERED, UNSURE, Answer, Ask, Coach, Coached, Conclude, Level, Step, Value
from skill.triage.scenarios import Scenarios
from tests.triage.conftest import ProtocolWith


def told(step: Step) -> str:
    """One word for a step."""
    match step:
        case Ask(question):
            return question.id
        case Coach(remedy, opening):
            return f"{remedy.id} (first step)" if opening else remedy.id
        case Conclude(verdict):
            return verdict.level.id


def course(interview: Interview, **facts: Value) -> list[str]:
    """The steps of an interview with these facts, yes to "eased", and no to everything else."""
    told_steps = []
    while True:
        step = interview.next()
        told_steps.append(told(step))
        match step:
            case Ask(question):
                benign = "yes" if question.id == "eased" else "none" if question.id == "trigger" else "no"
                interview = interview.answer(question.id, facts.get(question.id, benign))
            case Coach(remedy, opening):
                interview = interview.coached(remedy.id, opening)
            case Conclude():
                return told_steps


def test_a_calf_cramp_is_eased_after_three_answers(protocol: Protocol) -> None:
    assert course(Interview(protocol), place="calf", happening="cramp") == [
        "emergency",
        "place",
        "happening",
        "ease_leg (first step)",
        "changes",
        "constant",
        "illness",
        "unwell",
        "background",
        "calf_stretch (first step)",
        "recurs",
        "calf_stretch",
        "eased",
        "self_care",
    ]


def test_a_back_is_asked_for_its_nerves_before_it_is_moved(protocol: Protocol) -> None:
    steps = course(Interview(protocol), place="lower_back", happening="cramp")
    assert steps.index("cauda") < steps.index("tearing") < steps.index("back_rest (first step)")


def test_every_limb_gets_its_first_relief_after_three_answers(protocol: Protocol) -> None:
    for place in ("calf", "foot", "thigh", "leg", "hand", "arm", "shoulder", "several", "elsewhere"):
        steps = course(Interview(protocol), place=place, happening="cramp")
        assert steps[3].endswith("(first step)"), place


def test_nothing_is_pulled_before_an_injury_and_a_clot_were_asked_for(protocol: Protocol) -> None:
    for place in ("calf", "foot", "thigh", "leg", "hand", "arm", "shoulder"):
        steps = course(Interview(protocol), place=place, happening="cramp")
        pulled = next(n for n, step in enumerate(steps) if "_stretch" in step)
        assert max(steps.index("changes"), steps.index("illness")) < pulled, place


def test_what_is_said_at_once_is_not_said_again_in_the_advice(protocol: Protocol) -> None:
    walk = Scenarios(protocol).play({"place": "calf", "happening": "cramp"})
    assert walk.coached[0] == Coached("ease_leg", opening=True)
    assert "ease_leg" not in [remedy.id for remedy in walk.verdict.remedies]


def test_a_cramp_that_is_over_gets_no_urgent_relief(protocol: Protocol) -> None:
    steps = course(Interview(protocol), place="calf", happening="over")
    assert not any(step in protocol.remedies or step.endswith("(first step)") for step in steps)


def test_an_emergency_concludes_at_once(protocol: Protocol) -> None:
    assert course(Interview(protocol), emergency="yes") == ["emergency", "emergency"]


@pytest.mark.parametrize("doubt", [UNSURE, UNANSWERED])
def test_a_doubtful_answer_counts_as_a_possible_yes_and_says_so(protocol: Protocol, doubt: str) -> None:
    verdict = Interview(protocol).answer("emergency", doubt).verdict()
    assert verdict.level is Level.EMERGENCY
    assert verdict.reasons[0].assumed == ("emergency",)


def test_a_yes_rests_on_no_assumption(protocol: Protocol) -> None:
    assert Interview(protocol).answer("emergency", "yes").verdict().reasons[0].assumed == ()


def test_a_suspected_clot_ends_the_stretching(protocol: Protocol) -> None:
    steps = course(Interview(protocol), place="calf", happening="cramp", changes="yes", swelling="yes")
    assert "ease_leg (first step)" in steps
    assert not {"calf_stretch (first step)", "calf_stretch"} & set(steps)
    assert "massage" not in steps
    assert steps[-1] == "urgent"


def test_after_an_urgent_sign_only_what_may_be_worse_is_asked(protocol: Protocol) -> None:
    steps = course(Interview(protocol), place="calf", happening="over", changes="yes", swelling="yes")
    assert "recurs" not in steps
    assert "trigger" not in steps
    assert "illness" in steps


def test_one_remedy_follows_another_until_it_eases(protocol: Protocol) -> None:
    steps = course(Interview(protocol), place="calf", happening="cramp", eased="no", how_long=60)
    assert [step for step in steps if step in protocol.remedies] == ["calf_stretch", "stand_on_it", "massage"]
    assert steps.count("eased") == 3
    assert steps[-1] == "soon"


def test_what_is_known_from_a_profile_is_not_asked(protocol: Protocol) -> None:
    interview = Interview(protocol, known=(Answer("background", "no"),))
    assert "background" not in course(interview, place="calf", happening="over")


def test_undo_takes_back_the_last_answer_and_what_came_after_it(protocol_with: ProtocolWith) -> None:
    before = Interview(protocol_with()).answer("emergency", "no").answer("place", "calf")
    after = before.answer("cramping", "yes").coached("stretch", opening=True)
    assert after.undo() == before
    assert Interview(before.protocol).undo() == Interview(before.protocol)


def test_undo_brings_back_an_answer_that_was_replaced(protocol_with: ProtocolWith) -> None:
    interview = Interview(protocol_with()).answer("emergency", "no").answer("emergency", "yes")
    assert interview.value("emergency") == "yes"
    assert interview.undo().value("emergency") == "no"


def test_undo_takes_back_what_the_person_said_and_not_what_the_clock_did(protocol_with: ProtocolWith) -> None:
    before = Interview(protocol_with()).answer("emergency", "no").answer("place", "calf")
    assert before.answer("cramping", "yes").answer("overdue", "yes").undo() == before


def test_the_clock_runs_while_it_cramps_and_has_not_eased(protocol_with: ProtocolWith) -> None:
    interview = Interview(protocol_with()).answer("emergency", "no").answer("place", "calf")
    assert not interview.cramping
    interview = interview.answer("cramping", "yes")
    assert interview.cramping
    assert interview.answer("overdue", "yes").verdict().level is Level.URGENT
    assert interview.answer("eased", "no").cramping
    assert not interview.answer("eased", "yes").cramping


def test_a_word_said_during_a_hold_answers_for_the_remedy(protocol_with: ProtocolWith) -> None:
    interview = Interview(protocol_with()).answer("emergency", "no").answer("place", "calf").answer("cramping", "yes")
    interview = interview.answer("swelling", "no").coached("stretch", opening=False)
    assert told(interview.next()) == "eased"
    gone = interview.protocol.signs["gone"]
    assert told(interview.answer(gone.question, gone.value).next()) == "self_care"


@pytest.mark.parametrize(
    ("question", "value", "taken"),
    [
        ("emergency", "yes", True),
        ("emergency", "unsure", True),
        ("emergency", "unanswered", True),
        ("emergency", "calf", False),
        ("emergency", 1, False),
        ("place", "calf", True),
        ("place", "unanswered", True),
        ("place", "unsure", False),
        ("place", "moon", False),
        ("how_long", 600, True),
        ("how_long", -1, False),
        ("how_long", "long", False),
        ("moon", "yes", False),
    ],
)
def test_a_question_takes_its_own_values_only(
    protocol_with: ProtocolWith, question: str, value: Value, taken: bool
) -> None:
    interview = Interview(protocol_with())
    if taken:
        assert interview.answer(question, value).value(question) == value
    else:
        with pytest.raises(ValueError, match=question):
            interview.answer(question, value)


def test_a_scale_ends_at_ten(protocol: Protocol) -> None:
    assert Interview(protocol).answer("pain", 10).value("pain") == 10
    with pytest.raises(ValueError, match="pain"):
        Interview(protocol).answer("pain", 11)


def test_an_unknown_remedy_is_refused(protocol_with: ProtocolWith) -> None:
    with pytest.raises(ValueError, match="dance"):
        Interview(protocol_with()).coached("dance", opening=False)


def test_the_history_is_all_that_is_kept(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    interview = Interview(protocol).answer("emergency", "no").coached("rest", opening=True)
    assert Interview(protocol, interview.history).next() == interview.next()
    assert interview.history == (Answer("emergency", "no"), Coached("rest", opening=True))


def test_causes_are_ranked_by_the_answers_that_speak_for_them(scenarios: Scenarios) -> None:
    end = scenarios.play({"place": "eyelid", "happening": "twitch", "trigger": "stress"}).end
    assert [cause.id for cause in end.causes()] == ["stress"]
    assert end.causes()[0].supported_by == ("happening", "place", "trigger")


def test_a_plan_has_five_steps_at_most_and_no_contraindicated_one(scenarios: Scenarios) -> None:
    for branch in scenarios.branches:
        assert len(scenarios.play({**branch, "trigger": "exercise"}).end.plan()) <= 5
    clot = scenarios.play({"place": "calf", "happening": "over", "changes": "yes", "swelling": "yes"}).end
    assert "calf_exercise" not in [step.id for step in clot.plan()]
