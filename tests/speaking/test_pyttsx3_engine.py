import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from skill.errors import SpeechError
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Clip, Delivery
from tests.support.virtual_sound import VirtualSound

TEXT = "Where does it hurt?"


def loudness(clip: Clip) -> float:
    return float(np.sqrt(np.mean(clip.samples.astype(float) ** 2)))


def test_a_sentence_becomes_audible_speech(voice: Pyttsx3Engine) -> None:
    clip = voice.render(TEXT, Delivery())
    assert clip.rate == 22_050
    assert clip.samples.dtype == np.int16
    assert 0.8 < clip.seconds < 2
    assert loudness(clip) > 500


def test_every_change_of_pace_takes_effect(voice: Pyttsx3Engine) -> None:
    lengths = [voice.render(TEXT, Delivery(pace=pace)).seconds for pace in (1.0, 0.6, 2.0, 1.0)]
    assert lengths[1] > 1.5 * lengths[0]
    assert lengths[2] < 0.6 * lengths[0]
    assert lengths[3] == pytest.approx(lengths[0], rel=0.05)


def test_every_change_of_volume_takes_effect(voice: Pyttsx3Engine) -> None:
    quiet, usual, loud = (loudness(voice.render(TEXT, Delivery(volume=volume))) for volume in (0.3, 1.0, 2.0))
    assert quiet < 0.5 * usual
    assert loud > 1.3 * usual


def test_many_sentences_in_a_row_are_all_complete(voice: Pyttsx3Engine) -> None:
    lengths = [voice.render(f"That is {n} in a row.", Delivery(pace=1 + n % 2)).seconds for n in range(20)]
    assert min(lengths) > 0.5


def test_threads_do_not_get_each_others_sentences(voice: Pyttsx3Engine) -> None:
    texts = ("Yes.", "Hold the stretch for thirty seconds, and breathe out slowly while you do.") * 5
    with ThreadPoolExecutor(2) as pool:
        clips = list(pool.map(lambda text: voice.render(text, Delivery()), texts))
    assert all(long.seconds > 2 * short.seconds for short, long in zip(clips[::2], clips[1::2], strict=True))


def test_nothing_is_printed(voice: Pyttsx3Engine, capfd: pytest.CaptureFixture[str]) -> None:
    voice.render(TEXT, Delivery())
    assert capfd.readouterr() == ("", "")


def test_english_voices_are_listed(voice: Pyttsx3Engine) -> None:
    assert {"gmw/en", "gmw/en-us"} <= {entry.id for entry in voice.voices()}


def test_another_voice_and_a_variant_of_it_sound_different(voice: Pyttsx3Engine) -> None:
    scottish, whispering = Pyttsx3Engine("gmw/en-gb-scotland"), Pyttsx3Engine("gmw/en-us+f3")
    clips = [engine.render(TEXT, Delivery()) for engine in (voice, scottish, whispering)]
    scottish.close()
    whispering.close()
    assert len({clip.samples.tobytes() for clip in clips}) == 3


def test_an_unknown_voice_says_where_to_find_the_known_ones() -> None:
    engine = Pyttsx3Engine("klingon")
    with pytest.raises(SpeechError, match=r"no voice 'klingon'.*charley voices"):
        engine.render(TEXT, Delivery())
    engine.close()


#: Stands in for the worker: the first process of this folder misbehaves as told, later ones do nothing wrong.
FRAIL = """
import pathlib, runpy, sys, time
mark = pathlib.Path({folder!r}, "has failed")
if {always} or not mark.exists():
    mark.touch()
    sys.stdin.readline()
    {misbehave}
runpy.run_module("skill.speaking.worker", run_name="__main__")
"""


@pytest.fixture
def frail(tmp_path: Path) -> Iterator["FrailWorker"]:
    worker = FrailWorker(tmp_path)
    yield worker
    for engine in worker.engines:
        engine.close()


