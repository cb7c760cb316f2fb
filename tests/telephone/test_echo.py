"""A telephone that lies on the floor: Charley's words come back, and Charley does not take them for the caller's."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from skill.channels.audiosocket import RATE
from skill.channels.calls import Calls
from skill.channels.line import Line
from skill.dialogue.events import HeardSpeech, Recorder, Said
from skill.listening.ear import Turn
from skill.settings import Settings
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.resample import resample
from skill.speaking.voice import Delivery
from tests.support.telephone import Caller, serving

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]
#: What comes back, as a share of what was sent: 14 dB less.
LOUD = 0.2


@pytest.fixture(scope="module", name="calls")
def _calls() -> Iterator[Calls]:
    calls = Calls(Settings(emergency_number="112"))
    calls.warm_up()
    yield calls
    calls.close()


class Held:
    """One call, with what happened in it."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.events = Recorder()
        self.turns: list[Turn] = []
        self.over = threading.Event()

    def __call__(self, line: Line) -> None:
        self._calls.hold(line, self.events, self.turns.append)
        self.over.set()


def test_charley_does_not_answer_itself(calls: Calls) -> None:
    held = Held(calls)
    with serving(held) as server, Caller(server.port, echo=LOUD) as caller:
        assert caller.wait_for(lambda: held.turns != [], 120)
        said = [event.prompt for event in held.events.events if isinstance(event, Said)]
        assert said[:2] == ["telephone.opening", "dialogue.welcome"]
        assert not any(isinstance(event, HeardSpeech) for event in held.events.events), held.events.events
    assert held.over.wait(20)


def test_a_key_breaks_in_where_words_come_back(calls: Calls) -> None:
    held = Held(calls)
    with serving(held) as server, Caller(server.port, echo=LOUD) as caller:
        assert caller.wait_for(lambda: len(caller.loud) > 20, 60)
        time.sleep(2)
        began = time.monotonic()
        caller.press("0")
        assert caller.wait_for(lambda: any(isinstance(event, HeardSpeech) for event in held.events.events), 60)
        assert time.monotonic() - began < 2
    assert held.over.wait(20)


def test_a_caller_who_says_stop_is_heard_over_charley(calls: Calls) -> None:
    held, voice = Held(calls), Pyttsx3Engine("gmw/en-us+m3", patience=60)
    stop = resample(voice.render("please stop", Delivery()), RATE).samples
    with serving(held) as server, Caller(server.port) as caller:
        assert caller.wait_for(lambda: len(caller.loud) > 20, 60)
        time.sleep(2)
        caller.say(np.concatenate([stop, np.zeros(RATE // 2, np.int16)]))
        assert caller.wait_for(lambda: any(isinstance(event, HeardSpeech) for event in held.events.events), 60)
        heard = next(event for event in held.events.events if isinstance(event, HeardSpeech))
        assert heard.text == "please stop"
        assert held.over.wait(60)
    voice.close()
