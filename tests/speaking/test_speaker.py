import io
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from skill.errors import CharleyError, SpeechError
from skill.speaking.cache import ClipCache
from skill.speaking.captions import NoCaptions, PlainCaptions
from skill.speaking.loudspeaker import Loudspeaker
from skill.speaking.player import NullPlayback, NullPlayer
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.silent_engine import SilentEngine, speaking_time
from skill.speaking.speaker import Speaker
from skill.speaking.voice import Clip, Delivery, Earcon
from skill.system.clock import SimulatedClock
from tests.support.virtual_sound import VirtualSound

EMERGENCY = (
    "Call 1 1 2 now, or have somebody call. Stay where you are, and unlock the door only if you can walk safely."
)


class KeepingPlayer:
    """Keeps the clips of every playback; their time passes on a simulated clock."""

    def __init__(self) -> None:
        self.playbacks: list[list[Clip]] = []
        self._player = NullPlayer(SimulatedClock())

    def play(self, clips: Iterable[Clip]) -> NullPlayback:
        self.playbacks.append(list(clips))
        return self._player.play(self.playbacks[-1])

    def close(self) -> None:
        pass


class CountingEngine(SilentEngine):
    """Silent, but remembers what it rendered."""

    def __init__(self) -> None:
        self.rendered: list[tuple[str, Delivery]] = []

    def render(self, text: str, delivery: Delivery) -> Clip:
        self.rendered.append((text, delivery))
        return super().render(text, delivery)


class BrokenEngine(SilentEngine):
    def render(self, text: str, delivery: Delivery) -> Clip:
        del text, delivery
        raise SpeechError("Broken.")


def ignore(_fault: CharleyError) -> None:
    pytest.fail("nothing should fail here")


def wait_for_files(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 5
    while len(list(folder.glob("*.wav"))) < count and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_text_is_spoken_sentence_by_sentence_with_a_pause_between() -> None:
    player = KeepingPlayer()
    speaker = Speaker(SilentEngine(), player, NoCaptions(), ignore)
    speaker.say("One two three. Four five.")
    (clips,) = player.playbacks
    assert [clip.seconds for clip in clips] == pytest.approx(
        [speaking_time("One two three.", 1), 0.3, speaking_time("Four five.", 1)], abs=0.01
    )


def test_what_is_said_is_shown() -> None:
    screen = io.StringIO()
    Speaker(SilentEngine(), KeepingPlayer(), PlainCaptions(screen), ignore).say("Where is it?")
    assert screen.getvalue() == "Where is it?\n"


def test_the_delivery_can_change_between_sentences() -> None:
    engine = CountingEngine()
    speaker = Speaker(engine, KeepingPlayer(), NoCaptions(), ignore)
    speaker.say("One.")
    speaker.delivery = Delivery(pace=1.2)
    speaker.say("Two.")
    assert engine.rendered == [("One.", Delivery()), ("Two.", Delivery(pace=1.2))]


def test_prepared_prompts_are_kept_and_not_rendered_again(tmp_path: Path) -> None:
    engine = CountingEngine()
    speaker = Speaker(engine, KeepingPlayer(), NoCaptions(), ignore, cache=ClipCache(tmp_path))
    speaker.prepare(("One. Two.", "Three."))
    wait_for_files(tmp_path, 3)
    speaker.say("Three. One.")
    assert [text for text, _ in engine.rendered] == ["One.", "Two.", "Three."]
    speaker.close()


def test_what_was_not_prepared_is_never_written_to_disk(tmp_path: Path) -> None:
    speaker = Speaker(CountingEngine(), KeepingPlayer(), NoCaptions(), ignore, cache=ClipCache(tmp_path))
    speaker.say("I heard: my left leg. Is that right?")
    speaker.close()
    assert not list(tmp_path.iterdir())


def test_closing_ends_the_preparation_at_once(tmp_path: Path) -> None:
    speaker = Speaker(CountingEngine(), KeepingPlayer(), NoCaptions(), ignore, cache=ClipCache(tmp_path))
    speaker.prepare(tuple(f"Sentence {number}." for number in range(1000)))
    started = time.monotonic()
    speaker.close()
    assert time.monotonic() - started < 1
    assert len(list(tmp_path.iterdir())) < 1000


def test_a_broken_voice_is_reported_once_and_takes_the_time_to_read() -> None:
    faults: list[CharleyError] = []
    player, screen = KeepingPlayer(), io.StringIO()
    speaker = Speaker(BrokenEngine(), player, PlainCaptions(screen), faults.append)
    speaker.say("Hold it for a while.")
    speaker.say("Now let go.")
    assert [str(fault) for fault in faults] == ["Broken."]
    assert [clip.seconds for clips in player.playbacks for clip in clips] == pytest.approx(
        [speaking_time("Hold it for a while.", 1), speaking_time("Now let go.", 1)], abs=0.01
    )
    assert screen.getvalue() == "Hold it for a while.\nNow let go.\n"


def test_the_emergency_advice_is_heard_even_when_every_voice_is_broken() -> None:
    player = KeepingPlayer()
    Speaker(BrokenEngine(), player, NoCaptions(), lambda _: None).say(EMERGENCY)
    call, _, unlock = player.playbacks[0]
    assert all(np.abs(clip.samples).max() > 5000 for clip in (call, unlock))


@pytest.mark.parametrize("earcons", [True, False])
def test_earcons_can_be_silent_and_take_the_same_time(earcons: bool) -> None:
    player = KeepingPlayer()
    Speaker(SilentEngine(), player, NoCaptions(), ignore, earcons=earcons).play(Earcon.UNDERSTOOD)
    ((clip,),) = player.playbacks
    assert clip.seconds == pytest.approx(0.14, abs=0.001)
    assert bool(clip.samples.any()) is earcons


def test_charley_is_heard_on_a_real_loudspeaker_and_falls_silent_when_stopped(
    sound: VirtualSound, voice: Pyttsx3Engine
) -> None:
    speaker = Speaker(voice, Loudspeaker(ignore), NoCaptions(), ignore)
    started = time.monotonic()
    playback = speaker.say("This will take a while to say. It goes on and on, until somebody stops it.")
    assert time.monotonic() - started < 0.05
    time.sleep(0.5)
    assert playback.playing()
    playback.stop()
    playback.wait()
    assert time.monotonic() - started < 1