class FrailWorker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engines: list[Pyttsx3Engine] = []

    def engine(self, misbehave: str, *, always: bool = False, patience: float = 4.0) -> Pyttsx3Engine:
        program = FRAIL.format(folder=str(self.folder), misbehave=misbehave, always=always)
        self.engines.append(Pyttsx3Engine(patience=patience, worker=(sys.executable, "-c", program)))
        return self.engines[-1]


@pytest.mark.parametrize(
    "misbehave", ["sys.exit(1)", "import os; os.abort()", 'print(\'{"error": "odd"}\', flush=True)']
)
def test_a_voice_that_crashes_is_started_again(frail: FrailWorker, misbehave: str) -> None:
    assert frail.engine(misbehave).render(TEXT, Delivery()).seconds > 0.8


def test_a_voice_that_hangs_is_started_again(frail: FrailWorker) -> None:
    assert frail.engine("time.sleep(60)", patience=2.0).render(TEXT, Delivery()).seconds > 0.8


def test_a_voice_that_keeps_crashing_is_given_up_and_then_fails_at_once(frail: FrailWorker) -> None:
    engine = frail.engine("sys.exit(1)", always=True)
    with pytest.raises(SpeechError, match="charley selftest"):
        engine.render(TEXT, Delivery())
    started = time.monotonic()
    with pytest.raises(SpeechError):
        engine.render(TEXT, Delivery())
    assert time.monotonic() - started < 0.01


def test_a_voice_that_keeps_hanging_costs_twice_the_patience_at_most(frail: FrailWorker) -> None:
    engine = frail.engine("time.sleep(60)", always=True, patience=0.3)
    started = time.monotonic()
    with pytest.raises(SpeechError, match="does not reply"):
        engine.render(TEXT, Delivery())
    assert time.monotonic() - started < 1


def test_a_program_that_cannot_be_started_is_a_speech_error() -> None:
    engine = Pyttsx3Engine(worker=("/nonexistent",))
    with pytest.raises(SpeechError, match="cannot be started"):
        engine.render(TEXT, Delivery())
    engine.close()


def test_a_closed_voice_refuses_to_speak(tmp_path: Path) -> None:
    engine = Pyttsx3Engine()
    engine.close()
    with pytest.raises(SpeechError):
        engine.render(TEXT, Delivery())


def test_the_voice_is_there_at_once_while_the_sound_system_hangs(sound: VirtualSound) -> None:
    sound.freeze()
    engine = Pyttsx3Engine()
    began = time.monotonic()
    assert engine.render(TEXT, Delivery()).seconds > 0.8
    assert time.monotonic() - began < 4
    engine.close()


def test_the_voice_speaks_at_once_where_the_memory_for_its_files_is_full() -> None:
    fill = "mount -t tmpfs -o size=64k full /dev/shm && head -c 1M /dev/zero > /dev/shm/full"
    speak = (
        "import time; from skill.speaking.pyttsx3_engine import Pyttsx3Engine as E;"
        "from skill.speaking.voice import Delivery; began = time.monotonic();"
        "e = E('gmw/en-us'); e.render('Hello.', Delivery()); print(time.monotonic() - began); e.close()"
    )
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a disk: run as root")
    script = f'{fill} 2>/dev/null; exec {sys.executable} -c "{speak}"'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 4


def test_the_voice_speaks_without_espeak_on_the_system() -> None:
    hide = "for file in $(ldconfig -p | grep -o '/.*libespeak-ng.so.1'); do mount --bind /dev/null $file; done"
    speak = (
        "from skill.speaking.pyttsx3_engine import Pyttsx3Engine as E; from skill.speaking.voice import Delivery;"
        "e = E('gmw/en-us'); print(e.render('Hello.', Delivery()).seconds); e.close()"
    )
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to hide a library: run as root")
    script = f'{hide}; exec {sys.executable} -c "{speak}"'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 0.4
