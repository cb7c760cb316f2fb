import numpy as np
import pytest

from skill.speaking.shaping import amplify, pause, trim
from skill.speaking.voice import Clip

RATE = 1000


def test_silence_at_both_ends_is_cut_to_a_margin() -> None:
    samples = np.concatenate([np.zeros(500), np.full(100, 5000), np.zeros(300)]).astype(np.int16)
    assert trim(Clip(samples, RATE)).seconds == pytest.approx(0.1 + 0.005 + 0.03, abs=0.002)


def test_a_pause_within_stays() -> None:
    samples = np.concatenate([np.full(100, 5000), np.zeros(400), np.full(100, 5000)]).astype(np.int16)
    assert len(trim(Clip(samples, RATE)).samples) == 600


def test_silence_alone_stays_as_it_is() -> None:
    assert trim(pause(0.5, RATE)).seconds == 0.5


def test_louder_is_bent_and_never_wraps_round() -> None:
    ramp = np.linspace(-1, 1, 201, dtype=np.float32)
    loud = amplify(ramp, 2.0).astype(int)
    assert (np.diff(loud) >= 0).all()
    assert np.abs(loud).max() <= 32767
    assert loud[110] == pytest.approx(0.1 * 2 * 32767, abs=1)
