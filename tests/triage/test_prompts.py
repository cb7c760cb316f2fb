"""Every part of the protocol has its words, the words fit a voice, and none of them interrupts Charley itself."""

import re

import pytest

from skill.dialogue.prompts import Prompts, load_prompts
from skill.language.shipped import load_grammar
from skill.triage.definition import Protocol, Stage
from skill.triage.interview import Interview
from skill.triage.model import Kind, Level

FILES = ("questions", "reasons", "remedies", "levels", "causes", "prevention", "first_aid", "watch")
#: What a person says to break in, and words that sound like it.
INTERRUPTING = re.compile(
    r"\b(stop\w*|wait\w*|weight|repeat\w*|help\w*|chest pain|call for help|can't breathe|can't feel my legs)\b", re.I
)
LONGEST_SENTENCE = 25
#: Words of a yes/no question: four signs that can be held in mind.
LONGEST_QUESTION = 20
#: Words of one turn: at 165 words a minute 30 words take 11 s.
LONGEST_TURN = 30
MOST_SENTENCES_OF_A_GRAMMAR = 400


@pytest.fixture(scope="module", name="prompts")
def _prompts() -> Prompts:
    return load_prompts()


def spoken(prompts: Prompts) -> dict[str, str]:
    """What is spoken of these files: a sign is for the reader of answers only."""
    said = {name: text for name, text in prompts.texts.items() if name.split(".")[0] in FILES}
    return {name: text for name, text in said.items() if not name.endswith(".sign")}


def put(protocol: Protocol) -> list[str]:
    """The questions that a person is asked; the others are answered by the clock or the memory."""
    return [item.question.id for item in protocol.items if item.stage is not Stage.CLOCK]


def test_every_question_can_be_put_again_and_explained(protocol: Protocol, prompts: Prompts) -> None:
    for name in put(protocol):
        here = f"questions.{name}"
        wordings = [prompts.texts[name] for name in (f"{here}.ask", *prompts.variants(f"{here}.again"))]
        assert len(set(wordings)) >= 3, here
        assert min(len(wording) for wording in wordings[1:]) <= len(wordings[0]), here
        assert prompts.has(f"{here}.options"), here
        assert prompts.has(f"{here}.why"), here


def test_every_choice_can_be_said_back(protocol: Protocol, prompts: Prompts) -> None:
    for question in protocol.questions.values():
        for choice in question.choices:
            assert prompts.has(f"questions.{question.id}.values.{choice}"), choice


def test_every_rule_remedy_cause_and_plan_step_has_its_words(
    protocol: Protocol, followup: Protocol, prompts: Prompts
) -> None:
    wanted = {
        *(f"questions.{name}" for name in put(protocol)),
        *(f"reasons.{rule.id}" for rule in protocol.rules),
        *(f"remedies.{name}" for name in protocol.remedies),
        *(f"causes.{cause.id}" for cause in protocol.causes),
        *(f"prevention.{step.id}" for step in protocol.prevention),
        *(f"first_aid.{aid.id}" for aid in protocol.first_aid),
        *(f"watch.{sign.id}" for sign in protocol.watch),
        *(f"levels.{level.id}" for level in Level),
        *(f"questions.{name}" for name in put(followup)),
        *(f"reasons.{rule.id}" for rule in followup.rules),
    }
    assert {".".join(name.split(".")[:2]) for name in spoken(prompts)} == wanted


def test_every_remedy_has_as_many_steps_as_the_protocol_counts(protocol: Protocol, prompts: Prompts) -> None:
    for remedy in protocol.remedies.values():
        assert len(prompts.variants(f"remedies.{remedy.id}.steps")) == len(remedy.steps), remedy.id
        assert prompts.has(f"remedies.{remedy.id}.name"), remedy.id


def test_no_prompt_contains_what_interrupts_charley(prompts: Prompts) -> None:
    assert {name: text for name, text in spoken(prompts).items() if INTERRUPTING.search(text)} == {}


def test_a_question_of_several_signs_can_be_remembered(protocol: Protocol, prompts: Prompts) -> None:
    for name in (name for name in put(protocol) if protocol.questions[name].kind is Kind.YES_NO):
        assert len(prompts.texts[f"questions.{name}.ask"].split()) <= LONGEST_QUESTION, name


def test_every_answer_says_in_plain_words_what_it_tells(protocol: Protocol, prompts: Prompts) -> None:
    signs = [prompts.texts[f"questions.{name}.sign"] for name in put(protocol)]
    assert len(set(signs)) == len(signs)


def test_sentences_and_turns_are_short(prompts: Prompts) -> None:
    for name, text in spoken(prompts).items():
        sentences = re.split(r"(?<=[.?!]) ", text)
        assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE, name
        assert len(text.split()) <= LONGEST_TURN, name


def test_everything_can_be_read_aloud(prompts: Prompts) -> None:
    for name, text in spoken(prompts).items():
        assert not re.search(r"\d|[A-Z]{2,}|[&/()%+*]|\be\.g\.|\bi\.e\.", re.sub("{number}|{line}", "", text)), name


def test_no_advice_names_a_medicine_or_sends_away_from_a_doctor(prompts: Prompts) -> None:
    forbidden = re.compile(r"soma|carisoprodol|quinine|diazepam|ibuprofen|tylenol|not need (a|to see a) doctor", re.I)
    assert [name for name, text in spoken(prompts).items() if forbidden.search(text)] == []


def test_self_care_says_when_to_seek_care(prompts: Prompts) -> None:
    for word in ("see a doctor", "worse", "three days"):
        assert word in prompts.texts["levels.self_care.say"].lower()


def test_whoever_must_call_at_once_hears_the_number_and_who_must_be_seen_today_the_line(prompts: Prompts) -> None:
    for name, text in spoken(prompts).items():
        assert "{line}" not in text or name == "levels.urgent.say", name
        assert ("{number}" in text) == bool(re.search(r"\bcall\b.*\b(now|at once)\b", text, re.I)), name
    assert "{number}" in prompts.texts["levels.emergency.say"]


def test_every_place_has_a_last_sentence_that_says_when_to_call(protocol: Protocol, prompts: Prompts) -> None:
    for place in protocol.questions["place"].choices:
        for happening in protocol.questions["happening"].choices:
            watched = Interview(protocol).answer("place", place).answer("happening", happening).watch()
            assert any("{number}" in prompts.texts[f"watch.{one.id}"] for one in watched), place


def test_every_choice_has_sentences_and_no_sentence_means_a_command(protocol: Protocol) -> None:
    others = load_grammar("command").union(load_grammar("emergency"))
    for question in protocol.questions.values():
        if question.kind is Kind.CHOICE:
            sentences = load_grammar(question.grammar).sentences
            assert {str(sense.value) for sense in sentences.values()} == set(question.choices)
            assert len(sentences) <= MOST_SENTENCES_OF_A_GRAMMAR
            assert sentences.keys() & others.sentences.keys() == set()


def test_every_alarm_and_sign_of_the_grammars_stands_for_an_answer(protocol: Protocol) -> None:
    alarms = {str(sense.value) for sense in load_grammar("emergency").sentences.values()}
    assert protocol.alarms.keys() == alarms
    signs = {str(sense.value) for sense in load_grammar("coaching").sentences.values()}
    assert protocol.signs.keys() <= signs
