import subprocess
import sys
from collections.abc import Callable

import pytest

from skill.errors import CharleyError, InstallationError, SpeechError, UsageError
from skill.speaking.engines import FallbackEngine, open_engine, voices
from skill.speaking.silent_engine import SilentEngine, speaking_time
from skill.speaking.voice import Clip, Delivery, Engine


class BrokenEngine:
    """Fails from the sentence `after` on."""

    identity = "broken"

    def __init__(self, after: int = 0) -> None:
        self.left = after
        self.closed = False

    def render(self, text: str, delivery: Delivery) -> Clip:
        if self.left == 0:
            raise SpeechError("Broken.")
        self.left -= 1
        return SilentEngine().render(text, delivery)

    def close(self) -> None:
        self.closed = True


def missing() -> Engine:
    raise InstallationError("Missing.")


def test_a_voice_that_fails_in_mid_conversation_is_followed_by_the_next() -> None:
    faults: list[CharleyError] = []
    broken = BrokenEngine(after=1)
    engine = FallbackEngine([lambda: broken, SilentEngine], faults.append)
    assert engine.identity == "broken"
    for _ in range(3):
        assert engine.render("Hello there.", Delivery()).seconds > 0
    assert engine.identity == "silent"
    assert broken.closed
    assert [str(fault) for fault in faults] == ["Broken."]


def test_a_voice_that_is_not_installed_is_followed_by_the_next() -> None:
    faults: list[CharleyError] = []
    engine = FallbackEngine([missing, SilentEngine], faults.append)
    assert engine.render("Hello.", Delivery()).seconds > 0
    assert [str(fault) for fault in faults] == ["Missing."]


@pytest.mark.parametrize("makers", [[], [missing], [BrokenEngine, missing]])
def test_when_no_voice_is_left_the_next_step_is_named(makers: list[Callable[[], Engine]]) -> None:
    engine = FallbackEngine(makers, lambda _: None)
    for _ in range(2):
        with pytest.raises(SpeechError, match="charley selftest"):
            engine.render("Hello.", Delivery())
    engine.close()


def test_a_wrong_voice_in_the_settings_is_reported_and_the_default_speaks() -> None:
    faults: list[CharleyError] = []
    engine = open_engine("pyttsx3", "klingon", faults.append)
    assert engine.render("Hello there.", Delivery()).seconds > 0.5
    assert "klingon" in str(faults[0])
    engine.close()


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="pyttsx3, natural, speech-dispatcher, silent"):
        open_engine("gramophone", "", lambda _: None)


def test_the_silent_engine_takes_the_time_of_speech() -> None:
    clip = open_engine("silent", "", lambda _: None).render("Four words are here.", Delivery(pace=0.5))
    assert clip.seconds == pytest.approx(speaking_time("Four words are here.", 0.5), abs=0.001)
    assert clip.seconds == pytest.approx(4 * 60 / 165 / 0.5, abs=0.001)
    assert not clip.samples.any()


def test_the_natural_voice_speaks_at_the_pace_and_loudness_asked_for() -> None:
    pytest.importorskip("hibari")
    engine = open_engine("natural", "", lambda _: None)
    usual, fast = (
        engine.render("Where does it hurt?", Delivery()),
        engine.render("Where does it hurt?", Delivery(pace=1.5)),
    )
    loud = engine.render("Where does it hurt?", Delivery(volume=0.3))
    assert usual.rate == 24_000
    assert fast.seconds < 0.8 * usual.seconds
    assert abs(loud.samples).max() < 0.5 * abs(usual.samples).max()
    engine.close()


def test_without_the_natural_voice_another_speaks_and_the_remedy_is_told() -> None:
    program = (
        "import sys; sys.modules['hibari'] = None\n"
        "from skill.speaking.engines import open_engine\n"
        "from skill.speaking.voice import Delivery\n"
        "engine = open_engine('natural', '', print)\n"
        "assert engine.render('Hello there.', Delivery()).seconds > 0.5\n"
        "engine.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'charley[natural]'" in done.stdout


def test_the_voices_that_speak_english_are_listed_and_each_can_be_chosen() -> None:
    found = voices()
    assert ("pyttsx3", "gmw/en-us") in {(voice.engine, voice.id) for voice in found}
    assert all(voice.language.startswith("en") for voice in found if voice.engine != "silent")
    assert {voice.engine for voice in found} >= {"pyttsx3", "silent"}
