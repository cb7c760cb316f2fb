"""The keys of a telephone: when they count, and when not."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from skill.channels.audiosocket import RATE
from skill.channels.keypad import KeyedSource, Keypad, KeypadEar, key_words
from skill.channels.line import Line
from skill.listening.ear import CLOSED, SILENCE, Heard, Turn
from skill.speaking.voice import Clip
from skill.triage.loader import load_protocol
from skill.understanding.barge_in import while_asking
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook

PHRASEBOOK = Phrasebook(load_protocol())
RED_FLAG = load_protocol().questions["emergency"]
STATEMENT = Turn("interruption", PHRASEBOOK.interrupting(), 0.0)
ASKING = while_asking(RED_FLAG, "Is your chest tight?", PHRASEBOOK, load_thresholds())
LISTENING = Turn(RED_FLAG.id, PHRASEBOOK.at(RED_FLAG), 7.0)


class Quiet:
    """An ear that hears nothing but the end of its source; what is pressed meanwhile is given."""

    def __init__(self, line: Line, keypad: Keypad) -> None:
        self._line = line
        self._source = KeyedSource(line, keypad)
        self.press = ""

    def listen(self, turn: Turn) -> Heard:
        del turn
        return self._hear()

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        del turn, playing
        return self._hear()

    def close(self) -> None: ...

    def _hear(self) -> Heard:
        for key in self.press:
            self._line.press(key)
        self.press = ""
        return CLOSED if self._source.read(0.01) is None else SILENCE


def spoken_to(*, echo: bool) -> Line:
    """A line on which Charley has spoken for two seconds, whose words came back or not."""
    line, words = Line(), np.random.default_rng(1).normal(0, 3_000, 2 * RATE).astype(np.int16)
    words[::3] //= 50
    line.play([Clip(words, RATE)])
    time.sleep(0.1)
    for number in range(100):
        sent = line.send(160)
        loud = echo and number % 4
        line.receive(sent if loud else bytes(320))
        line.read(0.02)
    return line


@pytest.fixture(name="quiet")
def _quiet() -> tuple[KeypadEar, Quiet]:
    line = spoken_to(echo=False)
    keypad = Keypad(line)
    quiet = Quiet(line, keypad)
    return KeypadEar(quiet, keypad), quiet


def never() -> bool:
    return False


@pytest.mark.parametrize(("key", "word"), [("1", "yes"), ("2", "no"), ("0", "repeat"), ("#", "skip"), ("7", "help")])
def test_a_key_answers_what_was_asked(quiet: tuple[KeypadEar, Quiet], key: str, word: str) -> None:
    ear, person = quiet
    person.press = key
    heard = ear.listen(LISTENING)
    assert (heard.text, heard.typed) == (word, True)
    assert ear.listen(LISTENING) is SILENCE


def test_every_word_of_the_keypad_may_be_said() -> None:
    assert all(PHRASEBOOK.at(RED_FLAG).read(word).complete for word in key_words().values())


@pytest.mark.parametrize("key", ["1", "2", "#"])
def test_what_is_pressed_in_a_statement_does_not_answer_the_question_after_it(
    quiet: tuple[KeypadEar, Quiet], key: str
) -> None:
    ear, person = quiet
    person.press = key
    assert ear.overhear(STATEMENT, never) is SILENCE
    assert ear.overhear(ASKING, never) is SILENCE
    assert ear.listen(LISTENING) is SILENCE


def test_a_no_that_is_pressed_while_a_red_flag_is_asked_for_waits_until_the_end(
    quiet: tuple[KeypadEar, Quiet],
) -> None:
    ear, person = quiet
    person.press = "2"
    assert ear.overhear(ASKING, never) is SILENCE
    assert ear.listen(LISTENING).text == "no"


def test_a_yes_to_a_red_flag_and_a_wish_to_hear_it_again_break_in(quiet: tuple[KeypadEar, Quiet]) -> None:
    ear, person = quiet
    for key, word in (("1", "yes"), ("0", "repeat")):
        person.press = key
        assert ear.overhear(ASKING, never).text == word


def test_who_presses_a_key_often_answers_once(quiet: tuple[KeypadEar, Quiet]) -> None:
    ear, person = quiet
    person.press = "2222"
    assert ear.listen(LISTENING).text == "no"
    assert ear.listen(LISTENING) is SILENCE


def test_a_line_on_which_words_come_back_is_not_listened_to_while_charley_speaks() -> None:
    assert Line().echoes  # nobody knows yet
    assert not spoken_to(echo=False).echoes
    assert spoken_to(echo=True).echoes
