"""Telephone calls from the first word to the last, with the real voice and the real recogniser, through 8 kHz µ-law."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from skill.channels.audiosocket import RATE, Kind
from skill.channels.calls import Calls
from skill.channels.line import Line
from skill.demo.patient import Memory, Patient, load_patient
from skill.dialogue.events import Answered, Asked, Concluded, Ended, EndReason, Event, Recorder, Said
from skill.listening.ear import Turn
from skill.settings import Settings
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.resample import resample
from skill.speaking.voice import Delivery
from tests.support.telephone import Caller, serving

#: Charley speaks fast here: what is tested does not depend on it.
SETTINGS = Settings(emergency_number="112", pace=2.0)
#: Seconds that a caller thinks before answering.
THINKING = 0.3
#: Seconds for a whole call, on a busy machine.
LONGEST = 120.0


@pytest.fixture(scope="module", name="calls")
def _calls() -> Iterator[Calls]:
    calls = Calls(SETTINGS)
    yield calls
    calls.close()


@dataclass
class Call:
    """One conversation as the server saw it."""

    events: Recorder = field(default_factory=Recorder)
    turns: list[Turn] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events.events if isinstance(event, kind)]

    @property
    def level(self) -> str:
        verdict = self.of(Concluded)[-1]
        assert isinstance(verdict, Concluded)
        return verdict.level

    @property
    def end(self) -> EndReason:
        ended = self.of(Ended)[-1]
        assert isinstance(ended, Ended)
        return ended.reason

    def said(self) -> list[str]:
        return [event.prompt for event in self.events.events if isinstance(event, Said)]


class Held:
    """Holds calls and remembers them by their identity; `react` hears of each turn."""

    def __init__(self, calls: Calls, react: Callable[[bytes, Turn], object] = lambda _identity, _turn: None) -> None:
        self._calls = calls
        self._react = react
        self.by_identity: dict[bytes, Call] = {}

    def __call__(self, line: Line) -> None:
        call = self.by_identity.setdefault(line.identity, Call())

        def on_turn(turn: Turn) -> None:
            call.turns.append(turn)
            self._react(line.identity, turn)

        self._calls.hold(line, call.events, on_turn)
        call.over.set()

    def call(self, caller: int = 0) -> Call:
        return self.by_identity.setdefault(identity(caller), Call())


def identity(number: int) -> bytes:
    return bytes([number]) * 16


class Speaking:
    """A demo patient on the telephone."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._memory = Memory(patient)
        self._voice = Pyttsx3Engine(patient.voice.name, patience=LONGEST)
        self.caller: Caller | None = None

    def answer(self, turn: Turn) -> None:
        said = self._memory.reply(turn)
        assert self.caller is not None
        if said:
            clip = resample(self._voice.render(said, Delivery(self._patient.voice.pace)), RATE)
            before, after = (np.zeros(round(seconds * RATE), np.int16) for seconds in (THINKING, 0.1))
            self.caller.say(np.concatenate([before, clip.samples, after]))

    def close(self) -> None:
        self._voice.close()


#: Patients who are told soon what to do.
PATIENTS = ("chest_pain", "back_with_bladder_trouble", "talks_around_her_chest")


