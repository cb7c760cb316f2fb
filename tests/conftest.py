"""Spoken test sentences, rendered by espeak-ng when a test asks for them."""

import contextlib
import ctypes
import io
import os
from collections.abc import Callable
from pathlib import Path

import espeakng_loader
import pytest
import soundfile

from skill.language.grammar import Grammar
from skill.language.grammar_file import read_grammar
from skill.language.shipped import load_grammar
from skill.listening.recogniser import Recogniser
from skill.system import resources

Say = Callable[..., Path]
Write = Callable[[str], Grammar]

#: Every grammar that belongs to no particular question.
GENERAL = ("yes_no", "command", "emergency", "coaching", "wake", "side", "scale", "count", "duration")


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """`say("yes", voice="en-gb", pace=160)` gives the WAV file of a spoken sentence."""
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    import pyttsx3  # it looks for the library that was loaded above

    engine = pyttsx3.init("espeak")
    folder = tmp_path_factory.mktemp("spoken")

    def render(text: str, voice: str = "gmw/en-US", pace: int = 150) -> Path:
        path = folder / f"{text}-{voice.replace('/', '-')}-{pace}.wav"
        while not path.exists() or soundfile.info(path).frames == 0:  # pyttsx3 writes an empty file now and then
            engine.setProperty("voice", voice)
            engine.setProperty("rate", pace)
            engine.save_to_file(text, str(path))
            with contextlib.redirect_stdout(io.StringIO()):
                engine.runAndWait()
        return path

    return render


@pytest.fixture
def write_grammar(tmp_path: Path) -> Write:
    """Reads a grammar from the YAML that a test holds; its topic is `spoken`."""

    def write(text: str) -> Grammar:
        path = tmp_path / "spoken.yaml"
        path.write_text(text, encoding="utf-8")
        return read_grammar(path)

    return write


@pytest.fixture(scope="session")
def everything() -> Grammar:
    """All that can be said in answer to any general question."""
    first, *others = map(load_grammar, GENERAL)
    return first.union(*others)


@pytest.fixture(scope="session")
def recogniser(everything: Grammar) -> Recogniser:
    """The shipped model."""
    return Recogniser(resources.MODEL, everything.phrases)
