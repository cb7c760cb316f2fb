"""Nobody who reads is hurried, and nobody who has left is waited for."""

import math

import pytest

from skill.channels.page.board import Board
from skill.channels.page.ear import PATIENCE, PageEar, TouchEar
from skill.channels.page.texts import load_texts
from skill.channels.page.view import State
from skill.dialogue.events import Asked
from skill.language.shipped import load_grammar
from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Turn, typed

QUESTION = Turn("emergency", load_grammar("yes_no"), 7.0)
HOLD = Turn("coaching", load_grammar("coaching"), 0.2, optional=True)
OFFER = Turn("once_more", load_grammar("yes_no"), 7.0, optional=True)


class Listening:
    """An ear that notes how long it was to wait, and what was shown meanwhile."""

    def __init__(self, board: Board, heard: Heard) -> None:
        self.board = board
        self.heard = heard
        self.waited: list[float] = []
        self.states: list[State] = []

    def listen(self, turn: Turn) -> Heard:
        self.waited.append(turn.patience)
        self.states.append(self.board.view.state)
        return self.heard

    def overhear(self, turn: Turn, playing: object) -> Heard:
        del turn, playing
        return self.heard

    def close(self) -> None:
        pass


@pytest.fixture(name="board")
def _board() -> Board:
    board = Board(load_texts())
    board.begin()
    board.arrive()
    return board


def test_who_has_not_touched_anything_is_given_the_time_to_read(board: Board) -> None:
    voice = Listening(board, SILENCE)
    ear = PageEar(board, voice)
    for turn in (QUESTION, OFFER, HOLD):
        ear.listen(turn)
    assert voice.waited == [PATIENCE, PATIENCE, HOLD.patience]
    assert voice.states == [State.LISTENING, State.LISTENING, State.HOLD]


def test_who_has_touched_something_is_waited_for_without_end_but_a_hold_keeps_its_time(board: Board) -> None:
    voice = Listening(board, SILENCE)
    ear = PageEar(board, voice)
    board.touch()
    for turn in (QUESTION, OFFER, HOLD):
        ear.listen(turn)
    assert voice.waited == [math.inf, PATIENCE, HOLD.patience]


def test_what_is_said_closes_the_question_for_a_touch(board: Board) -> None:
    PageEar(board, Listening(board, typed("no"))).listen(QUESTION)
    assert not board.press(board.view.moment, "Yes")


def test_by_touch_alone_a_hold_ends_by_itself_and_a_question_by_a_line(board: Board) -> None:
    ear = PageEar(board)
    assert ear.listen(HOLD) is SILENCE
    board.listen("emergency", State.TOUCH)
    board.press(board.view.moment, "Yes")
    assert ear.listen(QUESTION).text == "Yes"


def test_touch_breaks_in_while_charley_speaks(board: Board) -> None:
    ear = PageEar(board)
    assert ear.overhear(QUESTION, lambda: False) is SILENCE
    board.press(0, "Repeat")
    assert ear.overhear(QUESTION, lambda: True).text == "Repeat"


def test_what_breaks_in_closes_the_question_for_a_touch(board: Board) -> None:
    board.emit(Asked("emergency", "yes_no", (), "Any trouble?"))
    board.show("Any trouble?")
    PageEar(board, Listening(board, typed("no"))).overhear(QUESTION, lambda: True)
    assert not board.press(board.view.moment, "Yes")


def test_by_touch_alone_the_ear_closes_when_every_page_has_left_for_good(board: Board) -> None:
    board.leave()
    assert TouchEar(board, deserted=0.0).listen(QUESTION) is CLOSED
    assert CLOSED.ending is Ending.CLOSED
