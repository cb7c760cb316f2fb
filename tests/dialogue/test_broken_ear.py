"""Where nothing can be heard at all, the advice is said nevertheless, and what is broken is told."""

from collections.abc import Callable

import pytest

from skill.app import build
from skill.dialogue.events import Concluded, Ended, EndReason, Recorder
from skill.equipment import Equipment
from skill.errors import InstallationError
from skill.listening.ear import Heard, Turn
from skill.settings import Settings
from skill.system.clock import SimulatedClock
from tests.support.quiet_voice import QuietVoice


class Broken:
    """An ear whose model cannot be loaded."""

    def listen(self, turn: Turn) -> Heard:
        raise InstallationError(f"The model is damaged ({turn.name}): install Charley again.")

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        del playing
        return self.listen(turn)

    def close(self) -> None:
        """Nothing to release."""


@pytest.mark.parametrize("interruptible", [False, True])
def test_a_model_that_cannot_be_loaded_ends_in_advice(interruptible: bool) -> None:
    clock, recorder = SimulatedClock(), Recorder()
    held = Equipment(Broken(), QuietVoice(clock), clock, recorder, interruptible=interruptible)
    conversation = build(Settings(), held)
    assert conversation.run() is EndReason.ERROR
    assert isinstance(conversation.broken, InstallationError)
    assert [event.level for event in recorder.events if isinstance(event, Concluded)] == ["emergency"]
    assert recorder.events[-1] == Ended(EndReason.ERROR)