class Scene:
    """Several callers at once, each with another wish; it takes as long as the longest call."""

    def __init__(self, calls: Calls) -> None:
        self._replies: dict[bytes, Callable[[Turn], object]] = {}
        self._speaking: list[Speaking] = []
        self.held = Held(calls, lambda who, turn: self._replies[who](turn))
        self.ends: dict[str, Caller] = {}
        self.calls: dict[str, Call] = {}
        wishes: dict[str, Callable[[Caller, Call], None]] = {
            "keys": self._press_keys,
            "too early": self._press_too_early,
            "hangs up in the opening": lambda caller, call: self._hang_up(caller, call, lambda: call.said() != []),
            "hangs up in a question": lambda caller, call: self._hang_up(caller, call, lambda: call.of(Asked) != []),
            "hangs up in an answer": lambda caller, call: self._hang_up(caller, call, lambda: call.turns != []),
            **dict.fromkeys(PATIENTS, self._hear_advice),
            PATIENTS[0]: self._hear_all,
        }
        with serving(self.held, calls=len(wishes)) as server:
            threads = []
            for number, (name, wish) in enumerate(wishes.items()):
                call = self.calls[name] = self.held.call(number)
                self._replies[identity(number)] = self._reply(name)
                caller = self.ends[name] = Caller(server.port, identity=identity(number))
                if name in PATIENTS:
                    self._speaking[-1].caller = caller
                threads.append(threading.Thread(target=wish, args=(caller, call)))
                threads[-1].start()
            for thread in threads:
                thread.join()
            for name, caller in self.ends.items():
                assert self.calls[name].over.wait(LONGEST), name
                caller.drop()
        for patient in self._speaking:
            patient.close()

    def _reply(self, name: str) -> Callable[[Turn], object]:
        if name in PATIENTS:
            self._speaking.append(Speaking(load_patient(name)))
            return self._speaking[-1].answer
        if name == "keys":
            keys = iter("02#")
            return lambda _: self.ends[name].press(key) if (key := next(keys, None)) else None
        return lambda _: None

    @staticmethod
    def _hear_all(caller: Caller, call: Call) -> None:
        caller.wait_for(lambda: call.turns != [] and call.turns[-1].name == "once_more", LONGEST)
        caller.press("2")
        caller.ended.wait(LONGEST)

    @staticmethod
    def _hear_advice(caller: Caller, call: Call) -> None:
        caller.wait_for(lambda: call.of(Concluded) != [], LONGEST)
        caller.hang_up()

    @staticmethod
    def _press_keys(caller: Caller, call: Call) -> None:
        caller.wait_for(lambda: len(call.of(Answered)) >= 2, LONGEST)
        caller.hang_up()

    @staticmethod
    def _press_too_early(caller: Caller, call: Call) -> None:
        """A "no" to whatever may come, pressed while Charley still says who it is."""
        caller.wait_for(lambda: call.said() != [], LONGEST)
        for _ in range(3):
            caller.press("2")
            time.sleep(0.2)
        caller.wait_for(lambda: call.turns != [], LONGEST)
        time.sleep(0.5)
        caller.hang_up()

    @staticmethod
    def _hang_up(caller: Caller, call: Call, reached: Callable[[], bool]) -> None:
        caller.wait_for(reached, LONGEST)
        if call.turns:
            caller.say(np.full(RATE, 3_000, np.int16))
        caller.hang_up()
        assert call.over.wait(20)


@pytest.fixture(scope="module", name="scene")
def _scene(calls: Calls) -> Scene:
    return Scene(calls)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", PATIENTS)
def test_a_patient_gets_the_advice_that_the_microphone_would_give(scene: Scene, name: str) -> None:
    call = scene.calls[name]
    assert call.level == load_patient(name).level, call.events.events


def test_who_has_heard_all_is_hung_up_on(scene: Scene) -> None:
    assert scene.calls[PATIENTS[0]].end is EndReason.FINISHED
    assert scene.ends[PATIENTS[0]].kinds == [Kind.HANGUP]


def test_keys_repeat_answer_and_skip(scene: Scene) -> None:
    call = scene.calls["keys"]
    first, second = [event for event in call.events.events if isinstance(event, Answered)][:2]
    asked = [event.question for event in call.events.events if isinstance(event, Asked)]
    assert asked.count(first.question) == 2  # put again after 0
    assert (first.value, second.value) == ("no", "unanswered")


def test_a_no_that_is_pressed_before_its_question_is_none(scene: Scene) -> None:
    answers = [event.value for event in scene.calls["too early"].events.events if isinstance(event, Answered)]
    assert "no" not in answers


@pytest.mark.parametrize("phase", ["the opening", "a question", "an answer"])
def test_who_hangs_up_ends_as_silence_does(scene: Scene, phase: str) -> None:
    call = scene.calls[f"hangs up in {phase}"]
    assert call.end is EndReason.SILENCE
    assert call.level == "emergency"  # of a red flag that nobody denied


def test_the_number_to_dial_stands_in_what_a_caller_is_told(scene: Scene) -> None:
    told = {event.prompt: event.text for event in scene.calls["chest_pain"].events.events if isinstance(event, Said)}
    assert "hang up and dial 1 1 2" in told["telephone.opening"]
    assert told["levels.emergency.say"].startswith("Hang up now and dial 1 1 2")


def test_whatever_fails_a_caller_is_told_the_number(calls: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(Recorder):
        def emit(self, event: Event) -> None:
            super().emit(event)
            raise RuntimeError("a secret")

    with serving(lambda line: calls.hold(line, Broken())) as server, Caller(server.port) as caller:
        assert caller.ended.wait(LONGEST)
        assert caller.kinds == [Kind.HANGUP]
        assert len(caller.loud) > 50
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "secret" not in told
