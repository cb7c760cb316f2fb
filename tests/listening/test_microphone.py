import pytest

from skill.errors import SoundError
from skill.listening.microphone import Microphone


def test_a_microphone_that_does_not_exist_is_one_sentence() -> None:
    with pytest.raises(SoundError, match=r"There is no microphone: plug one in, .* or run `charley type`\."):
        Microphone("no such device")
