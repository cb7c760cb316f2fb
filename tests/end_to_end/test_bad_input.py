"""Whatever is missing, damaged or wrong: one sentence that says what to do, and an exit status."""

import json
import shutil
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from skill.system import resources
from tests.end_to_end.conftest import Charley, assert_one_sentence
from tests.support.virtual_sound import virtual_sound


def write_wav(path: Path, *, rate: int = 16_000, channels: int = 1, width: int = 2, seconds: float = 1.0) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        silence = np.full(round(rate * seconds) * channels, 128 if width == 1 else 0, {1: np.uint8, 2: np.int16}[width])
        file.writeframes(silence.tobytes())
    return path


def test_without_a_sound_card_it_says_so(charley: Charley) -> None:
    assert "charley type" in assert_one_sentence(charley(), 3)


def test_an_unknown_command_is_wrong_usage(charley: Charley) -> None:
    assert "--help" in assert_one_sentence(charley("nonsense"), 2)


def test_an_unknown_patient_is_wrong_usage_and_the_known_ones_are_named(charley: Charley) -> None:
    assert "calf_at_night" in assert_one_sentence(charley("demo", "nobody_knows"), 2)


def test_an_unknown_question_is_wrong_usage(charley: Charley, tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "silence.wav")
    assert "emergency" in assert_one_sentence(charley("hear", "--question", "nothing", str(recording)), 2)


@pytest.mark.parametrize("content", [None, "folder", "rubbish"])
def test_a_broken_model_is_a_broken_installation(charley: Charley, tmp_path: Path, content: str | None) -> None:
    model = tmp_path / "model"
    if content:
        (model / "am").mkdir(parents=True)
        (model / "conf").mkdir()
    if content == "rubbish":
        (model / "am" / "final.mdl").write_bytes(b"rubbish")
        (model / "conf" / "model.conf").write_text("")
    assert "model" in assert_one_sentence(charley("demo", "calf_at_night", "--model", str(model)), 4)


def test_a_broken_protocol_is_named_with_its_line(charley: Charley, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for folder in ("skill", "grammars", "prompts"):
        shutil.copytree(resources.PACKAGE.parent / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    rules = copy / "skill" / "triage" / "protocol" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("level: emergency", "level: emergancy", 1))
    sentence = assert_one_sentence(charley("type", folder=copy), 4)
    assert "rules.yaml" in sentence
    assert "emergancy" in sentence


@pytest.mark.parametrize(
    "shape", [{"channels": 2}, {"width": 1}, {"rate": 8_000}, {"rate": 48_000, "channels": 2}], ids=str
)
def test_any_shape_of_wav_is_heard(charley: Charley, tmp_path: Path, shape: dict[str, int]) -> None:
    finished = charley("hear", "--question", "emergency", str(write_wav(tmp_path / "odd.wav", **shape)))
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["decision"] == "reject"


@pytest.mark.parametrize("content", [b"", b"no sound at all", None])
def test_a_file_that_is_no_sound_is_named(charley: Charley, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "bad.wav"
    if content is not None:
        file.write_bytes(content)
    assert "bad.wav" in assert_one_sentence(charley("hear", str(file)), 2)


def test_an_empty_wav_is_named(charley: Charley, tmp_path: Path) -> None:
    assert "empty.wav" in assert_one_sentence(charley("hear", str(write_wav(tmp_path / "empty.wav", seconds=0))), 2)


def test_one_bad_file_does_not_keep_the_others_from_being_heard(charley: Charley, tmp_path: Path) -> None:
    good, missing = write_wav(tmp_path / "good.wav"), tmp_path / "missing.wav"
    finished = charley("hear", "--question", "emergency", str(missing), str(good))
    assert finished.returncode == 2
    assert [json.loads(line)["file"] for line in finished.stdout.splitlines()] == [str(good)]


def test_a_closed_standard_input_ends_in_the_safest_advice(charley: Charley) -> None:
    finished = charley("type", "--events", typed="")
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    assert finished.returncode == 0
    assert [event["level"] for event in events if event["event"] == "verdict"] == ["emergency"]
    assert events[-1] == {"event": "end", "reason": "silence"}


def test_damaged_settings_are_named_and_the_defaults_serve(charley: Charley, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("pace = fast")
    finished = charley("type", typed="yes\n")
    assert "settings.toml" in finished.stderr
    assert finished.returncode == 0


@pytest.mark.timeout(60)
def test_an_interrupt_in_mid_sentence_leaves_a_clean_terminal() -> None:
    with (
        virtual_sound() as sound,
        subprocess.Popen(
            [sys.executable, "-m", "skill"],
            env=sound.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as charley,
    ):
        assert charley.stdout is not None
        charley.stdout.readline()
        time.sleep(1)
        charley.send_signal(signal.SIGINT)
        _, errors = charley.communicate(timeout=20)
    assert (charley.returncode, errors) == (130, "Interrupted.\n")
