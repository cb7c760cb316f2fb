"""The fixture `sound`: import it into a conftest."""

import os
from collections.abc import Iterator

import pytest

from tests.support.virtual_sound import VirtualSound, available, virtual_sound


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualSound]:
    """A loudspeaker and a microphone that this process uses."""
    if not available():
        pytest.skip("needs pulseaudio, pulseaudio-utils and libasound2-plugins")
    with virtual_sound() as server:
        for name, value in server.env.items():
            if os.environ.get(name) != value:
                monkeypatch.setenv(name, value)
        yield server
