"""Spoken test sentences, rendered by Charley's own voice when a test asks for them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skill.language.grammar import Grammar
from skill.language.grammar_file import read_grammar
from skill.language.shipped import load_grammar
from skill.listening.recogniser import Recogniser
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.silent_engine import WORDS_A_MINUTE
from skill.speaking.voice import Delivery
from skill.speaking.wav import write_wav
from skill.system import resources

Say = Callable[..., Path]
Write = Callable[[str], Grammar]

#: Seconds for a sentence, on a busy or an emulated machine.
PATIENCE = 60.0
#: Every grammar that belongs to no particular question.
GENERAL = ("yes_no", "command", "emergency", "coaching", "wake", "side", "scale", "count", "duration")


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Say]:
    """`say("yes", voice="en-gb", pace=160)` gives the WAV file of a spoken sentence."""
    engines: dict[str, Pyttsx3Engine] = {}
    folder = tmp_path_factory.mktemp("spoken")

    def render(text: str, voice: str = DEFAULT_VOICE, pace: int = 150) -> Path:
        path = folder / f"{text}-{voice.replace('/', '-')}-{pace}.wav"
        if not path.exists():
            if voice not in engines:
                engines[voice] = Pyttsx3Engine(voice, patience=PATIENCE)
            clip = engines[voice].render(text, Delivery(pace / WORDS_A_MINUTE))
            with path.open("wb") as file:
                write_wav(file, clip)
        return path

    yield render
    for engine in engines.values():
        engine.close()


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
