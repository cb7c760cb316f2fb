import numpy as np
from numpy.typing import NDArray

from skill.speaking.feed import FADE, Feed

RATE = 1000


def played(feed: Feed, blocks: int, size: int = 7) -> NDArray[np.int16]:
    """What the next blocks hold."""
    return np.concatenate([np.frombuffer(feed.take(size), np.int16) for _ in range(blocks)])


def test_clips_follow_each_other_without_a_gap() -> None:
    feed = Feed(RATE, tail=0)
    feed.add(np.arange(1, 11, dtype=np.int16).tobytes())
    feed.add(np.arange(11, 16, dtype=np.int16).tobytes())
    feed.end()
    assert played(feed, blocks=3).tolist() == [*range(1, 16), *[0] * 6]


def test_a_late_clip_is_silence_and_then_goes_on() -> None:
    feed = Feed(RATE, tail=0)
    feed.add(np.ones(5, np.int16).tobytes())
    assert played(feed, blocks=2).tolist() == [1] * 5 + [0] * 9
    feed.add(np.full(3, 2, np.int16).tobytes())
    assert played(feed, blocks=1).tolist() == [2, 2, 2, 0, 0, 0, 0]


def test_it_is_over_only_when_the_tail_has_been_played() -> None:
    feed = Feed(RATE, tail=0.02)
    feed.add(np.ones(10, np.int16).tobytes())
    feed.end()
    over = []
    for _ in range(4):
        feed.take(10)
        over.append(feed.over)
    assert over == [False, False, False, True]


def test_a_stopped_sound_fades_without_a_jump_and_stays_silent() -> None:
    feed = Feed(RATE, tail=0.01)
    feed.add(np.full(1000, 1000, np.int16).tobytes())
    played(feed, blocks=1)
    feed.stop()
    sound = played(feed, blocks=10)
    fade = round(FADE * RATE)
    assert np.abs(np.diff(sound, prepend=1000)).max() <= 1000 / (fade - 1) + 1
    assert not sound[fade:].any()


def test_an_empty_clip_is_no_end() -> None:
    feed = Feed(RATE, tail=0)
    feed.add(b"")
    feed.add(np.ones(7, np.int16).tobytes())
    assert played(feed, blocks=1).tolist() == [1] * 7
