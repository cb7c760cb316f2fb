"""Sound is kept only where the person asks for it, for nobody else to hear."""

import stat
from pathlib import Path

import numpy as np
import pytest

from skill.errors import CharleyError, UsageError
from skill.listening.recording import Recording
from skill.reporting.sound_diary import RecordedPlayer, RecordedSource, SoundDiary
from skill.speaking.player import NullPlayer
from skill.speaking.voice import Clip
from skill.speaking.wav import read_wav
from skill.system.clock import SimulatedClock

HUM = Clip(np.arange(800, dtype=np.int16), 8_000)


def test_every_turn_and_everything_said_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    diary = SoundDiary(folder, _never)
    source = RecordedSource(Recording(HUM.samples, HUM.rate), diary)
    player = RecordedPlayer(NullPlayer(SimulatedClock()), diary)
    player.play([HUM, HUM])
    source.skip()
    while source.read(0.05) is not None:
        pass
    source.close()
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["0001-said.wav", "0002-heard.wav"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(read_wav(files[0]).samples) == 2 * len(HUM.samples)
    assert np.array_equal(read_wav(files[1]).samples, HUM.samples)


def test_a_later_session_overwrites_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        SoundDiary(tmp_path, _never).keep("said", HUM)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_gap_in_the_numbers_and_another_session_in_the_same_folder_cost_no_recording(tmp_path: Path) -> None:
    (tmp_path / "0001-said.wav").touch()
    (tmp_path / "0003-said.wav").touch()
    first, second = SoundDiary(tmp_path, _never), SoundDiary(tmp_path, _never)
    for diary in (first, second, first):
        diary.keep("said", HUM)
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert kept == [f"{number:04}-said.wav" for number in (1, 3, 4, 5, 6)]


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_heard(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="name another folder"):
        SoundDiary(tmp_path / "file", _never)


def test_a_disk_that_takes_no_more_is_said_once(tmp_path: Path) -> None:
    said = list[CharleyError]()
    diary = SoundDiary(tmp_path / "gone", said.append)
    (tmp_path / "gone").rmdir()
    diary.keep("heard", HUM)
    diary.keep("heard", HUM)
    assert len(said) == 1


def _never(problem: CharleyError) -> None:
    raise problem
