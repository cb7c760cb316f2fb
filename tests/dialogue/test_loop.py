"""Whole conversations, with the real protocol, prompts and grammars; only ear and voice are scripted."""

from collections.abc import Callable

import pytest

from skill.dialogue.events import Answered, Coaching, Concluded, Ended, EndReason
from skill.listening.ear import CLOSED
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]

CALF_AT_NIGHT: Script = {
    "emergency": ["no"],
    "place": ["my left calf"],
    "happening": ["it's cramping now"],
    "how_long": ["two minutes"],
    "pain": ["eight"],
    "changes": ["no"],
    "illness": ["no"],
    "unwell": ["no"],
    "constant": ["no"],
    "saddle": ["no"],
    "background": ["no"],
    "recurs": ["no"],
    "eased": ["yes"],
    "trigger": ["none of those"],
}


def verdict(dialogue: Dialogue) -> Concluded:
    return dialogue.events(Concluded)[-1]


def test_a_calf_cramp_is_relieved_after_three_answers_and_can_be_cared_for_at_home(dialogue_with: Make) -> None:
    dialogue = dialogue_with(CALF_AT_NIGHT)
    assert dialogue.conversation.run() is EndReason.FINISHED
    events = dialogue.recorder.events
    first_relief = next(n for n, event in enumerate(events) if isinstance(event, Coaching))
    assert sum(isinstance(event, Answered) for event in events[:first_relief]) == 3
    assert verdict(dialogue).level == "self_care"
    assert isinstance(events[-1], Ended)


def test_a_yes_to_the_first_question_ends_in_the_emergency_number(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert verdict(dialogue).level == "emergency"
    assert any("1 1 2" in said for said in dialogue.voice.said)


def test_nobody_answering_at_all_ends_in_the_emergency_number(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    assert dialogue.conversation.run() is EndReason.SILENCE
    assert verdict(dialogue).level == "emergency"


def test_falling_silent_half_way_ends_in_advice_that_is_no_lower_than_urgent(dialogue_with: Make) -> None:
    dialogue = dialogue_with({name: CALF_AT_NIGHT[name] for name in ("emergency", "place", "happening")})
    assert dialogue.conversation.run() is EndReason.SILENCE
    assert verdict(dialogue).level in {"urgent", "emergency"}


def test_a_closed_input_ends_in_advice(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["no"], "place": [CLOSED]})
    assert dialogue.conversation.run() is EndReason.SILENCE
    assert "dialogue.input_closed" in dialogue.prompts_said


def test_an_alarm_in_the_middle_concludes_and_says_first_what_was_heard(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "place": ["i can't feel my legs"]})
    dialogue.conversation.run()
    assert verdict(dialogue).level == "emergency"
    assert "dialogue.alarm_heard" in dialogue.prompts_said


def test_an_emergency_that_was_misheard_can_be_taken_back(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "emergency": ["yes", "no"], "once_more": ["no go back", "no"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert [event.level for event in dialogue.events(Concluded)] == ["emergency", "self_care"]


def test_back_undoes_one_answer(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "place": ["foot", "calf"], "happening": ["go back", "cramping"]})
    dialogue.conversation.run()
    places = [event.value for event in dialogue.events(Answered) if event.question == "place"]
    assert places == ["foot", "calf"]


def test_stop_ends_with_a_safety_net_and_no_verdict(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["stop"]})
    assert dialogue.conversation.run() is EndReason.STOPPED
    assert not dialogue.events(Concluded)
    assert dialogue.prompts_said[-1] == "dialogue.stopped"


def test_the_advice_is_said_once_more_on_request(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes"], "once_more": ["yes please", "no"]})
    dialogue.conversation.run()
    assert dialogue.prompts_said.count("levels.emergency.say") == 2


def test_a_word_ends_a_hold_and_the_relief(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "coaching": ["it's gone"]})
    dialogue.conversation.run()
    assert "questions.eased.ask" not in dialogue.prompts_said
    assert verdict(dialogue).level == "self_care"


