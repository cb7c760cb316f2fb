import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from skill.errors import HearingError, InstallationError
from skill.listening.child_model import ChildModel
from skill.listening.ears import SoundEar
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.system import resources
from tests.conftest import Say
from tests.listening.test_ears import YES_NO, room
from tests.support.processes import children


@pytest.fixture(name="recogniser", scope="module")
def _recogniser() -> Iterator[Recogniser]:
    """The shipped model in a child."""
    recogniser = Recogniser(resources.MODEL, YES_NO.grammar.phrases, load=ChildModel)
    yield recogniser
    recogniser.close()


def worker() -> int:
    """The process id of the child in which Vosk runs; one that is just being started has no name yet."""
    while not (found := children("skill.listening.worker")):
        time.sleep(0.01)
    (process,) = found
    return process


def test_a_child_hears_what_vosk_hears(recogniser: Recogniser, say: Say) -> None:
    here = Recogniser(resources.MODEL, YES_NO.grammar.phrases)
    recording = load_recording(say("no I do not think so"), trailing_silence=1.0)
    heard = []
    for one in (here, recogniser):
        decoding = one.open(YES_NO.grammar, recording.rate)
        blocks = [(decoding.feed(block), decoding.partial()) for block in np.array_split(recording.samples, 40)]
        heard.append((blocks, decoding.result()))
    assert heard[0] == heard[1]
    assert recogniser.unknown == here.unknown == ()


def test_the_way_to_the_child_and_back_takes_less_than_10_ms(recogniser: Recogniser) -> None:
    decoding = recogniser.open(YES_NO.grammar, 48_000)
    seconds = []
    for _ in range(50):
        began = time.perf_counter()
        decoding.feed(np.zeros(0, np.int16))
        seconds.append(time.perf_counter() - began)
    assert np.median(seconds) < 0.01


@pytest.mark.parametrize("fault", [signal.SIGABRT, signal.SIGSTOP])
def test_a_child_that_aborts_or_hangs_costs_one_turn(recogniser: Recogniser, say: Say, fault: signal.Signals) -> None:
    os.kill(worker(), fault)
    with pytest.raises(HearingError, match="answer again"):
        SoundEar(room(0.5, say("yes"), 1.0), recogniser).listen(YES_NO)
    assert SoundEar(room(0.5, say("yes"), 1.0), recogniser).listen(YES_NO).text == "yes"


@contextmanager
def slowed(process: int) -> Iterator[None]:
    """A machine that is many times too slow: the process gets a seventh of the time."""
    over = threading.Event()

    def stop_and_go() -> None:
        while not over.is_set():
            os.kill(process, signal.SIGSTOP)
            over.wait(0.12)
            os.kill(process, signal.SIGCONT)
            over.wait(0.02)

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_machine_that_is_slower_than_real_time_hears_all_that_waits(recogniser: Recogniser, say: Say) -> None:
    recording = room(0.5, say("yes"), 20.0)
    with slowed(worker()):
        began = time.monotonic()
        decoding = recogniser.open(YES_NO.grammar, recording.rate)
        decoding.feed(recording.samples)
        heard = decoding.result()
        assert time.monotonic() - began > 4, "as long as nobody would have waited for one block"
    assert [phrase.text for phrase in heard] == ["yes"]


def test_a_child_that_did_not_reply_gets_longer_next_time(recogniser: Recogniser) -> None:
    decoding = recogniser.open(YES_NO.grammar, 16_000)
    process = worker()
    os.kill(process, signal.SIGSTOP)
    with pytest.raises(HearingError, match="does not reply"):
        decoding.feed(np.zeros(1600, np.int16))
    decoding = recogniser.open(YES_NO.grammar, 16_000)
    process = worker()
    os.kill(process, signal.SIGSTOP)
    going_on = threading.Timer(5.0, os.kill, (process, signal.SIGCONT))
    going_on.start()
    assert not decoding.feed(np.zeros(1600, np.int16))


def test_a_child_that_breaks_while_it_loads_again_is_started_once_more(recogniser: Recogniser) -> None:
    for _ in range(2):
        os.kill(worker(), signal.SIGKILL)
        with pytest.raises(HearingError):
            recogniser.open(YES_NO.grammar, 16_000)
    assert not recogniser.open(YES_NO.grammar, 16_000).feed(np.zeros(1600, np.int16))


@pytest.mark.parametrize("content", [b"rubbish", b""])
def test_a_damaged_model_is_one_sentence_and_leaves_no_child(tmp_path: Path, content: bytes) -> None:
    for part in ("am", "conf"):
        (tmp_path / part).mkdir()
    for name in ("mfcc.conf", "model.conf"):
        (tmp_path / "conf" / name).write_text("", encoding="utf-8")
    (tmp_path / "am" / "final.mdl").write_bytes(content)
    before = children("skill.listening.worker")
    with pytest.raises(InstallationError, match="damaged: unpack or install it again"):
        Recogniser(tmp_path, load=ChildModel)
    assert children("skill.listening.worker") == before


def test_a_child_ends_when_it_is_closed() -> None:
    before = children("skill.listening.worker")
    Recogniser(resources.MODEL, load=ChildModel).close()
    assert children("skill.listening.worker") == before


def test_a_child_that_is_killed_while_it_loads_for_the_first_time_is_started_again() -> None:
    before = children("skill.listening.worker")
    with ThreadPoolExecutor(1) as thread:
        loading = thread.submit(Recogniser, resources.MODEL, YES_NO.grammar.phrases, load=ChildModel)
        while not (begun := set(children("skill.listening.worker")) - set(before)):
            time.sleep(0.01)
        os.kill(begun.pop(), signal.SIGKILL)
        recogniser = loading.result()
    assert recogniser.unknown == ()
    recogniser.close()
