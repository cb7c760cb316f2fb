"""What breaks in the middle of a conversation, broken for real: the conversation goes on, and ends in the right advice.

The microphone is a virtual one, and the recogniser the real one in its process; Charley's own voice takes no time.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skill.app import build
from skill.dialogue.events import Answered, Concluded
from skill.equipment import Equipment
from skill.listening.child_model import ChildModel
from skill.listening.ears import SoundEar
from skill.listening.microphone import Microphone
from skill.listening.recogniser import Recogniser
from skill.settings import Settings
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import Phrasebook
from tests.end_to_end.test_voice_session import render
from tests.support.processes import children
from tests.support.quiet_voice import QuietVoice
from tests.support.reacting import Person
from tests.support.sound_fixture import sound
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]

#: Seconds from Charley's last word to the answer.
MOMENT = 0.5
#: Seconds in which a microphone's process is started again, on a busy machine.
BACK = 2.0

Say = Callable[[str], Callable[[], None]]


@pytest.fixture(name="say")
def _say(sound: VirtualSound, tmp_path: Path) -> Say:
    """`say("yes")` is a person's answer after a moment."""

    def prepare(text: str) -> Callable[[], None]:
        recording = render(text, tmp_path / f"{text}.wav")

        def speak() -> None:
            time.sleep(MOMENT)
            sound.say(recording)

        return speak

    return prepare


@pytest.fixture(name="recogniser", scope="module")
def _recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(resources.MODEL, Phrasebook(load_protocol()).everything(), load=ChildModel)
    yield recogniser
    recogniser.close()


def hold(recogniser: Recogniser, person: Person) -> str:
    """Hold a conversation with `person`; returns the level of the advice."""
    clock, microphone = SimulatedClock(), Microphone()
    build(Settings(), Equipment(SoundEar(microphone, recogniser), QuietVoice(clock), clock, person)).run()
    person.finish()
    microphone.close()
    return next(event.level for event in person.events if isinstance(event, Concluded))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", [signal.SIGABRT, signal.SIGSTOP])
def test_a_recogniser_that_breaks_in_mid_answer_is_restarted_and_the_question_is_asked_again(
    recogniser: Recogniser, say: Say, fault: signal.Signals
) -> None:
    def break_in_mid_answer() -> None:
        time.sleep(MOMENT)
        (worker,) = children("skill.listening.worker")
        os.kill(worker, fault)

    person = Person({"questions.emergency.ask": [break_in_mid_answer, say("yes")], "dialogue.once_more": [say("no")]})
    assert hold(recogniser, person) == "emergency"
    assert person.count("dialogue.hearing_lost") == 1
    assert person.count("questions.emergency.ask") == 2
    assert Answered("emergency", "yes") in person.events


@pytest.mark.timeout(120)
def test_a_microphone_that_is_unplugged_and_plugged_in_again_is_heard_again(
    recogniser: Recogniser, say: Say, sound: VirtualSound
) -> None:
    """The sound server moves the stream to another source, where nobody speaks: that is silence."""

    def unplug() -> None:
        time.sleep(MOMENT)
        sound.remove_microphone()

    yes = say("yes")

    def plug_in_and_answer() -> None:
        sound.add_microphone()
        yes()

    person = Person(
        {
            "questions.emergency.ask": [unplug],
            "questions.emergency.again.0": [plug_in_and_answer],
            "dialogue.once_more": [say("no")],
        }
    )
    assert hold(recogniser, person) == "emergency"
    assert Answered("emergency", "yes") in person.events


@pytest.mark.timeout(120)
def test_a_microphone_that_stops_is_told_of_and_the_question_is_asked_again(
    recogniser: Recogniser, say: Say, sound: VirtualSound
) -> None:
    def stop() -> None:
        time.sleep(MOMENT)
        sound.pactl("suspend-source", "mic", "1")

    yes = say("yes")

    def start_and_answer() -> None:
        sound.pactl("suspend-source", "mic", "0")
        time.sleep(BACK)  # a real person hears first what is asked again
        yes()

    person = Person({"questions.emergency.ask": [stop, start_and_answer], "dialogue.once_more": [say("no")]})
    assert hold(recogniser, person) == "emergency"
    assert person.count("dialogue.microphone_lost") >= 1
    assert Answered("emergency", "yes") in person.events
