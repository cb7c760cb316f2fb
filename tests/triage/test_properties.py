"""Attacks on the promise: whatever is answered, in whatever doubt, worry never lowers the level."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from skill.triage.condition import holds
from skill.triage.definition import Stage
from skill.triage.findings import Findings
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Coach, Conclude, Helped, Kind, Question, Value
from skill.triage.proof import LONGEST
from skill.triage.scenarios import Scenarios
from skill.triage.walk import walk

PROTOCOL = load_protocol()
SCENARIOS = Scenarios(PROTOCOL)
OFFERS = {offer.remedy.id: offer for offer in PROTOCOL.offers}
RED_FLAGS = [question.id for question in PROTOCOL.questions.values() if question.red_flag is not None]
#: Few examples: one interview costs milliseconds, and the proof has played the plain cases already.
EXAMPLES = 150


def values(question: Question) -> st.SearchStrategy[Value]:
    match question.kind:
        case Kind.YES_NO:
            return st.sampled_from((NO, NO, NO, YES, UNSURE, UNANSWERED))
        case Kind.CHOICE:
            return st.sampled_from((*question.choices, UNANSWERED))
        case Kind.SCALE:
            return st.integers(0, 10) | st.just(UNANSWERED)
        case _:
            return st.sampled_from((0, 599, 600, 1209600, UNANSWERED))


#: What may be answered to every question; the clock has its own tests.
FACTS = st.fixed_dictionaries(
    {
        item.question.id: values(item.question)
        for item in PROTOCOL.items
        if item.stage not in (Stage.CLOCK, Stage.PLAN, Stage.RENEWAL)
    }
)


def everything_relevant(facts: dict[str, Value], *, eased: bool) -> dict[str, Value]:
    """What would be known if every relevant question were asked, whether it still mattered or not."""
    known: dict[str, Value] = {}
    for name, when in PROTOCOL.when.items():
        if name in facts and holds(when, known) and (eased or name != PROTOCOL.eased):
            known[name] = facts[name]
    return known


#: A blood thinner, named to the doctor's question, is a condition that the pregnancy is asked about after.
IMPLIED: dict[str, Value] = {
    **{name: NO for name, question in PROTOCOL.questions.items() if question.kind is Kind.YES_NO},
    "place": "calf",
    "happening": "cramp",
    "doctor": YES,
    "medicines": "blood_thinner",
    "conditions": "none",
    "pregnant": YES,
    "pregnancy_signs": YES,
    "trigger": "exercise",
    "side": "left",
}


@settings(max_examples=EXAMPLES, deadline=None)
@example(IMPLIED)
@given(FACTS)
def test_leaving_out_what_no_longer_matters_never_lowers_the_level(facts: dict[str, Value]) -> None:
    walk = SCENARIOS.play(facts)
    known = {**facts, **walk.end.answers}  # what is told to a doctor's question may say yes to an earlier one
    relevant = everything_relevant(known, eased=PROTOCOL.eased in walk.end.answers)
    assert walk.verdict.level == Findings(PROTOCOL, relevant).level


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS, st.sampled_from(RED_FLAGS), st.sampled_from((YES, UNSURE, UNANSWERED)))
def test_raising_a_red_flag_never_lowers_the_level(facts: dict[str, Value], flag: str, worry: str) -> None:
    calm, worried = (SCENARIOS.play({**facts, flag: value}) for value in (NO, worry))
    assert worried.verdict.level >= calm.verdict.level


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS)
def test_every_red_flag_that_was_asked_and_not_denied_reaches_its_level(facts: dict[str, Value]) -> None:
    walk = SCENARIOS.play(facts)
    for name, value in walk.end.answers.items():
        flag = PROTOCOL.questions[name].red_flag
        if flag is not None and value != NO:
            assert walk.verdict.level >= flag, name


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS)
def test_no_remedy_is_ever_given_against_an_answer(facts: dict[str, Value]) -> None:
    for interview, step in SCENARIOS.play(facts).steps:
        remedies = (
            [step.remedy] if isinstance(step, Coach) else step.verdict.remedies if isinstance(step, Conclude) else []
        )
        for remedy in remedies:
            assert not holds(OFFERS[remedy.id].never, interview.answers), remedy.id


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS, st.lists(st.sampled_from(sorted(PROTOCOL.remedies)), unique=True))
def test_what_helped_earlier_changes_no_advice_and_is_never_given_against_an_answer(
    facts: dict[str, Value], remedies: list[str]
) -> None:
    usual = SCENARIOS.play(facts)
    begin, _ = usual.steps[0]
    helped = tuple(Helped(remedy, facts["place"], 30) for remedy in remedies)

    def answer(question: Question) -> Value:
        return facts.get(question.id, SCENARIOS.benign[question.id])

    after = walk(replace(begin, helped=helped), answer)
    assert after.verdict == usual.verdict
    for interview, step in after.steps:
        if isinstance(step, Coach):
            assert not holds(OFFERS[step.remedy.id].never, interview.answers), step.remedy.id


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS)
def test_the_level_never_falls_while_nothing_is_taken_back(facts: dict[str, Value]) -> None:
    levels = [interview.verdict().level for interview, _ in SCENARIOS.play(facts).steps]
    assert levels == sorted(levels)


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS, st.integers(0, 30))
def test_undoing_an_answer_and_giving_it_again_changes_nothing(facts: dict[str, Value], stop: int) -> None:
    steps = SCENARIOS.play(facts).steps
    interview, step = steps[min(stop, len(steps) - 1)]
    answered = interview.answer("place", "calf")
    assert answered.undo() == interview
    assert answered.undo().next() == step


@settings(max_examples=EXAMPLES, deadline=None)
@given(FACTS)
def test_every_interview_ends_within_what_a_person_can_bear(facts: dict[str, Value]) -> None:
    assert SCENARIOS.play(facts).count <= LONGEST


def test_silence_from_the_start_is_an_emergency() -> None:
    assert Interview(PROTOCOL).answer("emergency", UNANSWERED).next() == Conclude(
        Interview(PROTOCOL).answer("emergency", UNANSWERED).verdict()
    )
