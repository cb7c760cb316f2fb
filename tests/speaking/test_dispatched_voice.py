"""The voice of screen readers: the real daemon speaks to a loudspeaker without hardware, and Charley's ear hears it."""

import itertools
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from skill.errors import CharleyError, SpeechError
from skill.language.shipped import load_grammar
from skill.listening.recogniser import Recogniser
from skill.speaking.dispatched_voice import DispatchedVoice
from skill.speaking.engines import voices
from skill.speaking.player import NullPlayer
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.speaker import Speaker
from skill.speaking.ssip import Dispatcher, rate_of, running
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import read_wav
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.model import NO, UNSURE, YES
from tests.support.dispatcher import Daemon, available, daemon
from tests.support.virtual_sound import VirtualSound, virtual_sound

pytestmark = pytest.mark.skipif(not available(), reason="needs speech-dispatcher and speech-dispatcher-espeak-ng")

#: Full scale is 32,768.
AUDIBLE = 300


class Shown:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def show(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture(scope="module", name="desktop")
def _desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VirtualSound, Daemon]]:
    with virtual_sound() as sound, daemon(sound.env, tmp_path_factory.mktemp("speechd")) as speechd:
        yield sound, speechd


@pytest.fixture(name="desktop_sound")
def _desktop_sound(desktop: tuple[VirtualSound, Daemon], monkeypatch: pytest.MonkeyPatch) -> VirtualSound:
    """A loudspeaker that the daemon speaks to, which SPEECHD_ADDRESS names."""
    sound, speechd = desktop
    monkeypatch.setenv("SPEECHD_ADDRESS", speechd.address)
    return sound


@pytest.fixture(name="stage")
def _stage(desktop_sound: VirtualSound) -> Iterator["Stage"]:
    with closing(Stage()) as stage:
        yield stage


