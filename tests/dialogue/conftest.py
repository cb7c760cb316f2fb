"""A dialogue in which everything is real but the ear and the voice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import pytest

from skill.dialogue.asking import Asker
from skill.dialogue.beginning import Beginning
from skill.dialogue.coaching import Coacher
from skill.dialogue.events import Event, Recorder, Said
from skill.dialogue.loop import Conversation
from skill.dialogue.manner import Manner
from skill.dialogue.narrator import Narrator
from skill.dialogue.prompts import Contacts, load_prompts
from skill.dialogue.reporting import NoReporter, Reporter
from skill.dialogue.telling import NoTeller, Teller
from skill.episodes.memory import Memory, NoMemory
from skill.listening.ear import Heard, Turn
from skill.listening.scripted_ear import ScriptedEar
from skill.system.clock import SimulatedClock
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import interpreter
from tests.support.quiet_voice import QuietVoice

Script = dict[str, Iterable[Heard | str]]
AnyEvent = TypeVar("AnyEvent", bound=Event)


protocol = cache(load_protocol)


class Kept:
    """Preferences that only remember."""

    def __init__(self) -> None:
        self.settings: dict[str, float | str] = {}

    def keep(self, setting: str, value: float | str) -> None:
        self.settings[setting] = value


@dataclass(frozen=True)
class Dialogue:
    """The parts of a dialogue, and what happened in it."""

    clock: SimulatedClock
    voice: QuietVoice
    recorder: Recorder
    narrator: Narrator
    asker: Asker
    coacher: Coacher
    conversation: Conversation
    preferences: Kept

    @property
    def prompts_said(self) -> list[str]:
        return [event.prompt for event in self.recorder.events if isinstance(event, Said)]

    def events(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        return [event for event in self.recorder.events if isinstance(event, kind)]


@pytest.fixture(name="dialogue_with")
def _dialogue_with() -> Callable[[Script], Dialogue]:
    """Makes a dialogue with somebody who answers by a script: turn name → what is heard each time.

    The turn `interruption` comes once with every utterance: what breaks in while it is said.
    """

    def make(
        script: Script,
        memory: Memory | None = None,
        beginning: Beginning | None = None,
        teller: Teller | None = None,
        reporter: Reporter | None = None,
    ) -> Dialogue:
        clock, memory, preferences = SimulatedClock(), memory or NoMemory(), Kept()
        beginning = beginning or Beginning(Interview(protocol()))
        ear, voice, recorder = ScriptedEar(script, clock), QuietVoice(clock), Recorder()
        phrasebook = Phrasebook(protocol())
        interruption = Turn("interruption", phrasebook.interrupting(), 0.0)
        manner = Manner(voice, preferences)
        narrator = Narrator(load_prompts(), voice, ear, recorder, interruption, manner)
        reads = interpreter(phrasebook, load_thresholds(), clock.today)
        asker = Asker(narrator, ear, reads, memory, reporter or NoReporter())
        coacher = Coacher(narrator, asker, clock)
        whom, teller = Contacts("1 1 2", "the advice line"), teller or NoTeller()
        conversation = Conversation(beginning, narrator, asker, coacher, clock, memory, whom, teller)
        return Dialogue(clock, voice, recorder, narrator, asker, coacher, conversation, preferences)

    return make
