import numpy as np
import pytest

from skill.listening.openness import Openness, SelfHearing
from skill.listening.source import Samples

RATE = 16_000


def sound(decibels: float, seconds: float) -> Samples:
    """Noise of that level, dB of full scale."""
    noise = np.random.default_rng(1).normal(0, 32_768 * 10 ** (decibels / 20), round(seconds * RATE))
    return np.clip(noise, -32_768, 32_767).astype(np.int16)


def measured(left: float, seconds: float, *, talked: float = 0.0) -> SelfHearing:
    """An echo of -30 dB of which `left` dB are left over a room of -70 dB, and somebody who talks meanwhile."""
    hearing = SelfHearing()
    hearing.quiet(sound(-70, 1.0), RATE)
    for at in np.arange(0, seconds, 0.04):
        heard, rest = (-30.0, left) if at < seconds - talked else (-20.0, -20.0)
        hearing.spoken(sound(heard, 0.04), sound(rest, 0.04), sound(-20, 0.04), RATE)
    return hearing


@pytest.mark.parametrize(
    ("left", "openness"),
    [(-30, Openness.CLOSED), (-36, Openness.CLOSED), (-40, Openness.ALARMS), (-46, Openness.ANSWERS)],
)
def test_the_ear_opens_as_far_as_the_echo_is_taken_out(left: float, openness: Openness) -> None:
    assert measured(left, 4.0).openness is openness


def test_the_ear_is_closed_until_enough_was_said_to_judge() -> None:
    assert measured(-60, 1.0).openness is Openness.CLOSED
    assert measured(-60, 2.0).openness is Openness.ANSWERS


def test_somebody_who_speaks_for_a_moment_changes_nothing() -> None:
    assert measured(-50, 8.0, talked=1.2).openness is Openness.ANSWERS


def test_an_echo_that_comes_back_is_noticed_within_a_second() -> None:
    assert not measured(-50, 4.0).overwhelmed
    assert measured(-50, 4.0, talked=1.2).overwhelmed


def test_what_is_played_too_softly_to_be_told_is_not_judged() -> None:
    hearing = SelfHearing()
    for _ in range(100):
        hearing.spoken(sound(-60, 0.04), sound(-60, 0.04), sound(-60, 0.04), RATE)
    assert hearing.openness is Openness.CLOSED
