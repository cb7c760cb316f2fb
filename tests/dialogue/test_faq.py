"""A person asks back: a known question is answered, an unknown one is met with two that are known."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.commands.check_faq import ambiguous_questions, unanswered_questions
from skill.dialogue.asking import TURNS
from skill.dialogue.events import Answered, Asked, Concluded, HeardSpeech
from skill.dialogue.outcome import Alarm, Given
from skill.dialogue.prompts import load_prompts
from skill.language.shipped import load_grammar
from skill.listening.scripted_ear import spoken
from skill.system.clock import SimulatedClock
from skill.system.yaml_file import load_yaml
from skill.triage.loader import load_protocol
from skill.triage.model import UNANSWERED, Question
from skill.understanding.decision import load_thresholds
from skill.understanding.faq import may_be_question, nearest, opens_as_question
from skill.understanding.meanings import (
    Alarmed,
    Command,
    Commanded,
    Puzzled,
    Trouble,
    Unclear,
    Understanding,
    Wondered,
)
from skill.understanding.moments import CONFIRM
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.phrases import by_phrases
from tests.dialogue.conftest import Dialogue, Script
from tests.dialogue.test_loop import CALF_AT_NIGHT

Make = Callable[[Script], Dialogue]
PROTOCOL, PROMPTS = load_protocol(), load_prompts()
PHRASEBOOK = Phrasebook(PROTOCOL)
RED_FLAG, PLACE = PROTOCOL.questions["emergency"], PROTOCOL.questions["place"]
WORDINGS = {sentence: str(sense.value) for sentence, sense in load_grammar("faq").sentences.items()}
ENTRIES = sorted(set(WORDINGS.values()))

#: The twenty questions of the first seed, and how they are answered.
SEED = {
    "When should I worry about spasms?": "worry",
    "Can muscle spasms be serious?": "serious",
    "How long is too long for a muscle spasm?": "too_long",
    "What are severe muscle spasms a symptom of?": "symptom_of",
    "What neurological causes muscle spasms?": "neurological",
    "What can I do to relieve muscle spasms?": "relieve",
    "What does a muscle spasm look like?": "look_like",
    "What is the difference between a cramp and spasm?": "difference",
    "Should I go to ER for twitching?": "twitch_emergency",
    "Is heat good for muscle spasms?": "heat",
    "Can anxiety cause muscle spasms?": "anxiety",
    "What autoimmune disease causes spasms?": "autoimmune",
    "What is the most common treatment for muscle spasms?": "treatment",
    "How is muscle spasm diagnosed?": "diagnosis",
    "How long does it take to recover from a muscle spasm?": "recovery",
    "Is there a vitamin deficiency that causes muscle spasms?": "vitamins",
    "Can a pinched nerve cause muscle spasms?": "pinched_nerve",
    "What is nervous spasm?": "nervous_spasm",
    "What do MS muscle spasms feel like?": "multiple_sclerosis",
    "What happens during a muscle spasm?": "during",
}
#: Close to the questions of the seeds, in other words.
CLOSE = {
    "should i go to the emergency room for twitching": "twitch_emergency",
    "is heat good": "heat",
    "what is the difference between a cramp and a spasm": "difference",
    "what is a charley horse": "charley_horse",
    "should i stay in bed": "bed_rest",
    "how long do back spasms last": "back_time",
    "what causes eyelid twitching": "eyelid",
}


def understood(said: str, question: Question) -> Understanding:
    return by_phrases(spoken(said), question, PHRASEBOOK, load_thresholds(), SimulatedClock().today())


def test_a_question_is_answered_and_the_interviews_question_comes_again(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["Is heat good?", "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    assert dialogue.prompts_said == ["questions.place.ask", "faq.heat.answer", "questions.place.ask"]


@pytest.mark.parametrize(("asked", "entry"), [*SEED.items(), *CLOSE.items()])
def test_every_question_of_the_seeds_is_known(asked: str, entry: str) -> None:
    assert understood(asked, PLACE) == Wondered(entry)


@pytest.mark.parametrize("question", PROTOCOL.questions.values(), ids=PROTOCOL.questions)
def test_a_question_may_be_asked_at_every_question_of_the_interview(question: Question) -> None:
    assert understood("is heat good for a cramp", question) == Wondered("heat")


def test_asking_is_no_failure_to_answer(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["what is a cramp", "is heat good", "is ice good for cramps", "", "no"]})
    assert dialogue.asker.ask(RED_FLAG) == Given("no")


def test_asking_for_ever_ends_as_unanswered(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["what is a cramp"] * 99})
    assert dialogue.asker.ask(RED_FLAG) == Given(UNANSWERED, skipped=True)
    assert len(dialogue.events(Asked)) == TURNS


def test_an_interview_with_questions_in_between_ends_in_the_same_advice(dialogue_with: Make) -> None:
    curious: Script = {name: ["is heat good", *answers] for name, answers in CALF_AT_NIGHT.items()}
    plain, asking = dialogue_with(CALF_AT_NIGHT), dialogue_with(curious)
    plain.conversation.run()
    asking.conversation.run()
    assert "faq.heat.answer" in asking.prompts_said
    assert asking.events(Answered) == plain.events(Answered)
    assert asking.events(Concluded) == plain.events(Concluded)


def test_an_answer_beside_a_question_is_taken(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": ["yes, is that bad?"]})
    assert dialogue.asker.ask(RED_FLAG) == Given("yes")


def test_a_question_heard_in_doubt_is_not_answered() -> None:
    heard = spoken("is heat good", 0.7)
    assert by_phrases(heard, PLACE, PHRASEBOOK, load_thresholds(), SimulatedClock().today()) == Unclear()


@pytest.mark.parametrize("question", PROTOCOL.questions.values(), ids=PROTOCOL.questions)
def test_an_emergency_phrase_beside_a_question_wins(question: Question) -> None:
    said = "is heat good for a cramp i can't breathe"
    assert understood(said, question) == Alarmed("breathing", said, sure=True)


def test_an_emergency_phrase_inside_an_unknown_question_wins(dialogue_with: Make) -> None:
    said = "Why do I have chest pain?"
    assert dialogue_with({"place": [said]}).asker.ask(PLACE) == Alarm("chest", said)


def test_an_unknown_question_is_met_with_the_two_nearest(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"place": ["Is zinc good for muscle cramps at night?", "calf"]})
    assert dialogue.asker.ask(PLACE) == Given("calf")
    offered = dialogue.voice.said[1]
    titles = [entry for entry in ENTRIES if PROMPTS.texts[f"faq.{entry}.title"] in offered]
    assert len(titles) == 2
    assert "night" in titles
    assert [event.accepted for event in dialogue.events(HeardSpeech)] == [False, True]


@pytest.mark.parametrize(
    "typed",
    [
        "should I worry about my left calf",
        "can it come from my thigh",
        "where do swallows fly",
        "a swallow?",
        "how come",
    ],
)
def test_a_typed_question_is_never_an_answer(typed: str) -> None:
    assert understood(typed, PLACE) == Puzzled(typed)


def test_a_request_is_no_question() -> None:
    assert understood("could you repeat the question", PLACE) == Commanded(Command.REPEAT)


def test_speech_that_is_no_entry_is_repaired_as_ever() -> None:
    assert understood("why [unk]", PLACE) == Unclear(Trouble.LOW_CONFIDENCE)


def test_a_question_instead_of_a_confirmation_confirms_nothing(dialogue_with: Make) -> None:
    dialogue = dialogue_with({"emergency": [spoken("no", 0.7)], CONFIRM.id: ["is that right", "why should it be?"]})
    assert dialogue.asker.ask(RED_FLAG) == Given(UNANSWERED)


@pytest.mark.parametrize(
    ("text", "opens", "may_be"),
    [
        ("What is that", True, True),
        ("Could swimming do it?", True, True),
        ("what's that", True, True),
        ("Can you hold on", False, True),
        ("when running", False, True),
        ("my calf?", False, True),
        ("can't feel it", False, False),
        ("is [unk]", False, False),
        ("", False, False),
    ],
)
def test_a_question_is_known_by_its_first_word_or_its_mark(text: str, opens: bool, may_be: bool) -> None:
    assert (opens_as_question(text), may_be_question(text)) == (opens, may_be)


def test_the_nearest_questions_share_the_rarest_words() -> None:
    known = {"is heat good for cramps": "heat", "is ice good for cramps": "ice", "what is a cramp": "cramp"}
    assert nearest("would heat be good when it's cramping", known) == ("heat", "ice")


def test_where_nothing_is_shared_it_is_offered_when_to_worry_and_when_to_see_a_doctor() -> None:
    assert nearest("where do swallows nest", WORDINGS) == ("worry", "see_doctor")


def test_every_offered_question_is_answered_when_it_is_asked() -> None:
    assert {entry: WORDINGS.get(_words(PROMPTS.texts[f"faq.{entry}.title"])) for entry in ENTRIES} == {
        entry: entry for entry in ENTRIES
    }


def test_every_question_has_its_answer() -> None:
    assert [problem for problem in unanswered_questions(PROMPTS) if problem] == []


def test_no_question_can_be_taken_for_anything_else() -> None:
    assert [problem for problem in ambiguous_questions(PROTOCOL) if problem] == []


def test_there_are_many_questions_each_in_several_wordings() -> None:
    wordings = Counter(WORDINGS.values())
    assert len(wordings) >= 60
    assert len(WORDINGS) <= 900
    assert {entry: count for entry, count in wordings.items() if not 3 <= count <= 8} == {}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_answer_is_short_and_can_be_read_aloud(entry: str) -> None:
    answer = PROMPTS.texts[f"faq.{entry}.answer"]
    sentences = re.split(r"(?<=[.?!]) ", answer)
    assert len(sentences) <= 2
    assert max(len(sentence.split()) for sentence in sentences) <= 25
    assert not re.search(r"\d|[A-Z]{2,}|[&/()%+*{}]|\be\.g\.|\bi\.e\.", answer)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_answer_names_a_medicine_or_a_dose_or_sends_away_from_a_doctor(entry: str) -> None:
    forbidden = (
        r"soma|carisoprodol|quinine|diazepam|baclofen|ibuprofen|paracetamol|aspirin|tylenol|milligram|hyperventil"
    )
    answer = PROMPTS.texts[f"faq.{entry}.answer"].lower()
    assert not re.search(rf"{forbidden}|(not need|no need)[a-z ]*(doctor|ambulance)|nothing to worry", answer)


def test_every_answer_names_its_sources() -> None:
    assert sorted(text for text in PROTOCOL.cited if text.startswith("faq.")) == [f"faq.{entry}" for entry in ENTRIES]


def _words(title: str) -> str:
    return title.lower().rstrip("?")


def _yaml(path: Path) -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = load_yaml(path.read_text(encoding="utf-8"))
    return loaded
