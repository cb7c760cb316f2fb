from pathlib import Path

import numpy as np
import pytest

from skill.language.grammar import Grammar
from skill.language.shipped import load_grammar
from skill.listening.ear import SILENCE
from skill.listening.recogniser import Decoding, Recogniser
from skill.listening.recording import Recording
from skill.listening.wake import WakeWord, Woken, wake_grammar
from skill.system import resources
from tests.conftest import Say
from tests.listening.test_ears import room, taken

CONFIDENCE = 0.3
#: What may be said to Charley in these tests.
ANSWERS = load_grammar("place").union(load_grammar("emergency"), load_grammar("yes_no"), load_grammar("command"))


class Counting(Recogniser):
    """Counts the utterances that it decodes."""

    decodings = 0

    def open(self, grammar: Grammar | None, rate: int, *, hurried: bool = False) -> Decoding:
        self.decodings += 1
        return super().open(grammar, rate, hurried=hurried)


@pytest.fixture(name="ear", scope="module")
def _ear() -> Counting:
    return Counting(resources.MODEL, (*wake_grammar().phrases, *ANSWERS.phrases))


def woken(ear: Recogniser, *sounds: Path | float) -> Woken | None:
    return WakeWord(room(*sounds), ear, CONFIDENCE, ANSWERS).wait()


@pytest.mark.parametrize("phrase", ["hey Charley", "okay Charley", "Charley help me", "Charley help"])
def test_the_wake_phrase_wakes(ear: Counting, say: Say, phrase: str) -> None:
    heard = woken(ear, 2.0, say(phrase), 2.0)
    assert heard is not None
    assert heard.confidence >= CONFIDENCE


def test_waking_comes_within_half_a_second_of_the_phrase(ear: Counting, say: Say) -> None:
    recording = room(1.0, say("hey Charley"), 3.0)
    assert WakeWord(recording, ear, CONFIDENCE, ANSWERS).wait()
    assert taken(recording) > 2.5


@pytest.mark.parametrize(
    "phrase", ["hey Charlie Brown", "hey", "what shall we have for dinner", "my calf is cramping", "Charley", "yes"]
)
def test_other_speech_does_not_wake(ear: Counting, say: Say, phrase: str) -> None:
    assert woken(ear, 1.0, say(phrase), 2.0) is None


def test_a_wake_phrase_below_the_confidence_does_not_wake(ear: Counting, say: Say) -> None:
    assert WakeWord(room(1.0, say("hey Charley"), 2.0), ear, 1.01, ANSWERS).wait() is None


def test_nothing_is_decoded_while_the_room_is_quiet(ear: Counting, say: Say) -> None:
    before = ear.decodings
    assert woken(ear, 20.0) is None
    assert ear.decodings == before
    assert woken(ear, 20.0, say("hey Charley"), 2.0)
    assert ear.decodings == before + 2  # the second hears it once more


def test_the_wake_phrase_is_heard_in_speech_that_does_not_pause(ear: Counting, say: Say) -> None:
    talk = say("and then we went to the market to buy some bread and a little cheese for the evening")
    assert woken(ear, 1.0, talk, say("hey Charley"), talk, 2.0)


def test_what_is_said_with_the_wake_phrase_is_heard_with_the_grammar_of_an_answer(ear: Counting, say: Say) -> None:
    wake_word = WakeWord(room(1.0, say("hey Charley, my left calf"), 2.0), ear, CONFIDENCE, ANSWERS)
    heard = wake_word.wait()
    assert heard is not None
    assert [sense.value for sense in ANSWERS.read(wake_word.request(heard).text).senses] == ["calf"]


@pytest.mark.parametrize("phrase", ["hey Charley", "hey Charley, what a beautiful morning", "Charley help"])
def test_a_wake_phrase_alone_or_with_chatter_is_no_request(ear: Counting, say: Say, phrase: str) -> None:
    wake_word = WakeWord(room(1.0, say(phrase), 2.0), ear, CONFIDENCE, ANSWERS)
    heard = wake_word.wait()
    assert heard is not None
    assert wake_word.request(heard) == SILENCE


def test_who_calls_by_key_ends_the_sleep(ear: Counting) -> None:
    looks = iter([False, False, True])
    recording = room(5.0)
    assert WakeWord(recording, ear, CONFIDENCE, ANSWERS).wait(lambda: next(looks)) is None
    assert taken(recording) == pytest.approx(4.9, abs=0.06)


def test_what_was_said_before_charley_slept_does_not_wake_it(ear: Counting) -> None:
    class Corridor(Recording):
        skipped = False

        def skip(self) -> None:
            self.skipped = True

    source = Corridor(np.zeros(16_000, np.int16), 16_000)
    WakeWord(source, ear, CONFIDENCE, ANSWERS).wait()
    assert source.skipped


@pytest.mark.parametrize("pause", [0.4, 0.7, 1.0])
def test_a_pause_between_the_name_and_the_call_for_help_does_not_matter(ear: Counting, say: Say, pause: float) -> None:
    heard = woken(ear, 2.0, say("Charley"), pause, say("help me"), 2.0)
    assert heard is not None
    assert heard.called


@pytest.mark.parametrize(("phrase", "called"), [("hey Charley", False), ("hey Charley, help", True)])
def test_a_call_for_help_is_told_from_a_greeting(ear: Counting, say: Say, phrase: str, called: bool) -> None:
    heard = woken(ear, 2.0, say(phrase), 2.0)
    assert heard is not None
    assert heard.called == called


def test_what_is_said_after_a_pause_of_a_second_is_still_said_with_the_wake_phrase(ear: Counting, say: Say) -> None:
    wake_word = WakeWord(room(1.0, say("hey Charley"), 0.9, say("my left calf"), 2.0), ear, CONFIDENCE, ANSWERS)
    heard = wake_word.wait()
    assert heard is not None
    assert [sense.value for sense in ANSWERS.read(wake_word.request(heard).text).senses] == ["calf"]
