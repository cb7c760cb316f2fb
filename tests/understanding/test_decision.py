from dataclasses import replace
from pathlib import Path

import pytest

from skill.errors import InstallationError
from skill.language.grammar import Grammar, Sense
from skill.listening.ear import Ending, Heard, Phrase
from skill.triage.model import Kind, Level, Question
from skill.understanding.decision import OF_POSTERIORS, Decision, Thresholds, decide, load_thresholds

THRESHOLDS = Thresholds(accept=0.9, confirm=0.5, confirm_incomplete=0.7)
GRAMMAR = Grammar(
    "test", {"yes": Sense("yes_no", "yes"), "no": Sense("yes_no", "no"), "stop": Sense("command", "stop")}
)


def decided(*phrases: tuple[str, float]) -> Decision:
    heard = Heard(Ending.SPEECH, tuple(Phrase(text, confidence) for text, confidence in phrases))
    return decide(heard, GRAMMAR.read(heard.text), THRESHOLDS)


@pytest.mark.parametrize(
    ("confidence", "decision"),
    [(1.0, "accept"), (0.9, "accept"), (0.89, "confirm"), (0.5, "confirm"), (0.49, "reject"), (0.0, "reject")],
)
def test_the_confidence_decides_about_a_whole_answer(confidence: float, decision: str) -> None:
    assert decided(("yes", confidence)) == decision


def test_the_least_sure_phrase_counts() -> None:
    assert decided(("yes", 1.0), ("yes", 0.6)) is Decision.CONFIRM


def test_half_an_answer_is_asked_back_at_most() -> None:
    assert decided(("yes", 1.0), ("[unk]", 1.0)) is Decision.CONFIRM
    assert decided(("yes", 0.6), ("[unk]", 1.0)) is Decision.REJECT


def test_a_word_out_of_talk_is_no_answer() -> None:
    assert decided(("[unk]", 1.0), ("yes", 1.0), ("[unk]", 1.0)) is Decision.REJECT


@pytest.mark.parametrize("texts", [("[unk]",), ("hello",), ("yes", "no"), ()])
def test_nothing_and_contradictions_are_rejected(texts: tuple[str, ...]) -> None:
    assert decided(*((text, 1.0) for text in texts)) is Decision.REJECT


def test_an_answer_with_a_command_is_no_contradiction() -> None:
    assert decided(("no", 1.0), ("stop", 1.0)) is Decision.ACCEPT


@pytest.mark.parametrize(
    ("text", "flag", "decision"),
    [("no", Level.EMERGENCY, "confirm"), ("no", None, "accept"), ("yes", Level.EMERGENCY, "accept")],
)
def test_a_no_to_a_sign_of_danger_must_be_surer_than_any_other_answer(
    text: str, flag: Level | None, decision: str
) -> None:
    heard = Heard(Ending.SPEECH, (Phrase(text, 0.95),))
    question = Question("test", Kind.YES_NO, "yes_no", red_flag=flag)
    careful = replace(THRESHOLDS, denial=0.98)
    assert decide(heard, GRAMMAR.read(text), careful, question) == decision


def test_a_model_may_bring_its_own_thresholds(tmp_path: Path) -> None:
    assert load_thresholds(tmp_path) == OF_POSTERIORS
    (tmp_path / "thresholds.yaml").write_text("{accept: 0.7, confirm: 0.2, confirm_incomplete: 0.4}", encoding="utf-8")
    assert load_thresholds(tmp_path) == Thresholds(0.7, 0.2, 0.4)


@pytest.mark.parametrize("text", ["accept: [", "accept: 0.9", "nothing"])
def test_damaged_thresholds_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "thresholds.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InstallationError, match=r"thresholds\.yaml is missing or wrong"):
        load_thresholds(tmp_path)
