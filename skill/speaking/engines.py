"""The voices by name, and what speaks when one of them fails."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from skill.errors import CharleyError, SpeechError, UsageError
from skill.settings import DISPATCHER, ENGINES
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.voice import Clip, Delivery, Engine

#: Clear, the same on every machine with espeak-ng, and understood where 911, 999 and 112 are.
DEFAULT_VOICE: Final = "gmw/en-us"


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice that can speak here: `engine` and `voice` in the settings choose it."""

    engine: str
    id: str
    name: str
    language: str


class FallbackEngine:
    """Tries engines in order, and stays with the first that works. Each is made when it is needed."""

    def __init__(self, makers: Sequence[Callable[[], Engine]], on_fault: Callable[[CharleyError], None]) -> None:
        """`on_fault` is told why an engine was given up."""
        self._makers = list(makers)
        self._on_fault = on_fault
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._advance()

    @property
    def identity(self) -> str:
        """The identity of the engine in use."""
        return self._engine.identity if self._engine else "none"

    def render(self, text: str, delivery: Delivery) -> Clip:
        """The clip of the first engine that works. Raises SpeechError when none is left."""
        with self._lock:
            while self._engine is not None:
                try:
                    return self._engine.render(text, delivery)
                except CharleyError as failure:
                    self._engine.close()
                    self._on_fault(failure)
                    self._advance()
        raise SpeechError("No voice works: run `charley selftest`; what I say is on the screen.")

    def close(self) -> None:
        """Release the engine in use."""
        if self._engine is not None:
            self._engine.close()

    def _advance(self) -> None:
        self._engine = None
        while self._engine is None and self._makers:
            try:
                self._engine = self._makers.pop(0)()
            except CharleyError as failure:
                self._on_fault(failure)


def open_engine(name: str, voice: str, on_fault: Callable[[CharleyError], None]) -> Engine:
    """The engine of this name with this voice; empty takes its default. When it fails, the safest one speaks instead.

    speech-dispatcher renders nothing: where samples are needed, the safest one does.
    `on_fault` is told of each failure, by whichever thread speaks. Raises UsageError for an unknown name.
    """
    if name not in ENGINES:
        raise UsageError(f"There is no voice engine {name!r}: choose one of {', '.join(ENGINES)} in the settings.")
    if name == "silent":
        return SilentEngine()
    if name == DISPATCHER:
        name, voice = "pyttsx3", ""
    makers: list[Callable[[], Engine]] = [lambda: Pyttsx3Engine(DEFAULT_VOICE), Pyttsx3Engine]
    if name == "natural" or voice not in {"", DEFAULT_VOICE}:
        makers.insert(0, lambda: make_engine(name, voice))
    return FallbackEngine(makers, on_fault)


def make_engine(name: str, voice: str) -> Engine:
    """The engine of this name with this voice and nothing to fall back on. Raises CharleyError when it cannot speak."""
    if name == "natural":
        return _natural()
    return SilentEngine() if name == "silent" else Pyttsx3Engine(voice)


def voices() -> tuple[VoiceInfo, ...]:
    """Every voice that can speak English here."""
    found = [VoiceInfo("silent", "", "captions only", "")]
    engine = Pyttsx3Engine()
    try:
        spoken = [voice for voice in engine.voices() if voice.language.lower().startswith("en")]
        found = [VoiceInfo("pyttsx3", voice.id, voice.name, voice.language) for voice in spoken] + found
    except SpeechError:
        pass
    finally:
        engine.close()
    found = [*_dispatched(), *found]
    try:
        _natural()
    except CharleyError:
        return tuple(found)
    return (VoiceInfo("natural", "heart", "heart", "en-us"), *found)


def _dispatched() -> tuple[VoiceInfo, ...]:
    """What speech-dispatcher can speak with, where it runs: first the voice that the user has given it."""
    from skill.speaking.ssip import Dispatcher, running

    if not running():
        return ()
    try:
        dispatcher = Dispatcher()
        with closing(dispatcher):
            spoken = [voice for voice in dispatcher.voices() if voice.plain_english]
    except SpeechError:
        return ()
    usual = VoiceInfo(DISPATCHER, "", "your screen reader's", "en")
    return (usual, *(VoiceInfo(DISPATCHER, voice.name, voice.name, voice.language) for voice in spoken))


def _natural() -> Engine:
    from skill.speaking.natural_engine import NaturalEngine

    return NaturalEngine()
