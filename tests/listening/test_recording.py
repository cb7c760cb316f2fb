from pathlib import Path

import numpy as np
import pytest
import soundfile

from skill.errors import UsageError
from skill.listening.recording import Recording, load_recording

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 16000)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize(
    ("name", "subtype"),
    [("a.wav", "PCM_U8"), ("a.wav", "PCM_16"), ("a.wav", "PCM_24"), ("a.wav", "FLOAT"), ("a.flac", "PCM_16")],
)
def test_any_rate_and_width_is_read(tmp_path: Path, rate: int, name: str, subtype: str) -> None:
    soundfile.write(tmp_path / name, TONE, rate, subtype=subtype)
    recording = load_recording(tmp_path / name)
    assert recording.rate == rate
    assert len(recording.samples) == len(TONE)
    assert np.abs(recording.samples / 32767 - TONE).max() < 0.02


def test_opus_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.opus", TONE, 16000, format="OGG", subtype="OPUS")
    assert load_recording(tmp_path / "a.opus").samples.any()


def test_stereo_is_mixed_down(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.stack([TONE, -TONE], axis=1), 16000)
    assert np.abs(load_recording(tmp_path / "a.wav").samples).max() <= 1


def test_a_recording_is_read_in_blocks_then_silence_then_ends() -> None:
    recording = Recording(np.ones(1000, np.int16), 1000, trailing_silence=0.5)
    blocks = [recording.read(0.4) for _ in range(5)]
    assert [None if block is None else len(block) for block in blocks] == [400, 400, 400, 300, None]
    assert blocks[3] is not None
    assert not blocks[3].any()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file .*none\.wav: name a recording\."):
        load_recording(tmp_path / "none.wav")


def test_a_text_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("yes", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read as sound"):
        load_recording(tmp_path / "a.wav")


@pytest.mark.parametrize("rate", [1, 2**31 - 1])
def test_a_header_that_names_no_rate_of_sound_is_refused_at_once(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, rate)
    with pytest.raises(UsageError, match="sample rate"):
        load_recording(tmp_path / "a.wav", trailing_silence=1.0)


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE[:0], 16000)
    with pytest.raises(UsageError, match="holds no sound"):
        load_recording(tmp_path / "a.wav")
