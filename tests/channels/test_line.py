"""A telephone line by itself: sound in and out in the time of the call."""

import threading
import time

import numpy as np

from skill.channels.audiosocket import RATE
from skill.channels.line import Line
from skill.listening.source import Samples
from skill.speaking.voice import Clip

BLOCK = 0.04


def tone(seconds: float, rate: int = RATE) -> Clip:
    return Clip((8_000 * np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * 440 / rate)).astype(np.int16), rate)


def sent(line: Line, seconds: float) -> Samples:
    """What the caller hears in so many seconds, as fast as it can be fetched."""
    frames = []
    for _ in range(round(seconds / 0.02)):
        frames.append(np.frombuffer(line.send(160), np.int16))
        time.sleep(0.0005)
    return np.concatenate(frames)


def test_what_is_received_is_read_in_order() -> None:
    line, sound = Line(), tone(0.2).samples
    line.receive(sound.tobytes())
    read = [line.read(BLOCK) for _ in range(5)]
    assert np.array_equal(np.concatenate([block for block in read if block is not None]), sound)


def test_a_line_on_which_nothing_comes_is_silent_in_real_time() -> None:
    line, began, seconds = Line(), time.monotonic(), 0.0
    while seconds < 1.0:
        samples = line.read(BLOCK)
        assert samples is not None
        assert not samples.any()
        seconds += len(samples) / RATE
    assert abs(time.monotonic() - began - seconds) < 0.5


def test_a_line_that_is_hung_up_is_read_no_more_and_plays_nothing() -> None:
    line = Line()
    playback = line.play([tone(60)])
    reading: list[object] = []
    reader = threading.Thread(target=lambda: reading.append(line.read(10)))
    reader.start()
    line.hang_up()
    reader.join(5)
    assert reading == [None]
    playback.wait()
    line.play([tone(60)]).wait()


def test_what_is_played_is_sent_whole_at_the_rate_of_the_line_and_ends() -> None:
    line = Line()
    playback = line.play([tone(0.2, 22_050), tone(0.2, 22_050)])
    time.sleep(0.3)
    heard = sent(line, 0.6)
    assert abs(np.count_nonzero(np.abs(heard) > 100) / RATE - 0.4) < 0.05
    assert not playback.playing()
    assert not sent(line, 0.1).any()


def test_what_is_stopped_fades_at_once() -> None:
    line = Line()
    playback = line.play([tone(5)])
    time.sleep(0.1)
    assert sent(line, 0.1).any()
    playback.stop()
    sent(line, 0.1)
    playback.wait()
    assert not sent(line, 0.1).any()


def test_the_reference_of_the_echo_is_what_was_sent_but_only_where_something_comes_back() -> None:
    line = Line()
    line.play([tone(1)])
    time.sleep(0.1)
    began = time.monotonic()
    heard = sent(line, 0.1)
    line.receive(bytes(640))
    line.read(BLOCK)
    assert not line.sounding(began - 1)
    line.receive(tone(BLOCK).samples.tobytes())
    line.read(BLOCK)
    assert line.sounding(began - 1)
    assert np.abs(line.sound(began, len(heard), RATE)).max() > 7_000


def test_keys_wait_until_they_are_forgotten() -> None:
    line = Line()
    line.press("1")
    line.press("#")
    assert "".join(line.pressed) == "1#"
    line.forget_keys()
    line.press("2")
    assert "".join(line.pressed) == "2"
