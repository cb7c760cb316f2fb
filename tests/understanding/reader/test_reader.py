"""The shipped reader on people whom it never learnt from, and its size and speed."""

import random
import time
from functools import cache

import pytest

from skill.commands.read import Read, interpreter_at, question_named, reading_of
from skill.listening.ear import typed
from skill.system import resources
from skill.triage.model import Kind, Question
from skill.understanding.meanings import Alarmed, Meant
from skill.understanding.reader.labels import Label
from skill.understanding.reader.reader import load_reader
from skill.understanding.understand import Interpreter
from training.examples.loader import Example, load_examples
from training.examples.meanings import load_meanings
from training.reader.labels import label_of

#: Bytes that the weights may take; seconds that one answer may.
LARGEST = 6_000_000
SLOWEST = 0.03


@cache
def unseen() -> tuple[Example, ...]:
    """A draw of what was said by people who were held out; each question's share is its own."""
    held_out = [
        example for example in load_examples() if example.held_out and example.question in load_reader().questions
    ]
    return tuple(random.Random(7).sample(held_out, 900))


@cache
def readings() -> tuple[tuple[Example, Question, Read], ...]:
    found = []
    interpreters: dict[str, Interpreter] = {}
    for example in unseen():
        question = question_named(example.question)
        reads = interpreters.setdefault(example.question, interpreter_at(question))
        found.append((example, question, reading_of(typed(example.said), question, reads)))
    return tuple(found)


def is_right(example: Example, question: Question, read: Read) -> bool:
    label = label_of(example, load_meanings())
    if label.question or question.kind is not Kind.YES_NO or ":" in example.meaning:
        return str(read.answer) == label.value or question.kind in (Kind.DURATION, Kind.COUNT, Kind.SCALE)
    return str(read.answer) == example.meaning


def test_hardly_anything_is_acted_on_wrongly() -> None:
    wrong = [
        (example.question, example.said, read.answer)
        for example, question, read in readings()
        if read.decision == "accept" and not is_right(example, question, read)
    ]
    assert len(wrong) <= 0.03 * len(readings()), wrong


def test_a_yes_to_a_red_flag_is_hardly_ever_acted_on_as_a_no() -> None:
    flagged = [row for row in readings() if row[1].red_flag is not None and row[0].meaning == "yes"]
    missed = [row[0].said for row in flagged if row[2].answer == "no" and row[2].decision == "accept"]
    assert len(missed) <= 0.02 * len(flagged), missed


def test_most_of_what_is_said_is_understood() -> None:
    understood = [row for row in readings() if row[2].decision != "reject"]
    assert len(understood) >= 0.75 * len(readings())


@pytest.mark.parametrize("question", sorted({example.question for example in load_examples()}))
def test_the_reader_has_learnt_every_question_that_has_examples(question: str) -> None:
    asked = question_named(question)
    reading = load_reader().read("yes", asked)
    assert reading is not None
    assert all(guess.label.is_open_at(asked) for guess in reading.guesses)


def test_labels_are_written_and_read_alike() -> None:
    for line in (resources.READER / "labels.txt").read_text(encoding="utf-8").splitlines():
        assert Label.named(line).name == line


def test_the_weights_stay_small() -> None:
    assert sum(file.stat().st_size for file in resources.READER.iterdir()) <= LARGEST


def test_an_answer_is_read_in_no_time() -> None:
    reader, question = load_reader(), question_named("emergency")
    said = "well it is only the calf it woke me up and it will not let go but my chest is fine and so is my breathing"
    reader.read(said, question)
    best = min(_seconds(reader.read, said, question) for _ in range(10))
    assert best < SLOWEST


def _seconds(read: object, said: str, question: Question) -> float:
    began = time.process_time()
    assert callable(read)
    read(said, question)
    return time.process_time() - began


def test_of_a_story_that_raises_an_alarm_no_more_is_said_back_than_raises_it() -> None:
    question = question_named("place")
    story = "well it started on tuesday in my calf and i thought nothing of it but now i can't get my breath"
    understood = interpreter_at(question).understand(typed(story), question)
    assert isinstance(understood, Alarmed)
    assert understood.text.endswith("i can't get my breath")
    assert len(understood.text.split()) <= 12


def test_what_a_no_names_is_not_told() -> None:
    question = question_named("emergency")
    understood = interpreter_at(question).understand(typed("no, nothing like that, my chest is fine"), question)
    assert understood == Meant("no", sure=True)