def test_a_cramp_that_outlasts_ten_minutes_goes_up_by_the_clock(dialogue_with: Make) -> None:
    longer = ["longer", ""] * 600
    dialogue = dialogue_with({**CALF_AT_NIGHT, "eased": ["no"] * 9, "coaching": longer})
    dialogue.conversation.run()
    assert verdict(dialogue).level == "urgent"


def test_an_alarm_during_a_hold_concludes(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "coaching": ["", "my chest hurts"]})
    dialogue.conversation.run()
    assert verdict(dialogue).level == "emergency"


def test_what_is_volunteered_is_not_asked_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "place": ["my left calf it's cramping now"]})
    dialogue.conversation.run()
    assert "questions.happening.ask" not in dialogue.prompts_said
    assert verdict(dialogue).level == "self_care"


def test_an_earlier_answer_is_corrected_by_saying_it_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "happening": ["no i said my foot", "cramping now"]})
    dialogue.conversation.run()
    answers = {event.question: event.value for event in dialogue.events(Answered)}
    assert answers["place"] == "foot"


def test_an_earlier_answer_is_changed_by_its_name(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "place": ["foot", "calf"], "recurs": ["change the place", "no"]})
    dialogue.conversation.run()
    answers = {event.question: event.value for event in dialogue.events(Answered)}
    assert answers["place"] == "calf"


def test_answering_something_else_for_ever_ends(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "place": ["it's cramping now"] * 99})
    dialogue.conversation.run()
    answers = {event.question: event.value for event in dialogue.events(Answered)}
    assert answers["place"] == "unanswered"


def test_the_prevention_plan_is_told_to_whoever_wants_it(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "plan": ["yes"]})
    dialogue.conversation.run()
    plan = [prompt for prompt in dialogue.prompts_said if prompt.startswith("prevention.")]
    assert 1 <= len(plan) <= 5


def test_an_alarm_in_place_of_the_wish_for_a_plan_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "plan": ["i can't breathe"]})
    dialogue.conversation.run()
    assert verdict(dialogue).level == "emergency"


def test_an_alarm_that_breaks_into_the_goodbye_is_taken(dialogue_with: Make) -> None:
    calm = dialogue_with(CALF_AT_NIGHT)
    calm.conversation.run()
    before = calm.prompts_said.index("dialogue.goodbye")
    alarmed = dialogue_with({**CALF_AT_NIGHT, "interruption": [*[""] * before, "i can't breathe"]})
    alarmed.conversation.run()
    assert verdict(alarmed).level == "emergency"


@pytest.mark.parametrize(
    "alarm",
    ["i can't swallow", "she's talking nonsense", "he won't wake up", "my foot has gone cold and blue"],
)
def test_an_alarm_is_acted_on_at_any_question_and_while_a_stretch_is_held(dialogue_with: Make, alarm: str) -> None:
    for script in ({"background": [alarm]}, {"coaching": ["", alarm]}):
        dialogue = dialogue_with({**CALF_AT_NIGHT, **script})
        dialogue.conversation.run()
        assert verdict(dialogue).level == "emergency", script
        assert dialogue.prompts_said.count("levels.emergency.say") == 1, script


def test_who_has_called_the_ambulance_is_told_what_to_do_until_then_and_not_to_call(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CALF_AT_NIGHT, "changes": ["the ambulance is on its way"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert verdict(dialogue).level == "emergency"
    assert dialogue.prompts_said[-3:] == ["dialogue.alarm_heard", "dialogue.help_coming", "dialogue.goodbye"]
    assert "levels.emergency.say" not in dialogue.prompts_said


def test_that_help_is_coming_is_taken_in_after_the_advice_too(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes"], "once_more": ["i've called an ambulance"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert dialogue.prompts_said.count("levels.emergency.say") == 1
    assert dialogue.prompts_said[-2:] == ["dialogue.help_coming", "dialogue.goodbye"]


def test_that_help_is_coming_is_taken_in_while_the_advice_is_said(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes"], "interruption": ["", "", "i've called an ambulance"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert "dialogue.help_coming" in dialogue.prompts_said
