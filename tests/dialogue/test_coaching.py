"""A hold: never silent for long, counted, and open to every word that a person may want to say."""

from collections.abc import Callable

import pytest

from skill.dialogue.coaching import Done
from skill.dialogue.events import Concluded
from skill.dialogue.outcome import Alarm, Turnaround
from skill.listening.scripted_ear import spoken
from skill.settings import Detail
from skill.speaking.voice import Earcon
from skill.triage.loader import load_protocol
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[[Script], Dialogue]
STRETCH = load_protocol().remedies["calf_stretch"]
CRAMP: Script = {
    "emergency": ["no"],
    "place": ["calf"],
    "happening": ["cramping"],
    "changes": ["no"],
    "illness": ["no"],
    "unwell": ["no"],
    "constant": ["no"],
    "saddle": ["no"],
    "background": ["no"],
    "recurs": ["no"],
}


def test_nobody_is_left_in_silence_for_more_than_four_seconds(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    dialogue.coacher.lead(STRETCH)
    seconds = sum(step.seconds for step in STRETCH.steps)
    counts = [prompt for prompt in dialogue.prompts_said if ".count." in prompt]
    assert dialogue.voice.longest_silence <= 4
    assert counts == ["dialogue.coach.count.10", "dialogue.coach.count.5"] * len(STRETCH.steps)
    assert dialogue.clock.now() == pytest.approx(seconds, rel=0.5)


def test_who_wants_few_words_hears_only_the_steps_the_caution_and_sounds(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    dialogue.narrator.manner.detail = Detail.BRIEF
    dialogue.coacher.lead(load_protocol().remedies["thigh_stretch"])
    parts = ("caution", "steps.0", "steps.1", "steps.2")
    assert dialogue.prompts_said == [f"remedies.thigh_stretch.{part}" for part in parts]
    assert Earcon.TICK in dialogue.voice.played
    assert dialogue.voice.longest_silence <= 4


def test_who_wants_it_explained_hears_what_the_remedy_is_good_for(dialogue_with: Make) -> None:
    dialogue = dialogue_with({})
    dialogue.narrator.manner.detail = Detail.FULL
    dialogue.coacher.lead(STRETCH)
    assert dialogue.prompts_said[0] == "remedies.calf_stretch.why"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("it's gone", Done("gone")),
        ("it's worse", Done("worse")),
        ("that hurts", Done("hurts")),
        ("stop", Turnaround.STOP),
        ("my chest hurts", Alarm("chest", "my chest hurts")),
    ],
)
def test_a_word_in_the_middle_of_a_hold_ends_it(dialogue_with: Make, said: str, outcome: object) -> None:
    dialogue = dialogue_with({"coaching": ["", "", said]})
    assert dialogue.coacher.lead(STRETCH) == outcome
    assert dialogue.prompts_said.count("remedies.calf_stretch.steps.1") == 0


def test_doubtful_relief_ends_the_hold_so_that_it_is_asked_for(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"coaching": ["", spoken("it's gone", 0.7)]})
    assert dialogue.coacher.lead(STRETCH) == Done()


def test_skip_goes_to_the_next_step_and_longer_holds_on(dialogue_with: Make) -> None:
    skipped, longer = dialogue_with({"coaching": ["skip"] * 3}), dialogue_with({"coaching": ["", "longer"]})
    assert skipped.coacher.lead(STRETCH) == Done()
    longer.coacher.lead(STRETCH)
    assert skipped.clock.now() < longer.clock.now()
    assert "dialogue.coach.longer" in longer.prompts_said


def test_louder_is_obeyed_in_the_middle_of_a_hold(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"coaching": ["", "louder"]})
    dialogue.coacher.lead(STRETCH)
    assert dialogue.voice.delivery.volume > 1
    assert "dialogue.louder" in dialogue.prompts_said


def test_what_does_not_ease_it_is_followed_by_the_next_best_remedy(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CRAMP, "eased": ["no", "no", "yes"]})
    dialogue.conversation.run()
    first_steps = [prompt for prompt in dialogue.prompts_said if prompt.endswith("steps.0")]
    led = ("ease_leg", "calf_stretch", "calf_stretch", "stand_on_it", "massage")
    assert first_steps[: len(led)] == [f"remedies.{name}.steps.0" for name in led]


def test_ten_minutes_end_a_hold_that_is_made_longer_for_ever(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**CRAMP, "eased": ["no"] * 9, "coaching": ["longer", ""] * 600})
    dialogue.conversation.run()
    assert dialogue.events(Concluded)[-1].level == "urgent"
    held = dialogue_with({"coaching": ["longer", ""] * 99})
    held.coacher.lead(STRETCH, deadline=60)
    assert held.clock.now() < 70


def test_nobody_answering_after_the_hold_goes_up(dialogue_with: Make) -> None:
    dialogue = dialogue_with(CRAMP)
    dialogue.conversation.run()
    assert dialogue.events(Concluded)[-1].level in {"urgent", "emergency"}
