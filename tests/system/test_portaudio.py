import pytest
import sounddevice

from skill.system.portaudio import MissingError, opened
from tests.support.sound_fixture import sound
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]


class OneRate:
    """A stream of a device that takes one rate only, whatever its driver says: no virtual device here is one."""

    def __init__(self, only: int, asked: list[int], rate: int) -> None:
        self._only = only
        self._asked = asked
        self._rate = rate

    def start(self) -> None:
        self._asked.append(self._rate)
        if self._rate != self._only:
            raise sounddevice.PortAudioError("Invalid sample rate", -9997)


@pytest.fixture(name="listed")
def _listed(sound: VirtualSound) -> VirtualSound:
    """PortAudio lists the devices once: look again, now that the server is there."""
    sounddevice._terminate()
    sounddevice._initialize()
    return sound


def test_a_device_that_refuses_its_own_rate_is_tried_with_the_usual_ones(listed: VirtualSound) -> None:
    asked: list[int] = []
    opened(sounddevice, "input", None, lambda rate: OneRate(48_000, asked, rate))
    assert asked == [44_100, 48_000]


def test_a_device_that_takes_no_rate_says_why(listed: VirtualSound) -> None:
    asked: list[int] = []
    with pytest.raises(sounddevice.PortAudioError, match="Invalid sample rate"):
        opened(sounddevice, "input", None, lambda rate: OneRate(0, asked, rate))
    assert len(asked) == len(set(asked)) > 5


def test_no_device_is_no_refusal(listed: VirtualSound) -> None:
    with pytest.raises(MissingError):
        opened(sounddevice, "input", "no such device", lambda rate: OneRate(rate, [], rate))
