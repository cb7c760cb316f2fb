import os
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from skill.errors import SoundError
from skill.speaking.loudspeaker import Loudspeaker
from skill.speaking.shaping import pause
from skill.speaking.voice import Clip
from tests.support.virtual_sound import VirtualSound

RATE = 22_050


def tone(seconds: float, frequency: float = 440.0) -> Clip:
    return Clip((8000 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)).astype(np.int16), RATE)


def heard(recording: Path) -> tuple[NDArray[np.int16], int]:
    with wave.open(str(recording)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()


def sounding(recording: Path) -> float:
    """Seconds from the first to the last sound."""
    samples, rate = heard(recording)
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 300)
    return float(loud[-1] - loud[0]) / rate if len(loud) else 0.0


@pytest.fixture
def faults() -> list[SoundError]:
    return []


@pytest.fixture
def loudspeaker(sound: VirtualSound, faults: list[SoundError]) -> Iterator[Loudspeaker]:
    loudspeaker = Loudspeaker(faults.append)
    yield loudspeaker
    loudspeaker.close()


def test_a_clip_is_heard_from_its_first_to_its_last_sample(
    sound: VirtualSound, loudspeaker: Loudspeaker, tmp_path: Path
) -> None:
    with sound.record(tmp_path / "heard.wav"):
        playback = loudspeaker.play([tone(0.5)])
        assert playback.playing()
        playback.wait()
        assert not playback.playing()
    assert sounding(tmp_path / "heard.wav") == pytest.approx(0.5, abs=0.02)


def test_a_clip_that_is_still_being_made_follows_when_it_is_ready(
    sound: VirtualSound, loudspeaker: Loudspeaker, tmp_path: Path
) -> None:
    def slowly() -> Iterator[Clip]:
        yield tone(0.2)
        time.sleep(0.4)
        yield tone(0.2)

    with sound.record(tmp_path / "heard.wav"):
        started = time.monotonic()
        playback = loudspeaker.play(slowly())
        assert time.monotonic() - started < 0.05
        playback.wait()
    assert sounding(tmp_path / "heard.wav") == pytest.approx(0.6, abs=0.1)


def test_a_stop_is_heard_within_100_ms_and_without_a_click(
    sound: VirtualSound, loudspeaker: Loudspeaker, tmp_path: Path
) -> None:
    with sound.record(tmp_path / "heard.wav"):
        playback = loudspeaker.play([tone(10)])
        time.sleep(1.0)
        playback.stop()
        playback.stop()
        stopped = time.monotonic()
        playback.wait()
        assert time.monotonic() - stopped < 0.2
    assert sounding(tmp_path / "heard.wav") < 1.1
    samples, _ = heard(tmp_path / "heard.wav")
    steepest = 8000 * 2 * np.pi * 440 / 44_100
    assert np.abs(np.diff(samples.astype(int))).max() < 1.3 * steepest


def test_a_new_playback_ends_the_one_before_and_never_overlaps_it(
    sound: VirtualSound, loudspeaker: Loudspeaker, tmp_path: Path
) -> None:
    with sound.record(tmp_path / "heard.wav"):
        first = loudspeaker.play([tone(10)])
        time.sleep(0.5)
        loudspeaker.play([tone(0.3, 880)]).wait()
        assert not first.playing()
    samples, _ = heard(tmp_path / "heard.wav")
    assert np.abs(samples.astype(int)).max() < 8200
    assert sounding(tmp_path / "heard.wav") < 1.2


def test_one_stream_runs_before_the_first_sound_and_between_the_sounds(
    sound: VirtualSound, loudspeaker: Loudspeaker
) -> None:
    """HDMI swallows the first half second of every stream."""
    loudspeaker.require()
    before = sound.pactl("list", "short", "sink-inputs").split()
    for _ in range(2):
        loudspeaker.play([tone(0.1)]).wait()
        time.sleep(0.2)
    assert len(before) > 0
    assert sound.pactl("list", "short", "sink-inputs").split() == before


