import io
import json
from pathlib import Path

import pytest

from skill.commands import tools
from skill.commands.hear import Kind, again, free_recogniser, hear, hear_all, judge_by, judge_freely, phrase_grammar
from skill.errors import UsageError
from skill.language.shipped import load_grammar
from skill.listening.ear import Turn
from skill.listening.recogniser import Recogniser
from skill.listening.second_pass import SecondHearing
from skill.listening.sentence import ScriptedSentences
from skill.system import resources
from skill.understanding.decision import is_plain, load_thresholds
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
    assert [*records[0]] == ["file", "text", "kind", "answer", "confidence", "decision", "also", "rtf"]
    assert errors.getvalue().startswith(f"{files[1]} cannot be read as sound")
    assert errors.getvalue().count("\n") == 1


def test_a_sentence_is_heard_a_second_time_and_a_short_phrase_is_not(recogniser: Recogniser, say: Say) -> None:
    grammar = load_grammar("yes_no")
    second = SecondHearing(ScriptedSentences(["my leg hurts and i cannot walk"], confidence=0.8))
    turn = Turn("accident", grammar, 0.0, plain=lambda heard: is_plain(heard, grammar.read(heard.text), THRESHOLDS))
    heard = [
        hear(say(text), recogniser, grammar, judge_by(THRESHOLDS), again(turn, second))
        for text in ("my leg hurts and I cannot walk", "yes")
    ]
    second.close()
    assert [hearing.text for hearing in heard] == ["my leg hurts and i cannot walk", "yes"]


@pytest.mark.parametrize(
    ("question", "said", "kind", "answer"),
    [
        ("emergency", "yes", Kind.ANSWER, "yes"),
        ("confirm", "no", Kind.ANSWER, "no"),
        ("offer", "yes", Kind.ANSWER, "yes"),
        ("place", "repeat", Kind.COMMAND, "repeat"),
        ("side", "I can't breathe", Kind.ALARM, "breathing"),
        ("side", "change the place", Kind.CHANGE, "place"),
    ],
)
def test_everything_that_may_be_said_has_its_kind(
    say: Say, capsys: pytest.CaptureFixture[str], question: str, said: str, kind: Kind, answer: str
) -> None:
    assert tools.hear([say(said)], question=question, phrases=None, model=None) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["kind"], record["answer"]) == (kind, answer)
