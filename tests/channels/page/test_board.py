"""What is touched answers what was shown, and nothing else."""

import threading

import pytest

from skill.channels.page.board import Board
from skill.channels.page.texts import load_texts
from skill.channels.page.view import Line, State, Who
from skill.dialogue.events import Answered, Asked, Coaching, Concluded, Ended, EndReason, HeardSpeech, ReasonGiven, Said
from skill.listening.ear import SILENCE

HEART = Asked("heart", "yes_no", (), "Is it heavy?")
SWEAT = Asked("sweat", "yes_no", (), "Are you in a cold sweat?")


@pytest.fixture(name="board")
def _board() -> Board:
    board = Board(load_texts())
    board.begin()
    return board


def ask(board: Board, asked: Asked) -> int:
    """Charley begins to speak the question; the moment that it opens."""
    board.emit(asked)
    board.show(asked.text)
    return board.view.moment


def test_the_answers_appear_with_the_words_of_the_question_and_not_before(board: Board) -> None:
    board.emit(HEART)
    board.show("I did not catch that.")
    assert not board.view.buttons
    board.show(HEART.text)
    assert board.view.buttons == ("Yes", "No", "I don't know")
    assert board.view.question == "heart"


def test_a_touch_while_the_question_is_spoken_answers_it(board: Board) -> None:
    assert board.press(ask(board, HEART), "Yes")
    assert board.ready()
    assert board.take().text == "Yes"
    assert board.take() is SILENCE


def test_a_touch_on_an_earlier_question_never_answers_a_later_one(board: Board) -> None:
    first = ask(board, HEART)
    board.listen("heart", State.TOUCH)
    board.heard(answered=True)
    assert not board.press(first, "No")
    second = ask(board, SWEAT)
    assert second != first
    assert not board.press(first, "No")
    assert not board.ready()


def test_a_touch_that_comes_as_a_voice_answers_is_dropped_and_said_to_be_late(board: Board) -> None:
    first = ask(board, HEART)
    board.listen("heart", State.LISTENING)
    board.press(first, "No")
    board.heard(answered=True)
    ask(board, SWEAT)
    assert not board.ready()
    assert board.view.late
    assert board.press(board.view.moment, "Yes")
    assert not board.view.late


def test_a_touch_just_after_silence_answers_the_question_when_it_is_put_again(board: Board) -> None:
    first = ask(board, HEART)
    board.listen("heart", State.LISTENING)
    board.heard(answered=False)
    assert board.press(first, "Yes")
    assert not board.ready()
    again = Asked("heart", "yes_no", (), "Does it squeeze?")
    assert ask(board, again) == first
    assert board.ready()


def test_a_touch_just_after_the_last_silence_answers_nothing_else(board: Board) -> None:
    first = ask(board, HEART)
    board.listen("heart", State.LISTENING)
    board.heard(answered=False)
    board.press(first, "No")
    board.show("I could not hear you, so to be safe I take that as a possible yes.")
    assert not board.ready()
    board.emit(Answered("heart", "unanswered"))
    ask(board, SWEAT)
    assert not board.ready()
    assert board.view.late


def test_of_two_touches_the_first_counts(board: Board) -> None:
    moment = ask(board, HEART)
    assert board.press(moment, "Yes")
    assert not board.press(moment, "No")
    assert board.take().text == "Yes"


def test_the_call_for_help_counts_at_any_time_and_before_everything_else(board: Board) -> None:
    board.show("I am Charley.")
    assert board.press(0, "I need an ambulance")
    assert board.ready()
    board.take()
    moment = ask(board, HEART)
    board.press(moment, "No")
    assert board.press(moment, "I need an ambulance")
    assert board.take().text == "I need an ambulance"


def test_repeat_breaks_in_and_slower_waits_until_charley_listens(board: Board) -> None:
    board.show("Call 112 now.")
    board.press(0, "Slower")
    assert not board.ready()
    board.listen("once_more", State.TOUCH)
    assert board.ready()
    board.take()
    board.show("Call 112 now.")
    board.press(0, "Repeat")
    assert board.ready()


def test_a_hold_keeps_its_moment_from_tick_to_tick_and_ends_with_the_next_step(board: Board) -> None:
    board.listen("coaching", State.TOUCH)
    held = board.view.moment
    for _ in range(3):
        board.heard(answered=False)
        board.listen("coaching", State.TOUCH)
    assert board.view.moment == held
    assert board.view.buttons[0] == "It's gone"
    board.heard(answered=False)
    board.emit(Coaching("calf_stretch", 1, 30))
    assert board.view.buttons == ()
    assert not board.press(held, "It's gone")


def test_an_empty_line_and_a_line_after_the_end_are_not_taken(board: Board) -> None:
    moment = ask(board, HEART)
    assert not board.press(moment, "  ")
    board.emit(Ended(EndReason.FINISHED))
    assert not board.press(moment, "Yes")
    assert not board.press(0, "I need an ambulance")


def test_the_advice_stays_with_its_reasons_and_what_is_said_after_it_does_not_join_it(board: Board) -> None:
    reason = ReasonGiven("heart", "That can be the heart.", ("nhs",))
    board.emit(Concluded("emergency", (reason,), ()))
    board.show("Call 1 1 2 now.")
    board.show("The reason: That can be the heart.")
    board.show("Stay where you are.")
    board.emit(Said("dialogue.once_more", "Shall I say that once more?"))
    board.show("Shall I say that once more?")
    board.listen("once_more", State.TOUCH)
    board.show("I hope it eases soon.")
    assert board.view.level == "emergency"
    assert board.view.reasons == ("That can be the heart.",)
    assert board.view.advice == ("Call 112 now.", "Stay where you are.")


def test_both_sides_stand_in_the_transcript_and_stay_for_the_next_conversation(board: Board) -> None:
    ask(board, HEART)
    board.emit(HeardSpeech("Yes", 1.0, True))
    board.emit(Ended(EndReason.FINISHED))
    assert board.begin_again()
    board.begin()
    assert board.view.transcript == (Line(Who.CHARLEY, "Is it heavy?"), Line(Who.YOU, "Yes"))
    assert (board.view.level, board.view.caption, board.view.state) == ("", "", State.STARTING)


def test_nobody_begins_again_in_the_middle(board: Board) -> None:
    ask(board, HEART)
    assert not board.begin_again()


def test_who_waits_is_told_of_a_page_a_wish_and_that_everybody_has_left(board: Board) -> None:
    threading.Timer(0.05, board.arrive).start()
    board.await_page()
    board.emit(Ended(EndReason.FINISHED))
    threading.Timer(0.05, board.begin_again).start()
    assert board.wanted_again(grace=5.0)
    board.begin()
    board.leave()
    assert not board.wanted_again(grace=0.1)


def test_notices_stand_once(board: Board) -> None:
    board.notice("There is no microphone.")
    board.notice("There is no microphone.")
    assert board.view.notices == ("There is no microphone.",)
