"""The disk, the power, the loudspeaker and the voice fail under the running command, each for real."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from skill.dialogue.prompts import load_prompts
from skill.episodes.store import EpisodeStore
from skill.listening import moonshine
from skill.speaking.recorded import recorded
from skill.speaking.resample import resample
from skill.speaking.sentences import sentences
from skill.triage.model import Answer
from tests.end_to_end.conftest import without_sound
from tests.end_to_end.test_voice_session import Loudspeaker, render
from tests.support.monitor import Monitor
from tests.support.processes import children, ended
from tests.support.sound_fixture import sound
from tests.support.terminal_session import TerminalSession
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]

#: Charley speaks fast here, so that the tests are short.
SETTINGS = 'pace = 2.0\ndetail = "brief"\nemergency_number = "112"\n'
ADVICE = load_prompts().utterance("levels.emergency.say", number="1 1 2").text
#: Seconds of silence on the loudspeaker after which Charley has said all and listens.
PAUSE = 0.8
#: Seconds that an orderly end may take.
ORDERLY = 3.0
RATE = 44_100


@pytest.fixture(name="places")
def _places(tmp_path: Path) -> dict[str, str]:
    """Where Charley's files are."""
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    return {f"XDG_{kind.upper()}_HOME": str(tmp_path / kind) for kind in ("config", "data", "cache")}


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for Charley's data."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    disk = tmp_path / "data"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=256k", "charley-test", str(disk))
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(("umount", str(disk)), check=True)


def fill(disk: Path) -> None:
    """Leave no byte."""
    with suppress(OSError), (disk / "full").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))


def level(events: list[dict[str, Any]]) -> str:
    return str(next(event["level"] for event in events if event["event"] == "verdict"))


def test_a_disk_that_becomes_full_is_said_once_and_the_advice_is_right(
    tmp_path: Path, places: dict[str, str], small_disk: Path
) -> None:
    replies = {"emergency": "no", "place": "my left calf", "happening": "chest pain"}
    events = []
    with TerminalSession({**without_sound(tmp_path), **places}, "type", "--events") as charley:
        for event in charley.events():
            events.append(event)
            if event["event"] == "ask":
                if event["question"] == "place":
                    fill(small_disk)
                charley.type(replies[event["question"]])
            elif event.get("prompt") == "dialogue.once_more":
                charley.type("no")
        status, complaint = charley.end()
    assert level(events) == "emergency"
    assert (status, len(complaint.splitlines())) == (0, 1), complaint
    assert "free or mend the disk" in complaint


@pytest.mark.timeout(90)
def test_a_killed_session_is_gone_on_with_by_voice_and_sigterm_ends_it_in_order(
    sound: VirtualSound, places: dict[str, str], tmp_path: Path
) -> None:
    no, calf, yes = (render(text, tmp_path / f"{text}.wav") for text in ("no", "my left calf", "yes"))
    with Monitor(sound) as loudspeaker:

        def converse(charley: TerminalSession, said: dict[str, Path]) -> list[str]:
            """Answer by voice until the question after the place; the questions that were put."""
            asked = []
            for event in charley.events():
                if event["event"] == "ask":
                    asked.append(event["question"])
                    if asked[-1] == "happening":
                        break
                if event["event"] == "say" and event["prompt"] in said:
                    loudspeaker.wait_for_quiet(PAUSE, time.monotonic())
                    sound.say(said[event["prompt"]])
            return asked

        with TerminalSession({**sound.env, **places}, "--events") as charley:
            first = converse(charley, {"questions.emergency.ask": no, "questions.place.brief": calf})
            workers = children("-m", charley.process.pid)
            charley.process.kill()
        kept = EpisodeStore(tmp_path / "data" / "charley" / "episodes.sqlite").all()[-1]
        with TerminalSession({**sound.env, **places}, "--events") as charley:
            second = converse(charley, {"dialogue.resume": yes, "questions.emergency.ask": no})
            workers += children("-m", charley.process.pid)
            terminated = time.monotonic()
            charley.process.terminate()
            status, complaint = charley.end()
            seconds = time.monotonic() - terminated
    assert first == ["emergency", "place", "happening"]
    assert (kept.answers, kept.ended) == ((Answer("emergency", "no"), Answer("place", "calf")), False)
    assert second == ["emergency", "happening"], "signs of an emergency are asked for anew, the place is known"
    assert (status, complaint) == (128 + signal.SIGINT, "Interrupted.\n")
    assert seconds < ORDERLY
    each = 5 if moonshine.installed() else 4
    assert len(workers) == 2 * each, "twice the voice, the hearings, the microphone and the loudspeaker"
    assert all(map(ended, workers))


@pytest.mark.timeout(60)
def test_captions_carry_on_without_a_loudspeaker_and_sound_comes_back_with_it(
    sound: VirtualSound, places: dict[str, str], tmp_path: Path
) -> None:
    sound.leave_only_the_loudspeaker()
    recording, prompts = tmp_path / "loudspeaker.wav", load_prompts()
    with TerminalSession({**sound.env, **places}) as charley:
        captions = charley.lines()

        def wait_for(prompt: str) -> None:
            assert prompts.utterance(prompt).text in captions

        wait_for("questions.emergency.ask")
        time.sleep(0.5)
        sound.remove_loudspeaker()
        charley.type("no")
        wait_for("questions.place.brief")
        sound.add_loudspeaker()
        with sound.record(recording):
            charley.type("chest pain")
            assert ADVICE in captions
            wait_for("dialogue.once_more")
        charley.type("no")
        status, complaint = charley.end()
    assert (status, complaint.count("check its plug")) == (0, 1), complaint
    loudspeaker = Loudspeaker(recording)
    assert loudspeaker.audible_between(0, loudspeaker.seconds())


def likeness(recording: NDArray[np.int16], clip: NDArray[np.int16]) -> float:
    """How well `clip` is found in `recording`: the correlation at the best place, 1 where it is there unchanged."""
    size = len(recording) + len(clip)
    spectra = (np.fft.rfft(samples.astype(float), size) for samples in (recording, clip))
    whole, part = spectra
    place = int(np.argmax(np.fft.irfft(whole * np.conj(part), size)[: len(recording)]))
    found = recording[place : place + len(clip)]
    return float(np.corrcoef(found, clip[: len(found)])[0, 1])


@pytest.mark.timeout(60)
def test_the_emergency_advice_is_heard_where_no_voice_can_be_opened(
    sound: VirtualSound, places: dict[str, str], tmp_path: Path
) -> None:
    broken, recording = tmp_path / "broken", tmp_path / "loudspeaker.wav"
    broken.mkdir()
    (broken / "pyttsx3.py").write_text("raise ImportError('no voice here')\n", encoding="utf-8")
    env = {**sound.env, **places, "PYTHONPATH": str(broken)}
    with (tmp_path / "config" / "charley" / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write("interruptible = true\n")  # the answer need not wait for the end of the question
    with TerminalSession(env, "--events") as charley, sound.record(recording):
        for event in charley.events():
            if event["event"] == "ask":
                charley.type("yes")
            elif event.get("prompt") == "reasons.emergency_signs":  # the advice before it has been said
                break
        charley.process.kill()
        _, complaint = charley.end()
    assert "charley selftest" in complaint
    heard = Loudspeaker(recording).samples()
    for sentence in sentences(ADVICE):
        clip = recorded(sentence)
        assert clip is not None
        assert likeness(heard, resample(clip, RATE).samples) > 0.9, sentence