@pytest.fixture(name="mortal")
def _mortal(desktop: tuple[VirtualSound, Daemon], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A daemon that may be killed."""
    with daemon(desktop[0].env, tmp_path) as speechd:
        monkeypatch.setenv("SPEECHD_ADDRESS", speechd.address)
        yield speechd


class Stage:
    """A voice, with all that comes of it."""

    def __init__(self) -> None:
        self.faults: list[CharleyError] = []
        self.shown, self.stand_in = Shown(), Shown()
        player = NullPlayer(SimulatedClock())
        instead = Speaker(SilentEngine(), player, self.stand_in, self.faults.append)
        self.voice = DispatchedVoice(Dispatcher, instead, self.shown, self.faults.append)

    def close(self) -> None:
        self.voice.close()

    def fault(self) -> str:
        (fault,) = self.faults
        return str(fault)


def audible(recording: Path) -> Clip:
    """The recording from the first sound to the last."""
    clip = read_wav(recording)
    loud = np.flatnonzero(np.abs(clip.samples.astype(np.int32)) > AUDIBLE)
    return Clip(clip.samples[loud[0] : loud[-1] + 1], clip.rate) if len(loud) else Clip(clip.samples[:0], clip.rate)


def loudness(clip: Clip) -> float:
    return float(np.sqrt(np.mean(clip.samples.astype(float) ** 2)))


def test_what_it_says_is_recognised_and_the_voice_knows_when_it_is_over(
    desktop_sound: VirtualSound, stage: Stage, tmp_path: Path
) -> None:
    grammar = load_grammar("yes_no")
    recogniser = Recogniser(resources.MODEL, grammar.phrases)
    said = {"yes": YES, "no not at all": NO, "i'm not sure": UNSURE}
    for sentence, value in said.items():
        file = tmp_path / f"{value}.wav"
        with desktop_sound.record(file):
            playback = stage.voice.say(f"{sentence}.")
            assert playback.playing()
            playback.wait()
            assert not playback.playing()
        clip = read_wav(file)
        decoding = recogniser.open(grammar, clip.rate)
        decoding.feed(np.concatenate([clip.samples, np.zeros(clip.rate, np.int16)]))
        heard = grammar.read(" ".join(phrase.text for phrase in decoding.result())).sole
        assert heard is not None
        assert heard.value == value
    assert stage.shown.texts == [f"{sentence}." for sentence in said]
    assert (stage.faults, stage.stand_in.texts) == ([], [])


def test_pace_and_volume_change_what_is_heard(desktop_sound: VirtualSound, stage: Stage, tmp_path: Path) -> None:
    clips = {}
    for delivery in (Delivery(), Delivery(pace=0.7), Delivery(pace=1.6), Delivery(volume=0.5)):
        stage.voice.delivery = delivery
        with desktop_sound.record(tmp_path / "said.wav"):
            stage.voice.say("Pull your toes up.").wait()
        clips[delivery] = audible(tmp_path / "said.wav")
    usual = clips[Delivery()]
    assert clips[Delivery(pace=0.7)].seconds / usual.seconds == pytest.approx(1 / 0.7, rel=0.15)
    assert clips[Delivery(pace=1.6)].seconds / usual.seconds == pytest.approx(1 / 1.6, rel=0.15)
    assert loudness(clips[Delivery(volume=0.5)]) < 0.8 * loudness(usual)


def test_it_is_silent_at_once_when_it_is_stopped(desktop_sound: VirtualSound, stage: Stage, tmp_path: Path) -> None:
    with desktop_sound.record(tmp_path / "said.wav"):
        playback = stage.voice.say("This is something that nobody wants to hear to its end, because it goes on and on.")
        time.sleep(1.0)
        asked = time.monotonic()
        playback.stop()
        playback.wait()
        assert time.monotonic() - asked < 1.0
        time.sleep(1.0)
    assert 0.5 < audible(tmp_path / "said.wav").seconds < 2.5
    assert not stage.faults


@pytest.mark.parametrize("breakdown", ["killed", "frozen"])
def test_when_the_daemon_breaks_down_the_stand_in_says_it_all(mortal: Daemon, breakdown: str) -> None:
    stage = Stage()
    text = "Call an ambulance."
    if breakdown == "killed":
        playback = stage.voice.say(text)
        mortal.kill()
    else:
        mortal.freeze()
        playback = stage.voice.say(text)
    with closing(stage):
        playback.wait()
        stage.voice.say("Stay where you are.").wait()
    assert stage.stand_in.texts == [text, "Stay where you are."]
    assert stage.shown.texts == [text, "Stay where you are."]
    assert "pyttsx3 speaks instead" in stage.fault()


def test_without_a_daemon_the_stand_in_speaks_and_that_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPEECHD_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))  # in which there is none to start
    stage = Stage()
    with closing(stage):
        for text in ("Hello.", "Where is it?"):
            stage.voice.say(text).wait()
    assert stage.stand_in.texts == ["Hello.", "Where is it?"]
    assert "does not run" in stage.fault()


def test_a_program_that_may_start_the_daemon_does_so(sound: VirtualSound, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPEECHD_ADDRESS", raising=False)
    monkeypatch.setenv("LC_ALL", "C")  # in which it would end at once
    with closing(Dispatcher()) as dispatcher:
        assert dispatcher.ended(dispatcher.speak("Hello.", Delivery()), 10.0)


def test_its_voices_are_listed_where_it_runs_and_the_users_own_comes_first(mortal: Daemon) -> None:
    found = [voice for voice in voices() if voice.engine == "speech-dispatcher"]
    assert found[0].id == ""
    assert "English (America)" in {voice.id for voice in found}
    assert len(found) < 30
    with closing(Dispatcher("English (America)")) as dispatcher:
        assert dispatcher.ended(dispatcher.speak("Hello.", Delivery()), 10.0)
    mortal.kill()
    assert not running()
    assert "speech-dispatcher" not in {voice.engine for voice in voices()}


def test_a_text_with_a_full_stop_alone_ends_nothing(desktop_sound: VirtualSound) -> None:
    with closing(Dispatcher()) as dispatcher:
        messages = [dispatcher.speak(text, Delivery()) for text in (".", "one\n.\r\nQUIT", "..", "two")]
        assert len(set(messages)) == 4
        assert dispatcher.ended(messages[-1], 15.0)


def test_an_address_that_is_no_local_socket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEECHD_ADDRESS", "inet_socket:127.0.0.1:6560")
    with pytest.raises(SpeechError, match="inet_socket"):
        Dispatcher()


def test_a_faster_pace_is_a_higher_rate_and_none_is_beyond_the_protocol() -> None:
    rates = [rate_of(pace / 10) for pace in range(4, 30)]
    assert rate_of(1.0) == 0
    assert all(slow <= fast for slow, fast in itertools.pairwise(rates))
    assert (min(rates), max(rates)) == (-100, 100)
