import numpy as np
import pytest

from skill.speaking.resample import resample
from skill.speaking.voice import Clip


def tone(frequency: float, rate: int, seconds: float = 0.5) -> Clip:
    return Clip((np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate) * 8000).astype(np.int16), rate)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_tone_keeps_pitch_loudness_and_length(rate: int) -> None:
    there = resample(tone(440, 22_050), rate)
    expected = tone(440, rate)
    assert there.rate == rate
    assert there.seconds == pytest.approx(0.5, abs=0.001)
    middle = slice(rate // 10, -rate // 10)
    assert np.abs(there.samples[middle].astype(int) - expected.samples[middle]).max() < 80


def test_what_the_lower_rate_cannot_carry_is_left_out() -> None:
    assert np.abs(resample(tone(9_000, 22_050), 16_000).samples[1_000:-1_000]).max() < 80


def test_the_same_rate_changes_nothing() -> None:
    clip = tone(440, 16_000)
    assert resample(clip, 16_000) is clip


def test_no_sound_stays_no_sound() -> None:
    assert len(resample(tone(440, 22_050, 0.0), 48_000).samples) == 0
