from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from skill.listening.cancelled import EchoCancelled
from skill.listening.echo import EchoCanceller, delay
from skill.listening.openness import Openness, likeness
from skill.listening.source import Samples
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Delivery
from tests.support.room import Sound, response, through, whole

RATE = 22_050
PROMPT = "Do you have pain in your chest, or trouble breathing? Tell me yes, or no."


def level(sound: Samples | Sound) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound.astype(float))) + 1e-9))


@pytest.fixture(name="engine", scope="module")
def _engine() -> Iterator[Pyttsx3Engine]:
    with closing(Pyttsx3Engine(DEFAULT_VOICE)) as engine:
        yield engine


@pytest.fixture(name="prompt")
def _prompt(engine: Pyttsx3Engine) -> Sound:
    clip = engine.render(PROMPT, Delivery())
    assert clip.rate == RATE
    return clip.samples.astype(float)


@pytest.fixture(name="echo")
def _echo(prompt: Sound) -> Sound:
    """What the microphone hears of it: 20 ms late, through a room with its noise."""
    random = np.random.default_rng(2)
    late = np.concatenate([np.zeros(round(0.02 * RATE)), prompt])
    echo = through(response(random, RATE), late)[: len(prompt)]
    return echo + random.normal(0, 10, len(echo))


def cancelled(heard: Sound, played: Sound) -> Samples:
    canceller = EchoCanceller(RATE)
    size = canceller.block
    blocks = range(0, len(heard) - size + 1, size)
    return np.concatenate(
        [canceller.cancel(whole(heard[at : at + size]), whole(played[at : at + size])) for at in blocks]
    )


@pytest.mark.parametrize("early", [0, 88, 353])
def test_the_echo_of_a_prompt_is_25_db_softer_wherever_it_lies_in_a_block(
    prompt: Sound, echo: Sound, early: int
) -> None:
    left = cancelled(echo[early:], prompt[: len(prompt) - early])
    assert level(echo) - level(left) > 25


def test_a_voice_over_a_prompt_stays_as_it_is(prompt: Sound, echo: Sound, engine: Pyttsx3Engine) -> None:
    voice = engine.render("stop", Delivery(pace=0.8)).samples.astype(float)
    begin = 2 * RATE
    echo[begin : begin + len(voice)] += voice
    left = cancelled(echo, prompt).astype(float)
    late = EchoCanceller(RATE).block
    assert level(voice) - level(left[begin + late : begin + late + len(voice)] - voice) > 8


@pytest.mark.parametrize("late", [-3000, 0, 441, 5000])
def test_the_delay_of_an_echo_is_found(prompt: Sound, echo: Sound, late: int) -> None:
    heard = np.roll(echo, late)[: 2 * RATE] if late >= 0 else echo[-late : 2 * RATE]
    assert delay(whole(heard), whole(prompt)) == pytest.approx(0.02 * RATE + late, abs=3)


class Desk:
    """A microphone and a loudspeaker on one desk: both ends of an echo. The loudspeaker's clock is 50 ms wrong."""

    def __init__(self, heard: Sound, played: Sound) -> None:
        self._heard, self._played = whole(heard), whole(played)
        self._position = 0
        self.rate = RATE
        self.moment = 0.0

    def read(self, seconds: float) -> Samples | None:
        begin, self._position = self._position, self._position + round(seconds * RATE)
        self.moment = begin / RATE
        return self._heard[begin : self._position] if begin < len(self._heard) else None

    def sounding(self, since: float) -> bool:
        return len(self._played) > 0 and since < len(self._played) / RATE

    def sound(self, begin: float, count: int, rate: int) -> Samples:
        assert rate == RATE
        places = np.arange(count) + round((begin + 0.05) * RATE)
        inside = (places >= 0) & (places < len(self._played))
        return np.where(inside, self._played[np.clip(places, 0, len(self._played) - 1)], 0).astype(np.int16)

    def skip(self) -> None:
        pass

    def close(self) -> None:
        pass


def everything(desk: Desk) -> Samples:
    source = EchoCancelled(desk, desk)
    blocks = []
    while (block := source.read(0.04)) is not None:
        blocks.append(block)
    return np.concatenate(blocks)


def test_the_microphone_gives_a_prompt_much_softer_even_from_its_beginning(prompt: Sound, echo: Sound) -> None:
    left = everything(Desk(echo, prompt))
    assert level(echo) - level(left) > 15


def test_the_microphone_is_left_alone_while_nothing_is_played(echo: Sound) -> None:
    left = everything(Desk(echo, np.zeros(0)))
    assert np.array_equal(left, whole(echo)[: len(left)])
    assert len(left) >= len(echo) - RATE // 10


def listened(*sounds: tuple[Sound, Sound]) -> EchoCancelled:
    """One playback after the other, each as it was heard and played."""
    pause = np.random.default_rng(3).normal(0, 10, RATE)
    heard = np.concatenate([part for sound, _ in sounds for part in (pause, sound)])
    played = np.concatenate([part for _, sound in sounds for part in (np.zeros(RATE), sound)])
    source = EchoCancelled(desk := Desk(heard, played), desk)
    while source.read(0.04) is not None:
        pass
    return source


def test_the_ear_stays_closed_until_it_is_known_what_is_left_of_the_echo(prompt: Sound) -> None:
    desk = Desk(np.zeros(10), np.zeros(0))
    assert EchoCancelled(desk, desk).openness is Openness.CLOSED


def test_the_ear_opens_where_the_echo_is_taken_out_and_with_a_headset(prompt: Sound, echo: Sound) -> None:
    silence = np.random.default_rng(4).normal(0, 10, len(prompt))
    assert listened((echo, prompt)).openness is Openness.ANSWERS
    assert listened((silence, prompt)).openness is Openness.ANSWERS


def test_its_own_voice_is_known_from_another(prompt: Sound, engine: Pyttsx3Engine) -> None:
    voice = engine.render("the weather will be fine in the south tomorrow", Delivery()).samples.astype(float)
    quiet = np.random.default_rng(6).normal(0, 100, RATE)
    assert likeness(whole(prompt[3000:RATE]), whole(prompt[: 2 * RATE])) > 24
    assert likeness(whole(voice[:RATE]), whole(prompt[: 2 * RATE])) < 24
    assert likeness(whole(quiet), whole(prompt[: 2 * RATE])) < 24


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_a_block_is_about_8_ms_and_quickly_transformed_at_every_usual_rate(rate: int) -> None:
    block = EchoCanceller(rate).block
    assert block / rate == pytest.approx(0.008, rel=0.05)
    for prime in (2, 3, 5, 7, 11):
        while block % prime == 0:
            block //= prime
    assert block == 1, "a large prime factor makes the transform slow"
