import threading
import time

import pytest

from skill.speaking.player import NullPlayer
from skill.speaking.shaping import pause
from skill.system.clock import RealClock, SimulatedClock


def test_clips_take_their_time_on_the_clock_and_none_in_reality() -> None:
    clock = SimulatedClock()
    started = time.monotonic()
    playback = NullPlayer(clock).play([pause(20, 8000), pause(10, 8000)])
    assert playback.playing()
    playback.wait()
    assert clock.now() == pytest.approx(30)
    assert not playback.playing()
    assert time.monotonic() - started < 1


def test_time_that_passes_elsewhere_ends_the_playback_too() -> None:
    clock = SimulatedClock()
    playback = NullPlayer(clock).play([pause(2, 8000)])
    clock.sleep(3)
    assert not playback.playing()
    playback.wait()
    assert clock.now() == 3


def test_a_stopped_playback_takes_no_more_time() -> None:
    clock = SimulatedClock()
    playback = NullPlayer(clock).play([pause(2, 8000)])
    playback.stop()
    playback.wait()
    assert not playback.playing()
    assert clock.now() == 0


def test_a_stop_from_elsewhere_ends_the_wait() -> None:
    playback = NullPlayer(RealClock()).play([pause(30, 8000)])
    threading.Timer(0.05, playback.stop).start()
    started = time.monotonic()
    playback.wait()
    assert time.monotonic() - started < 1
