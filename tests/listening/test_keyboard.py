"""Typing beside the microphone, on a real terminal and with a source that never ends by itself."""

import os
import pty
from collections.abc import Iterator

import numpy as np
import pytest

from skill.language.shipped import load_grammar
from skill.listening.ear import HUSHED, SILENCE, Ending, Turn
from skill.listening.ears import SoundEar
from skill.listening.keyboard import Keyboard, VoiceAndKeysEar, YieldingSource
from skill.listening.recogniser import Recogniser
from skill.listening.scripted_ear import ScriptedEar
from skill.listening.source import Samples
from skill.system.clock import SimulatedClock
from skill.understanding.phrasebook import YES_NO

TURN = Turn("emergency", load_grammar(YES_NO), 1.0)


class QuietRoom:
    """A microphone in an empty room."""

    rate = 16_000

    def read(self, seconds: float) -> Samples:
        return np.zeros(round(seconds * self.rate), np.int16)

    def skip(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(name="terminal")
def _terminal() -> Iterator[tuple[int, Keyboard]]:
    """The person's end of a terminal, and the keyboard at its other end."""
    person, program = pty.openpty()
    yield person, Keyboard(program)
    os.close(person)
    os.close(program)


def ear_with(keyboard: Keyboard, recogniser: Recogniser) -> VoiceAndKeysEar:
    return VoiceAndKeysEar(SoundEar(YieldingSource(QuietRoom(), keyboard), recogniser), keyboard)


def test_a_typed_line_is_taken_as_the_answer(terminal: tuple[int, Keyboard], recogniser: Recogniser) -> None:
    person, keyboard = terminal
    os.write(person, b"no, none of those\n")
    heard = ear_with(keyboard, recogniser).listen(TURN)
    assert (heard.text, heard.confidence) == ("no, none of those", 1.0)


def test_half_a_line_is_no_answer_yet(terminal: tuple[int, Keyboard], recogniser: Recogniser) -> None:
    person, keyboard = terminal
    ear = ear_with(keyboard, recogniser)
    os.write(person, b"no")
    assert ear.listen(TURN) == SILENCE
    os.write(person, b"pe\n")
    assert ear.listen(TURN).text == "nope"


def test_lines_typed_ahead_come_one_a_turn(terminal: tuple[int, Keyboard], recogniser: Recogniser) -> None:
    person, keyboard = terminal
    ear = ear_with(keyboard, recogniser)
    os.write(person, b"1\n2\n")
    assert [ear.listen(TURN).text, ear.listen(TURN).text] == ["1", "2"]
    assert ear.listen(TURN).ending is Ending.SILENCE


def test_a_typed_line_breaks_in_while_charley_speaks(terminal: tuple[int, Keyboard], recogniser: Recogniser) -> None:
    person, keyboard = terminal
    os.write(person, b"stop\n")
    assert ear_with(keyboard, recogniser).overhear(TURN, lambda: True).text == "stop"


def test_the_keys_one_and_two_are_yes_and_no() -> None:
    read = [load_grammar(YES_NO).read(key).sole for key in ("1", "2")]
    assert [sense and sense.value for sense in read] == ["yes", "no"]


def test_an_empty_line_silences_charley_and_answers_nothing(
    terminal: tuple[int, Keyboard], recogniser: Recogniser
) -> None:
    person, keyboard = terminal
    os.write(person, b"\n")
    ear = ear_with(keyboard, recogniser)
    assert ear.overhear(TURN, lambda: True) == HUSHED
    assert not keyboard.ready()


def test_where_words_cannot_break_in_keys_alone_do(terminal: tuple[int, Keyboard]) -> None:
    person, keyboard = terminal
    said = ScriptedEar({TURN.name: ["repeat"]}, SimulatedClock())
    ear = VoiceAndKeysEar(said, keyboard, interruptible=False)
    looks = iter((True, True, False))
    assert ear.overhear(TURN, lambda: next(looks)) == SILENCE
    os.write(person, b"stop\n")
    assert ear.overhear(TURN, lambda: True).text == "stop"
