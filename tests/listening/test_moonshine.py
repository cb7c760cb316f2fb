import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.errors import HearingError
from skill.listening.moonshine import Moonshine, installed
from skill.listening.moonshine_worker import pieces
from skill.listening.recording import load_recording
from tests.conftest import Say
from tests.support.processes import children

pytestmark = pytest.mark.skipif(not installed(), reason="no wheel of Moonshine for this machine")

WORKER = "skill.listening.moonshine_worker"
SAID = "i have had it for twenty minutes"
NO_NETWORK = ("unshare", "--map-root-user", "--net")
HEAR = f"""
import sys
from pathlib import Path
from skill.listening.moonshine import Moonshine
from skill.listening.recording import load_recording
from tests.support.processes import children
recording = load_recording(Path(sys.argv[1]))
moonshine = Moonshine()
print(moonshine.hear(recording.samples, recording.rate, "how_long").text)
(child,) = children("{WORKER}")
print([link for link in map(Path.readlink, Path(f"/proc/{{child}}/fd").iterdir()) if "socket" in str(link)])
moonshine.close()
"""


@pytest.fixture(name="moonshine", scope="module")
def _moonshine() -> Iterator[Moonshine]:
    moonshine = Moonshine()
    yield moonshine
    moonshine.close()


def test_a_sentence_is_lower_case_words_with_numbers_in_words(moonshine: Moonshine, say: Say) -> None:
    recording = load_recording(say(SAID))
    heard = moonshine.hear(recording.samples, recording.rate, "how_long")
    assert heard.text == SAID
    assert heard.confidence is None
    assert heard.engine == "moonshine"


def test_a_long_story_is_heard_whole(moonshine: Moonshine, say: Say) -> None:
    recording = load_recording(say(SAID))
    pause = np.zeros(recording.rate, np.int16)
    story = np.concatenate([recording.samples, pause] * 5)
    heard = moonshine.hear(story, recording.rate, "how_long").text.split()
    assert heard.count("twenty") == 5, heard
    assert len(heard) >= 5 * (len(SAID.split()) - 1), heard  # the voice is a robot's, of whom a word may be lost


def test_sound_is_cut_at_its_quietest_places_into_pieces_of_ten_seconds_at_most() -> None:
    sound = np.ones(25_000, np.float32)
    sound[11_000:11_400] = sound[17_000:17_400] = 0.0
    cut = pieces(sound, 1000)
    assert np.array_equal(np.concatenate(cut), sound)
    assert all(len(piece) <= 10_000 for piece in cut)
    assert len(cut[0]) + len(cut[1]) == pytest.approx(11_200, abs=200)


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run((*NO_NETWORK, "true"), check=False).returncode != 0,
    reason="this kernel lets nobody make a network namespace",
)
def test_it_hears_where_there_is_no_network_and_opens_no_socket(say: Say) -> None:
    command = (*NO_NETWORK, sys.executable, "-c", HEAR, str(say(SAID)))
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert told.stdout.splitlines() == [SAID, "[]"]


@pytest.mark.parametrize("fault", [signal.SIGABRT, signal.SIGKILL])
def test_a_child_that_dies_costs_one_hearing(moonshine: Moonshine, say: Say, fault: signal.Signals) -> None:
    recording = load_recording(say("my left calf is cramping"))
    moonshine.hear(recording.samples, recording.rate, "place")
    (worker,) = children(WORKER)
    os.kill(worker, fault)
    with pytest.raises(HearingError, match="answer again"):
        moonshine.hear(recording.samples, recording.rate, "place")
    assert moonshine.hear(recording.samples, recording.rate, "place").text


def test_no_child_is_left_when_it_is_closed() -> None:
    before = children(WORKER)
    moonshine = Moonshine()
    while children(WORKER) == before:
        time.sleep(0.01)
    moonshine.close()
    assert children(WORKER) == before
