import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from skill.errors import HearingError
from skill.listening.second_pass import SecondHearing, SecondPass
from skill.listening.sentence import ScriptedSentences, Sentence
from skill.listening.source import Samples

RATE = 16_000


def feed(again: SecondPass, seconds: float, *, speaking: bool) -> None:
    for _ in range(round(seconds / 0.04)):
        again.feed(np.zeros(round(0.04 * RATE), np.int16), speaking=speaking)


class Failing:
    """Hears nothing: it breaks down each time, or takes its time."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.closed = False

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        del sound, rate, moment
        if self.seconds is None:
            raise HearingError("It has failed: answer again.")
        time.sleep(self.seconds)
        return Sentence("slowly", None, "slow")

    def close(self) -> None:
        self.closed = True


@pytest.fixture(name="script")
def _script() -> ScriptedSentences:
    return ScriptedSentences(["one", "two", "three"])


@pytest.fixture(name="again")
def _again(script: ScriptedSentences) -> Iterator[SecondPass]:
    second = SecondHearing(script)
    yield second.utterance(RATE, "place")
    second.close()


def test_it_is_heard_from_a_little_before_speech_to_the_pause(again: SecondPass, script: ScriptedSentences) -> None:
    feed(again, 5.0, speaking=False)
    feed(again, 1.0, speaking=True)
    feed(again, 0.4, speaking=False)
    heard = again.sentence(until=6.0)
    assert heard == Sentence("one", None, "script")
    assert script.seconds == pytest.approx([0.6 + 1.0 + 0.2], abs=0.05)


def test_whoever_goes_on_is_heard_again_as_a_whole(again: SecondPass, script: ScriptedSentences) -> None:
    feed(again, 1.0, speaking=True)
    feed(again, 0.3, speaking=False)
    feed(again, 1.0, speaking=True)
    feed(again, 0.3, speaking=False)
    heard = again.sentence(until=2.3)
    assert heard is not None
    assert script.seconds[-1] == pytest.approx(2.5, abs=0.05)
    assert heard.text in ("one", "two")  # the first hearing may have been dropped before it began


def test_a_long_story_is_heard_in_pieces_from_pause_to_pause(again: SecondPass, script: ScriptedSentences) -> None:
    feed(again, 7.0, speaking=True)
    feed(again, 0.3, speaking=False)
    feed(again, 1.0, speaking=True)
    feed(again, 0.3, speaking=False)
    assert again.sentence(until=8.0) == Sentence("one two", None, "script")
    assert script.seconds == pytest.approx([7.2, 1.3], abs=0.05)


def test_speech_that_only_the_first_hearing_noticed_is_heard_too(again: SecondPass, script: ScriptedSentences) -> None:
    feed(again, 1.0, speaking=True)
    feed(again, 1.5, speaking=False)
    again.sentence(until=2.3)
    assert script.seconds[-1] == pytest.approx(2.5, abs=0.05)


def test_the_length_of_speech_leaves_out_pauses(again: SecondPass) -> None:
    feed(again, 1.0, speaking=True)
    feed(again, 0.08, speaking=False)
    feed(again, 1.0, speaking=True)
    feed(again, 3.0, speaking=False)
    assert again.speech == pytest.approx(2.1, abs=0.05)


def test_the_confidence_is_the_mean_over_all_words() -> None:
    second = SecondHearing(ScriptedSentences(["a b c", "d"], confidence=0.5))
    again = second.utterance(RATE, "place")
    feed(again, 7.0, speaking=True)
    feed(again, 0.3, speaking=False)
    feed(again, 0.4, speaking=True)
    assert again.sentence(until=7.7) == Sentence("a b c d", 0.5, "script")
    second.close()


def test_after_two_failures_charley_goes_on_without() -> None:
    engine = Failing()
    second = SecondHearing(engine)
    for given_up in (False, True):
        again = second.utterance(RATE, "place")
        feed(again, 1.0, speaking=True)
        feed(again, 0.3, speaking=False)
        assert again.sentence(until=1.0) is None
        assert second.given_up is given_up
    assert engine.closed
    feed(again, 1.0, speaking=True)
    assert again.sentence(until=2.0) is None


def test_a_machine_that_takes_longer_than_the_sound_is_too_slow() -> None:
    second = SecondHearing(Failing(0.8))
    for _ in range(8):
        again = second.utterance(RATE, "place")
        feed(again, 1.0, speaking=True)
        again.sentence(until=1.0)
    assert second.given_up


def test_closing_waits_for_nobody() -> None:
    begun = threading.Event()

    class Slow(Failing):
        def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
            begun.set()
            return super().hear(sound, rate, moment)

    second = SecondHearing(Slow(1.0))
    again = second.utterance(RATE, "place")
    feed(again, 1.0, speaking=True)
    feed(again, 0.3, speaking=False)
    assert begun.wait(5.0)
    before = time.monotonic()
    second.close()
    assert time.monotonic() - before < 0.5
