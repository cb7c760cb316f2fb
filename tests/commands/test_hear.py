import io
import json
from pathlib import Path

import pytest

from skill.commands.hear import free_recogniser, hear, hear_all, judge_by, judge_freely, phrase_grammar
from skill.errors import UsageError
from skill.language.shipped import load_grammar
from skill.listening.recogniser import Recogniser
from skill.system import resources
from skill.understanding.decision import load_thresholds
from tests.conftest import Say

THRESHOLDS = load_thresholds()


def test_an_answer_is_the_line_of_the_list_as_it_stands_there(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    grammar = phrase_grammar(["Turn on the light!", "", "7", "Stop."])
    recogniser = Recogniser(resources.MODEL, grammar.phrases)
    hearings = [
        hear(say(text), recogniser, grammar, judge_by(THRESHOLDS))
        for text in ("turn on the light", "seven", "agricultural policy")
    ]
    assert [hearing.answer for hearing in hearings] == ["Turn on the light!", "7", None]
    assert [hearing.decision for hearing in hearings] == ["accept", "accept", "reject"]
    assert all(0 < hearing.rtf < 1 for hearing in hearings)


def test_a_list_without_words_is_refused() -> None:
    with pytest.raises(UsageError, match="list of phrases is empty"):
        phrase_grammar(["", "  ", "…"])


def test_without_a_list_every_word_of_the_lexicon_may_be_said(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    hearing = hear(say("remember"), free_recogniser(resources.MODEL), None, judge_freely(THRESHOLDS))
    assert hearing.text == "remember"
    assert hearing.answer is None


def test_files_come_back_in_order_and_a_bad_one_does_not_stop_the_rest(
    recogniser: Recogniser, say: Say, tmp_path: Path
) -> None:
    (tmp_path / "bad.wav").write_text("no sound", encoding="utf-8")
    files = [say("yes"), tmp_path / "bad.wav", say("no")]
    out, errors = io.StringIO(), io.StringIO()
    status = hear_all(files, recogniser, load_grammar("yes_no"), judge_by(THRESHOLDS), out, errors)
    assert status == 2
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [record["file"] for record in records] == [str(files[0]), str(files[2])]
    assert [record["answer"] for record in records] == ["yes", "no"]
    assert [*records[0]] == ["file", "text", "answer", "confidence", "decision", "rtf"]
    assert errors.getvalue().startswith(f"{files[1]} cannot be read as sound")
    assert errors.getvalue().count("\n") == 1
