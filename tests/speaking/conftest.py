from collections.abc import Iterator

import pytest

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from tests.support.sound_fixture import sound

__all__ = ["sound", "voice"]


@pytest.fixture(scope="session")
def voice() -> Iterator[Pyttsx3Engine]:
    engine = Pyttsx3Engine("gmw/en-us")
    yield engine
    engine.close()