def test_nothing_to_play_is_over_at_once(loudspeaker: Loudspeaker) -> None:
    playback = loudspeaker.play([])
    playback.wait()
    assert not playback.playing()


def test_a_loudspeaker_that_comes_back_is_used_again(
    sound: VirtualSound, loudspeaker: Loudspeaker, faults: list[SoundError], tmp_path: Path
) -> None:
    sound.remove_loudspeaker()
    loudspeaker.play([tone(0.2)]).wait()
    sound.add_loudspeaker()
    with sound.record(tmp_path / "heard.wav"):
        loudspeaker.play([tone(0.3)]).wait()
    assert sounding(tmp_path / "heard.wav") == pytest.approx(0.3, abs=0.02)


def test_silence_passes_in_place_of_a_loudspeaker_that_cannot_be_opened(
    sound: VirtualSound, loudspeaker: Loudspeaker, faults: list[SoundError]
) -> None:
    loudspeaker.require()
    sound.leave_only_the_loudspeaker()
    sound.remove_loudspeaker()
    loudspeaker.play([tone(0.3)]).wait()
    started = time.monotonic()
    loudspeaker.play([pause(0.3, RATE), pause(0.3, RATE)]).wait()
    assert 0.5 < time.monotonic() - started < 2
    assert len(faults) == 1


def run(program: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=True, timeout=30)


@pytest.mark.parametrize("loss", ["unload-module module-null-sink", "exit"])
def test_a_loss_in_mid_sentence_is_told_once_and_ends_the_playback_but_never_hangs(
    sound: VirtualSound, loss: str
) -> None:
    done = run(
        "import subprocess, time\n"
        "import numpy as np\n"
        "from skill.speaking.loudspeaker import Loudspeaker\n"
        "from skill.speaking.voice import Clip\n"
        "loudspeaker = Loudspeaker(print)\n"
        "clip = Clip(np.ones(22050 * 20, np.int16), 22050)\n"
        "loudspeaker.require()\n"
        "playback = loudspeaker.play([clip])\n"
        "time.sleep(0.3)\n"
        f"subprocess.run({['pactl', *loss.split()]}, check=True)\n"
        "playback.wait()\n"
        "for _ in range(2):\n"
        "    playback = loudspeaker.play([clip])\n"
        "    time.sleep(0.2)\n"
        "    playback.stop()\n"
        "    playback.wait()\n"
        "loudspeaker.close()\n",
        **sound.env,
    )
    assert done.stdout.count("check its plug") == 1


#: ALSA's Dolby plug-in is a loudspeaker that takes 48,000 Hz and nothing else, as many on a Raspberry Pi do.
ONE_RATE = """
</usr/share/alsa/alsa.conf>
pcm.!default { type a52 slavepcm "null" rate 48000 channels 2 format S16 }
"""


def test_a_loudspeaker_that_takes_one_rate_only_gets_it(tmp_path: Path) -> None:
    (tmp_path / "asound.conf").write_text(ONE_RATE)
    done = run(
        "import numpy as np\n"
        "from skill.speaking.loudspeaker import Loudspeaker\n"
        "from skill.speaking.voice import Clip\n"
        "loudspeaker = Loudspeaker(print)\n"
        "playback = loudspeaker.play([Clip(np.ones(22050, np.int16), 22050)])\n"
        "playback.wait()\n"
        "loudspeaker.close()\n",
        ALSA_CONFIG_PATH=str(tmp_path / "asound.conf"),
    )
    assert done.stdout == ""
    assert done.stderr == ""


@pytest.mark.skipif(any(Path("/dev/snd").glob("pcm*")), reason="this machine has a loudspeaker")
def test_no_loudspeaker_at_all_is_one_sentence_with_the_way_out() -> None:
    done = run(
        "from skill.errors import SoundError\n"
        "from skill.speaking.loudspeaker import Loudspeaker\n"
        "try:\n"
        "    Loudspeaker(print).require()\n"
        "except SoundError as error:\n"
        "    print(error)\n",
        PULSE_SERVER="unix:/nonexistent",
    )
    assert "plug one in" in done.stdout
    assert done.stderr == ""
