import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.listening import sentence_model
from skill.listening.child_model import ChildModel
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.listening.sentence_model import VoskSentences
from skill.system import resources
from tests.conftest import Say
from tests.listening.test_ears import YES_NO

SAID = "no it's only my leg"


@pytest.fixture(name="hearing", scope="module")
def _hearing() -> Iterator[VoskSentences]:
    recogniser = Recogniser(resources.MODEL, YES_NO.grammar.phrases, load=ChildModel)
    hearing = recogniser.sentences()
    assert hearing is not None
    yield hearing
    recogniser.close()


def test_words_of_no_phrase_are_heard_with_their_confidence(hearing: VoskSentences, say: Say) -> None:
    recording = load_recording(say(SAID), trailing_silence=0.5)
    heard = hearing.hear(recording.samples, recording.rate, "emergency")
    assert heard.text == SAID
    assert heard.confidence is not None
    assert 0.5 < heard.confidence <= 1.0
    assert heard.engine == "vosk"


def test_nothing_is_heard_in_silence(hearing: VoskSentences) -> None:
    assert hearing.hear(np.zeros(16_000, np.int16), 16_000, "place").text == ""


def test_phrases_and_sentences_are_heard_by_one_child_side_by_side(say: Say) -> None:
    recogniser = Recogniser(resources.MODEL, YES_NO.grammar.phrases, load=ChildModel)
    hearing = recogniser.sentences()
    assert hearing is not None
    recording = load_recording(say("no I do not think so"), trailing_silence=1.0)
    decoding = recogniser.open(YES_NO.grammar, recording.rate)
    middle = len(recording.samples) // 2
    decoding.feed(recording.samples[:middle])
    hearing.hear(recording.samples, recording.rate, "breathing")
    decoding.feed(recording.samples[middle:])
    assert [phrase.text for phrase in decoding.result()] == ["no i do not think so"]
    recogniser.close()


def test_a_standard_model_hears_sentences_by_its_own_language(tmp_path: Path) -> None:
    assert sentence_model.sentence_model(tmp_path) == tmp_path


def test_where_there_is_nowhere_to_unpack_nothing_hears_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert sentence_model.sentence_model(resources.MODEL) is None


def test_the_packed_words_and_language_stay_below_two_megabytes() -> None:
    assert sentence_model.PACKED.stat().st_size < 2e6
    assert len(lzma.decompress(sentence_model.PACKED.read_bytes())) < 12e6
