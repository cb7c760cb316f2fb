"""What eased a cramp is kept with the time it took, and the next relief of one like it begins with it and says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from skill.dialogue.beginning import Beginning, afresh
from skill.dialogue.events import Coaching
from skill.episodes.episode import Effect, Episode, Tried
from skill.episodes.memory import NoMemory
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Level
from tests.dialogue.conftest import Dialogue, Script
from tests.dialogue.test_coaching import CRAMP

Make = Callable[..., Dialogue]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PROTOCOL = load_protocol()


class Kept(NoMemory):
    """Remembers every state that it was given."""

    def __init__(self) -> None:
        self.states: list[tuple[Tried, ...]] = []
        self.answers: tuple[Answer, ...] = ()

    def keep(self, answers: tuple[Answer, ...], tried: tuple[Tried, ...] = ()) -> None:
        self.answers = answers
        self.states.append(tried)


def effects(tried: tuple[Tried, ...]) -> dict[str, Effect | None]:
    return {one.remedy: one.effect for one in tried}


@pytest.fixture(name="kept")
def _kept() -> Kept:
    return Kept()


def episode(days_ago: int, *tried: Tried, place: str = "calf") -> Episode:
    answers = (Answer("emergency", "no"), Answer("place", place), Answer("happening", "cramp"))
    return Episode(1, NOW - timedelta(days=days_ago), answers, Level.SELF_CARE, ended=True, tried=tried)


def after(*episodes: Episode) -> Beginning:
    return afresh(episodes, NOW, PROTOCOL)


def led(dialogue: Dialogue) -> list[str]:
    """The remedies whose later steps were said, in order: led through, not only begun."""
    return list(dict.fromkeys(event.remedy for event in dialogue.events(Coaching) if event.step > 0))


def test_what_eased_it_is_kept_with_the_seconds_it_took(dialogue_with: Make, kept: Kept) -> None:
    dialogue = dialogue_with({**CRAMP, "coaching": ["", "", "", "", "it's gone"]}, kept)
    dialogue.conversation.run()
    (stretch,) = (tried for tried in kept.states[-1] if tried.remedy == "calf_stretch")
    assert stretch.effect is Effect.EASED
    begun = next(state for state in kept.states if any(tried.remedy == "calf_stretch" for tried in state))
    assert Tried("calf_stretch", None, None) in begun
    assert stretch.seconds is not None
    assert 10 <= stretch.seconds <= dialogue.clock.now()


def test_what_did_not_ease_it_and_what_made_it_worse_are_kept_too(dialogue_with: Make, kept: Kept) -> None:
    script: Script = {**CRAMP, "coaching": ["it hurts", "skip", "skip", "it's worse"], "eased": ["no", "no"]}
    dialogue_with(script, kept).conversation.run()
    assert effects(kept.states[-1]) == {
        "ease_leg": None,
        "calf_stretch": Effect.WORSE,
        "stand_on_it": Effect.NOT_EASED,
        "massage": Effect.WORSE,
    }


def test_nothing_is_said_to_have_eased_it_while_nobody_has_told(dialogue_with: Make, kept: Kept) -> None:
    dialogue_with({**CRAMP, "eased": ["i don't know"] * 9}, kept).conversation.run()
    assert set(effects(kept.states[-1]).values()) == {None}


def test_an_answer_that_was_taken_back_takes_its_effect_back(dialogue_with: Make, kept: Kept) -> None:
    script: Script = {**CRAMP, "coaching": [*["skip"] * 3, "go back"], "eased": ["yes", "no"], "once_more": ["go back"]}
    dialogue_with(script, kept).conversation.run()
    seen = [effects(state).get("calf_stretch") for state in kept.states]
    assert Effect.EASED in seen
    assert seen[-1] is not Effect.EASED


def test_what_is_over_while_charley_asks_was_eased_by_what_was_begun(dialogue_with: Make, kept: Kept) -> None:
    script: Script = {**CRAMP, "changes": ["it's over", "no"]}
    dialogue_with(script, kept).conversation.run()
    assert effects(kept.states[-1]) == {"ease_leg": Effect.EASED}


def test_relief_begins_with_what_helped_last_time_and_says_so(dialogue_with: Make) -> None:
    beginning = after(
        episode(9, Tried("calf_stretch", Effect.EASED, 200)),
        episode(2, Tried("calf_stretch", Effect.NOT_EASED, 60), Tried("massage", Effect.EASED, 42)),
    )
    dialogue = dialogue_with({**CRAMP, "eased": ["no"] * 3, "news": ["no"]}, None, beginning)
    dialogue.conversation.run()
    assert led(dialogue) == ["massage", "calf_stretch", "stand_on_it"]
    assert "Last time gentle massage eased it, after about forty seconds." in dialogue.voice.said
    assert dialogue.prompts_said.count("dialogue.coach.helped") == 1


def test_what_helped_is_opened_first_where_it_may_be_and_told_once(dialogue_with: Make) -> None:
    beginning = after(episode(2, Tried("calf_stretch", Effect.EASED, 42)))
    dialogue = dialogue_with({**CRAMP, "eased": ["no"] * 3, "news": ["no"]}, None, beginning)
    dialogue.conversation.run()
    prompts = dialogue.prompts_said
    assert prompts.count("dialogue.coach.helped") == 1
    assert prompts.index("remedies.ease_leg.steps.0") < prompts.index("dialogue.coach.helped")
    assert prompts.index("dialogue.coach.helped") < prompts.index("remedies.calf_stretch.steps.0")


@pytest.mark.parametrize(
    ("answers", "forbidden"),
    [
        ({"illness": ["yes"], "grave": ["no"], "injury": ["no"]}, "massage"),
        ({"background": ["yes"], "person": ["adult"], "pregnant": ["no"], "new_medicine": ["no"]}, "massage"),
    ],
)
def test_what_helped_last_time_is_left_out_where_an_answer_of_today_forbids_it(
    dialogue_with: Make, answers: Script, forbidden: str
) -> None:
    beginning = after(episode(2, Tried(forbidden, Effect.EASED, 42)))
    script: Script = {**CRAMP, "bruise": ["no"], "eased": ["no"] * 3, **answers}
    dialogue = dialogue_with(script, None, beginning)
    dialogue.conversation.run()
    assert led(dialogue)
    assert forbidden not in {event.remedy for event in dialogue.events(Coaching)}
    assert "dialogue.coach.helped" not in dialogue.prompts_said


@pytest.mark.parametrize(
    "episodes",
    [
        pytest.param((), id="nothing is remembered"),
        pytest.param((episode(2, Tried("massage", Effect.EASED, 9), place="hand"),), id="another place"),
        pytest.param((episode(400, Tried("massage", Effect.EASED, 9)),), id="long ago"),
        pytest.param(
            (episode(9, Tried("massage", Effect.EASED, 9)), episode(2, Tried("massage", Effect.WORSE, 9))),
            id="it made one worse since",
        ),
    ],
)
def test_without_such_help_the_order_is_the_usual_one(dialogue_with: Make, episodes: tuple[Episode, ...]) -> None:
    dialogue = dialogue_with({**CRAMP, "eased": ["no"] * 3, "news": ["no"]}, None, after(*episodes))
    dialogue.conversation.run()
    assert led(dialogue) == ["calf_stretch", "stand_on_it", "massage"]
    assert "dialogue.coach.helped" not in dialogue.prompts_said
