"""Every number of the prompts and of the settings is an alarm at every question, wherever this machine stands."""

import pytest

from skill.dialogue.prompts import load_prompts
from skill.language.grammar import Sense
from skill.language.numerals import dialled
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import EMERGENCY, Phrasebook
from tests.conftest import Say

PROTOCOLS = (load_protocol(), load_protocol(resources.FOLLOWUP))
NUMBERS = sorted({text for prompt, text in load_prompts().texts.items() if prompt.startswith("numbers.")})
CALL = (Sense(EMERGENCY, "call_help"),)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_an_alarm_at_every_question_said_or_typed(number: str) -> None:
    apart = " ".join(number)
    ways = (number, apart, "-".join(number), f"{number}!", f"call {number}", f"please ring {apart}", *dialled(number))
    for protocol in PROTOCOLS:
        phrasebook = Phrasebook(protocol)
        for question in protocol.questions.values():
            for said in ways:
                assert phrasebook.at(question).read(said).senses == CALL, (question.id, said)


@pytest.mark.parametrize("said", ["112 seconds", "1999", "since 2000", "1112", "911 times", "$999", "don't call 999"])
def test_a_number_that_nobody_dials_is_none(said: str) -> None:
    for protocol in PROTOCOLS:
        phrasebook = Phrasebook(protocol)
        for question in protocol.questions.values():
            senses = phrasebook.at(question).read(said).senses
            assert all(sense.topic != EMERGENCY for sense in senses), (question.id, said)


@pytest.mark.parametrize(
    ("number", "spoken"), [("15", "one five"), ("1669", "one six six nine"), ("118", "one one eight")]
)
def test_the_number_of_the_settings_is_an_alarm_too(number: str, spoken: str) -> None:
    for protocol in PROTOCOLS:
        phrasebook, elsewhere = Phrasebook(protocol, number), Phrasebook(protocol)
        assert spoken in phrasebook.everything()
        for question in protocol.questions.values():
            for said in (f"call {number}", spoken, f"dial {spoken}"):
                assert phrasebook.at(question).read(said).senses == CALL, (question.id, said)
            assert CALL[0] not in elsewhere.at(question).read(spoken).senses


def test_two_digits_by_themselves_are_an_amount_where_one_is_asked_for() -> None:
    protocol = PROTOCOLS[0]
    phrasebook = Phrasebook(protocol, "15")
    assert phrasebook.at(protocol.questions["place"]).read("15").senses == CALL
    assert CALL[0] not in phrasebook.at(protocol.questions["how_long"]).read("15 minutes").senses
    assert CALL[0] not in phrasebook.at(protocol.questions["pain"]).read("15").senses


@pytest.mark.parametrize("question", ["emergency", "place", "how_long", "pain"])
@pytest.mark.parametrize("said", ["nine nine nine", "one one two", "nine one one", "zero zero zero", "triple nine"])
def test_a_number_is_heard_at_every_question(recogniser: Recogniser, say: Say, question: str, said: str) -> None:
    grammar = Phrasebook(PROTOCOLS[0]).at(PROTOCOLS[0].questions[question])
    recording = load_recording(say(said), trailing_silence=0.5)
    decoding = recogniser.open(grammar, recording.rate)
    decoding.feed(recording.samples)
    assert grammar.read(" ".join(phrase.text for phrase in decoding.result())).senses == CALL
