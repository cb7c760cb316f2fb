"""The doctor's interview: offered after the advice, collected once, read back, corrected by voice."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.dialogue.beginning import follow_up
from skill.dialogue.events import Answered, Concluded, EndReason
from skill.dialogue.prompts import Utterance, load_prompts
from skill.dialogue.summary import summary, summary_of
from skill.episodes.episode import Episode
from skill.episodes.memory import EpisodeMemory
from skill.episodes.store import EpisodeStore
from skill.listening.ear import CLOSED
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import Answer, Level
from skill.triage.scenarios import Scenarios
from tests.dialogue.conftest import Dialogue, Script

Make = Callable[..., Dialogue]
PROTOCOL, PROMPTS = load_protocol(), load_prompts()

WEEKLY_THIGH: Script = {
    "emergency": ["no"],
    "place": ["my thigh"],
    "happening": ["it's over"],
    "changes": ["no"],
    "illness": ["no"],
    "unwell": ["no"],
    "constant": ["no"],
    "saddle": ["no"],
    "background": ["no"],
    "recurs": ["yes"],
    "trigger": ["nothing special"],
}
FOR_THE_DOCTOR: Script = {
    "doctor": ["yes"],
    "side": ["both"],
    "began": ["two months ago"],
    "how_often": ["five"],
    "lasts": ["two minutes"],
    "worst": ["seven"],
    "medicines": ["none"],
    "conditions": ["none"],
    "confirmed": ["yes"],
}
WHOLE = {**WEEKLY_THIGH, **FOR_THE_DOCTOR}


def answers(dialogue: Dialogue) -> dict[str, object]:
    return {event.question: event.value for event in dialogue.events(Answered)}


def levels(dialogue: Dialogue) -> list[str]:
    return [event.level for event in dialogue.events(Concluded)]


def texts(sentences: tuple[Utterance, ...]) -> list[str]:
    return [sentence.text for sentence in sentences]


def said(dialogue: Dialogue) -> str:
    return " ".join(dialogue.voice.said)


def test_after_the_advice_of_an_appointment_the_answers_are_collected_and_read_back(dialogue_with: Make) -> None:
    dialogue = dialogue_with(WHOLE)
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert levels(dialogue) == ["soon"]
    assert "Side: both sides. State: it is over. It first began two months ago." in said(dialogue)
    assert answers(dialogue)["confirmed"] == "yes"


def test_whoever_does_not_want_it_is_asked_nothing_more(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WHOLE, "doctor": ["no"]})
    dialogue.conversation.run()
    assert "questions.began.ask" not in dialogue.prompts_said


def test_it_is_not_offered_where_care_at_home_is_enough_but_is_there_by_its_name(dialogue_with: Make) -> None:
    well = {**WHOLE, "recurs": ["no"], "how_often": ["one"]}
    offered = dialogue_with(well)
    offered.conversation.run()
    assert "questions.doctor.ask" not in offered.prompts_said
    wanted = dialogue_with({**well, "once_more": ["doctor's summary"]})
    wanted.conversation.run()
    assert answers(wanted)["confirmed"] == "yes"
    assert levels(wanted) == ["self_care"]


def test_what_is_known_can_be_read_at_any_question(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WEEKLY_THIGH, "illness": ["read my answers", "no"]})
    dialogue.conversation.run()
    assert "This is what you have told me. Where: your thigh." in said(dialogue)
    assert answers(dialogue)["illness"] == "no"


def test_before_the_first_answer_there_is_nothing_to_read(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["doctor's summary", "yes"]})
    dialogue.conversation.run()
    assert "summary.nothing" in dialogue.prompts_said


def test_in_an_emergency_nothing_is_collected(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes"], "once_more": ["doctor's summary"]})
    dialogue.conversation.run()
    assert answers(dialogue).keys() == {"emergency"}
    assert dialogue.prompts_said[-1] == "dialogue.goodbye"


@pytest.mark.parametrize("wish", ["change the duration", "no change the duration"])
def test_one_answer_is_changed_by_its_name_and_only_that_is_read_again(dialogue_with: Make, wish: str) -> None:
    dialogue = dialogue_with({**WHOLE, "lasts": ["two minutes", "half an hour"], "confirmed": [wish, "yes"]})
    dialogue.conversation.run()
    assert answers(dialogue)["lasts"] == 1800
    assert said(dialogue).count("One lasts half an hour.") == 1
    assert said(dialogue).count("Where: your thigh.") == 1


def test_a_plain_no_is_told_how_to_change_something(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WHOLE, "confirmed": ["no", "change the medicines", "yes"], "medicines": ["none"] * 2})
    dialogue.conversation.run()
    assert "summary.what_to_change" in dialogue.prompts_said
    assert answers(dialogue)["confirmed"] == "yes"


def test_a_side_that_was_said_with_the_place_is_not_asked(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WHOLE, "place": ["my left thigh"]})
    dialogue.conversation.run()
    assert "questions.side.ask" not in dialogue.prompts_said
    assert answers(dialogue)["side"] == "left"


def test_a_blood_thinner_told_late_takes_the_pain_reliever_out_of_the_advice(dialogue_with: Make) -> None:
    dialogue = dialogue_with(
        {
            **WHOLE,
            "medicines": ["blood thinners"],
            "pregnant": ["no"],
            "bruise": ["no"],
            "new_medicine": ["no"],
            "person": ["an adult"],
        }
    )
    dialogue.conversation.run()
    first, last = dialogue.events(Concluded)
    assert "pain_relief" in first.remedies
    assert "pain_relief" not in last.remedies
    assert "summary.changed" in dialogue.prompts_said


def test_an_alarm_in_the_doctors_interview_is_an_emergency(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WHOLE, "began": ["i can't breathe"]})
    dialogue.conversation.run()
    assert levels(dialogue) == ["soon", "emergency"]


def test_leaving_out_answers_is_no_silence_and_changes_no_advice(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WHOLE, "began": ["skip"], "how_often": ["skip"], "lasts": ["i don't know"]})
    assert dialogue.conversation.run() is EndReason.FINISHED
    assert levels(dialogue) == ["soon"]
    assert answers(dialogue)["confirmed"] == "yes"


def test_whoever_has_left_keeps_the_advice_and_hears_it_once(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WEEKLY_THIGH, "doctor": ["yes"], "side": [CLOSED]})
    assert dialogue.conversation.run() is EndReason.SILENCE
    assert levels(dialogue) == ["soon"]
    assert "summary.left_off" in dialogue.prompts_said


def test_the_summary_is_kept_with_the_episode(dialogue_with: Make, tmp_path: Path) -> None:
    store = EpisodeStore(tmp_path / "episodes.sqlite")
    memory = EpisodeMemory(store, lambda: datetime(2026, 11, 23, 3, 0, tzinfo=UTC), lambda _: None)
    dialogue_with(WHOLE, memory).conversation.run()
    (episode,) = store.all()
    assert (episode.level, episode.ended) == (Level.SOON, True)
    assert "Cramps last month: 5." in texts(summary_of(episode, PROTOCOL, PROMPTS))


def test_a_follow_up_reads_what_the_earlier_conversation_was_told(dialogue_with: Make) -> None:
    episode = Episode(1, datetime(2026, 11, 23, tzinfo=UTC), (Answer("side", "left"),), None, ended=True)
    followup = load_protocol(resources.FOLLOWUP)
    beginning = follow_up((episode,), datetime(2026, 11, 24, tzinfo=UTC), PROTOCOL, followup, PROMPTS)
    dialogue = dialogue_with({"emergency": ["doctor's summary", "yes"]}, None, beginning)
    dialogue.conversation.run()
    assert "Side: the left." in said(dialogue)
    assert "summary.nothing" not in dialogue.prompts_said


def test_answers_of_another_version_are_left_out_of_the_summary() -> None:
    kept = (Answer("place", "wing"), Answer("horoscope", "yes"), Answer("side", "left"))
    episode = Episode(1, datetime(2026, 11, 23, tzinfo=UTC), kept, None, ended=True)
    assert texts(summary_of(episode, PROTOCOL, PROMPTS)) == ["Side: the left."]


def test_the_longest_read_back_takes_a_minute_and_no_sentence_is_longer_than_25_words() -> None:
    scenarios = Scenarios(PROTOCOL)
    walks = [scenarios.play({**scenarios.burdened, **branch, "doctor": "yes"}) for branch in scenarios.branches]
    for walk in walks:
        sentences = [sentence.text for sentence in summary(walk.end, PROMPTS)]
        words = [len(sentence.split()) for sentence in sentences]
        assert max(words) <= 25
        # 165 words a minute, and 0.3 s between two sentences
        assert sum(words) / 165 * 60 + 0.3 * len(sentences) <= 60, sentences


@pytest.mark.parametrize(
    ("wish", "prompt"), [("start over", "questions.emergency.ask"), ("forget everything", "dialogue.forget.confirm")]
)
def test_a_wish_in_place_of_the_offer_is_granted(dialogue_with: Make, wish: str, prompt: str) -> None:
    dialogue = dialogue_with({**WEEKLY_THIGH, "doctor": [wish]})
    dialogue.conversation.run()
    offered = dialogue.prompts_said.index("questions.doctor.ask")
    assert prompt in dialogue.prompts_said[offered:]


def test_an_answer_corrected_in_place_of_the_offer_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({**WEEKLY_THIGH, "doctor": ["no i said foot"]})
    dialogue.conversation.run()
    assert answers(dialogue)["place"] == "foot"
