import time
from contextlib import closing

import numpy as np
import pytest

from skill.errors import SoundError
from skill.listening.microphone import Microphone
from tests.support.sound_fixture import sound
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]


def test_a_microphone_that_does_not_exist_is_one_sentence() -> None:
    with (
        closing(Microphone("no such device")) as microphone,
        pytest.raises(SoundError, match=r"There is no microphone: plug one in, .* or run `charley type`\."),
    ):
        microphone.require()


def test_a_microphone_that_hangs_is_told_of_within_3_s_and_heard_again_when_it_is_back(sound: VirtualSound) -> None:
    with closing(Microphone()) as microphone:
        assert len(microphone.read(0.04)) > 0
        sound.freeze()
        frozen = time.monotonic()
        with pytest.raises(SoundError, match="has stopped"):
            _read_on(microphone)
        assert time.monotonic() - frozen < 3
        with pytest.raises(SoundError):
            microphone.read(0.04)
        sound.thaw()
        thawed = time.monotonic()
        while not _heard(microphone):
            assert time.monotonic() - thawed < 10


def test_a_reader_that_is_late_gets_what_waits_in_long_blocks(sound: VirtualSound) -> None:
    with closing(Microphone()) as microphone:
        microphone.read(0.04)
        time.sleep(1.0)
        late = len(microphone.read(0.04)) / microphone.rate
    assert late == pytest.approx(0.4)


def _read_on(microphone: Microphone) -> None:
    while True:
        microphone.read(0.04)


def _heard(microphone: Microphone) -> bool:
    try:
        return microphone.read(0.04).dtype == np.int16
    except SoundError:
        return False
