import numpy as np
import pytest

from skill.listening.activity import Activity

RATE = 16000


def noise(seconds: float, amplitude: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return (np.random.default_rng(1).standard_normal(int(seconds * RATE)) * amplitude).astype(np.int16)


@pytest.mark.parametrize("room", [1.0, 30.0, 300.0])
def test_speech_stands_out_of_the_room(room: float) -> None:
    activity = Activity(RATE)
    for _ in range(20):
        activity.feed(noise(0.05, room))
    assert not activity.speaking
    activity.feed(noise(0.05, room * 100))
    assert activity.speaking
    activity.feed(noise(0.05, room))
    assert not activity.speaking


def test_a_hum_that_stays_is_no_speech() -> None:
    activity = Activity(RATE)
    activity.feed(noise(0.05, 3))
    for _ in range(80):
        activity.feed(noise(0.05, 1000))
    assert not activity.speaking


def test_no_sound_is_no_speech() -> None:
    activity = Activity(RATE)
    activity.feed(noise(0, 1))
    assert not activity.speaking


def test_quiet_is_counted_from_the_last_sound_of_speech() -> None:
    activity = Activity(RATE)
    for amplitude in (3, 3, 1000, 3, 3, 3):
        activity.feed(noise(0.05, amplitude))
    assert activity.quiet == pytest.approx(0.15)
