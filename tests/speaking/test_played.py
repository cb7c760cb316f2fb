import numpy as np
import pytest

from skill.speaking.played import Played

RATE = 48_000


@pytest.fixture
def played() -> Played:
    """A tone of 440 Hz that begins at the moment 100 and lasts a second, in blocks."""
    played = Played()
    played.begin(100.0, RATE)
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.int16)
    for block in np.split(tone, 100):
        played.add(block.tobytes())
    return played


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_what_was_played_comes_back_at_any_rate(played: Played, rate: int) -> None:
    heard = played.sound(100.25, rate // 4, rate)
    wanted = 8000 * np.sin(2 * np.pi * 440 * (0.25 + np.arange(rate // 4) / rate))
    assert np.abs(heard - wanted).max() < 20


def test_before_and_after_a_playback_there_is_silence(played: Played) -> None:
    heard = played.sound(99.9, RATE * 6 // 5, RATE)
    assert not heard[: RATE // 10 - 1].any()
    assert heard[RATE // 10 : RATE * 11 // 10].any()
    assert not heard[RATE * 11 // 10 + 1 :].any()


def test_a_playback_sounds_until_its_last_sample(played: Played) -> None:
    assert played.sounding(100.9)
    assert not played.sounding(101.1)


def test_nothing_was_played_by_a_new_loudspeaker() -> None:
    assert not Played().sounding(0.0)
    assert not Played().sound(0.0, 100, RATE).any()
