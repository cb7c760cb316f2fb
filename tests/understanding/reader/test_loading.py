"""The reader is loaded once, and a conversation goes on without one that is damaged."""

from pathlib import Path

import pytest

from skill.commands.read import question_named
from skill.understanding.reader.labels import POLARITY
from skill.understanding.reader.reader import Guess, LearnedReader, LoadingReader, Reader, ScriptedReader


def test_it_is_loaded_once() -> None:
    loads = 0

    def load() -> Reader:
        nonlocal loads
        loads += 1
        return ScriptedReader({"aye": (Guess(POLARITY[0], 0.9),)})

    reader, question = LoadingReader(load), question_named("emergency")
    readings = [reader.read("aye", question) for _ in range(3)]
    assert loads == 1
    assert all(reading is not None and reading.best.label == POLARITY[0] for reading in readings)


def test_a_damaged_one_is_told_once_and_done_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "network.npz").write_bytes(b"damaged")
    reader, question = LoadingReader(lambda: LearnedReader(tmp_path)), question_named("emergency")
    assert [reader.read("no", question) for _ in range(3)] == [None, None, None]
    assert capsys.readouterr().err.count("install Charley again") == 1
