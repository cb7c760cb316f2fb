from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skill.commands.hear import phrase_grammar
from skill.errors import InstallationError
from skill.language.grammar import Grammar, Sense
from skill.language.shipped import load_grammar
from skill.listening.ear import Phrase
from skill.listening.graph import build_graph, shipped_phrases
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.system import resources
from tests.conftest import Say


def transcript(recogniser: Recogniser, grammar: Grammar, file: Path) -> tuple[Phrase, ...]:
    recording = load_recording(file, trailing_silence=0.5)
    decoding = recogniser.open(grammar, recording.rate)
    decoding.feed(recording.samples)
    return decoding.result()


@pytest.mark.parametrize("voice", ["gmw/en-us", "gmw/en", "gmw/en-gb-scotland"])
@pytest.mark.parametrize("text", ["yes", "no", "not really", "i can't feel my legs", "call an ambulance"])
def test_a_phrase_is_heard_as_itself(recogniser: Recogniser, say: Say, text: str, voice: str) -> None:
    grammar = load_grammar("yes_no").union(load_grammar("emergency"))
    heard = transcript(recogniser, grammar, say(text, voice))
    assert grammar.read(" ".join(phrase.text for phrase in heard)).sole == grammar.read(text).sole


def test_hesitation_beside_an_answer_is_left_out(recogniser: Recogniser, say: Say) -> None:
    heard = transcript(recogniser, load_grammar("duration"), say("um, ten minutes"))
    assert [phrase.text for phrase in heard] == ["ten minutes"]


def test_of_words_that_sound_alike_the_expected_one_is_heard(recogniser: Recogniser, say: Say) -> None:
    words = Grammar("numbers", {"four": Sense("numbers", 4), "for": Sense("numbers", 0)})
    expected = (replace(words, weights={sentence: 30}) for sentence in words.sentences)
    heard = [[phrase.text for phrase in transcript(recogniser, grammar, say("four"))] for grammar in expected]
    assert heard == [["four"], ["for"]]


def test_speech_that_is_no_answer_is_unknown(recogniser: Recogniser, say: Say) -> None:
    heard = transcript(recogniser, load_grammar("side"), say("the committee discussed agricultural policy"))
    assert {phrase.text for phrase in heard} == {"[unk]"}


def test_nothing_is_heard_in_silence(recogniser: Recogniser) -> None:
    decoding = recogniser.open(load_grammar("yes_no"), 16000)
    decoding.feed(np.zeros(16000, np.int16))
    assert decoding.partial() == ""
    assert decoding.result() == ()


def test_an_endpoint_comes_after_a_pause_and_listening_can_go_on(recogniser: Recogniser, say: Say) -> None:
    decoding = recogniser.open(load_grammar("yes_no"), 22050)
    for text in ("yes", "no"):
        recording = load_recording(say(text), trailing_silence=2.0)
        endpoints = [decoding.feed(block) for block in np.array_split(recording.samples, 40)]
        assert any(endpoints)
        assert [phrase.text for phrase in decoding.result()] == [text]


def test_phrases_outside_the_shipped_grammars_get_a_graph_of_their_own(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    grammar = phrase_grammar(["Open the pod bay doors, HAL", "sing zxqv"])
    for _ in range(2):  # built, then found again
        recogniser = Recogniser(resources.MODEL, grammar.phrases)
        assert recogniser.unknown == ()
        heard = transcript(recogniser, grammar, say("open the pod bay doors hal"))
        assert [phrase.text for phrase in heard] == ["open the pod bay doors hal"]
    assert len(list((tmp_path / "charley" / "graphs").iterdir())) == 1


def test_the_shipped_graph_is_the_one_that_the_grammars_make(tmp_path: Path) -> None:
    build_graph(resources.MODEL, shipped_phrases(), tmp_path)
    for file in ("words.txt", "HCLr.fst", "Gr.fst"):
        shipped = (resources.MODEL / "graph" / file).read_bytes()
        assert shipped == (tmp_path / file).read_bytes(), "run `make model` after a change of grammars/"


def test_a_standard_model_gets_words_and_says_which_it_lacks(tmp_path: Path, say: Say) -> None:
    for part in ("am", "conf"):
        (tmp_path / part).symlink_to(resources.MODEL / part)
    single = phrase_grammar(["no", "left", "leg"])
    build_graph(resources.MODEL, single.phrases, tmp_path / "graph")
    grammar = phrase_grammar(["left leg", "left calf"])
    recogniser = Recogniser(tmp_path, grammar.phrases)
    assert not recogniser.own
    assert recogniser.unknown == ("calf",)
    heard = transcript(recogniser, grammar, say("left leg"))
    assert " ".join(phrase.text for phrase in heard) == "left leg"


def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"There is no folder .*: name a folder that holds a Vosk model\."):
        Recogniser(tmp_path / "none")


def test_a_folder_that_holds_no_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"is no Vosk model, it lacks am/final\.mdl"):
        Recogniser(tmp_path)
