"""Sleeping and conversing in turn; the sleeper is scripted, the keyboard is a pseudo-terminal."""

import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from skill.dialogue.events import Recorder, Slept, Woke
from skill.dialogue.waiting import Waiting
from skill.errors import CharleyError, HearingError, InstallationError, SoundError
from skill.listening.ear import SILENCE, Heard, typed
from skill.listening.keyboard import Keyboard
from skill.listening.wake import Woken
from skill.system.clock import SimulatedClock

WOKEN = Woken(np.zeros(1, np.int16), 0.91)
LOST = SoundError("The microphone has stopped: check its plug, then answer again.")


class Sleeper:
    """Wakes as the script says; at its end the program is stopped. `KEY` waits for a key."""

    KEY = "key"

    def __init__(self, *script: Woken | CharleyError | str) -> None:
        self._script = iter(script)

    def wait(self, called: Callable[[], bool]) -> Woken | None:
        match next(self._script, None):
            case Woken() as woken:
                return woken
            case CharleyError() as lost:
                raise lost
            case self.KEY:
                return None if called() else WOKEN
        raise KeyboardInterrupt


class Conversations:
    """Remembers how each began."""

    def __init__(self, *failures: Exception | None) -> None:
        self.begun: list[Woken | Heard] = []
        self._failures = iter(failures)

    def __call__(self, woken: Woken | Heard) -> None:
        self.begun.append(woken)
        if failure := next(self._failures, None):
            raise failure


def run(
    sleeper: Sleeper, conversations: Conversations, keyboard: Keyboard | None = None
) -> tuple[Recorder, SimulatedClock]:
    recorder, clock = Recorder(), SimulatedClock()
    with pytest.raises(KeyboardInterrupt):
        Waiting(sleeper, conversations, keyboard, recorder, clock).run()
    return recorder, clock


@pytest.fixture(name="terminal")
def _terminal() -> Iterator[tuple[int, Keyboard]]:
    """The person's end, and Charley's."""
    person, charley = os.openpty()
    yield person, Keyboard(charley)
    os.close(charley)
    os.close(person)


def test_charley_sleeps_again_after_each_conversation() -> None:
    conversations = Conversations()
    recorder, _ = run(Sleeper(WOKEN, WOKEN), conversations)
    assert conversations.begun == [WOKEN, WOKEN]
    assert recorder.events == [Slept(), Woke(0.91), Slept(), Woke(0.91), Slept()]


@pytest.mark.parametrize(
    ("line", "said"),
    [("\n", SILENCE), ("my calf is cramping\n", typed("my calf is cramping"))],
)
def test_a_typed_line_wakes_as_well_and_is_passed_on(terminal: tuple[int, Keyboard], line: str, said: Heard) -> None:
    person, keyboard = terminal
    os.write(person, line.encode())
    conversations = Conversations()
    recorder, _ = run(Sleeper(Sleeper.KEY, Sleeper.KEY), conversations, keyboard)
    assert conversations.begun == [said, WOKEN]
    assert recorder.events[1] == Woke(None)


@pytest.mark.parametrize("lost", [LOST, HearingError("The recogniser has failed: it is started again.")])
def test_a_lost_microphone_or_recogniser_is_waited_for_and_said_once(
    lost: CharleyError, capsys: pytest.CaptureFixture[str]
) -> None:
    conversations = Conversations()
    _, clock = run(Sleeper(lost, lost, lost, WOKEN), conversations)
    assert conversations.begun == [WOKEN]
    assert capsys.readouterr().err == f"{lost}\n"
    assert clock.now() > 0


def test_a_conversation_that_loses_its_sound_ends_in_sleep() -> None:
    conversations = Conversations(LOST)
    run(Sleeper(WOKEN, WOKEN), conversations)
    assert conversations.begun == [WOKEN, WOKEN]


def test_a_broken_installation_ends_the_wait() -> None:
    broken = InstallationError("The grammar is missing; install Charley again.")
    with pytest.raises(InstallationError):
        Waiting(Sleeper(WOKEN), Conversations(broken), None, Recorder(), SimulatedClock()).run()
