import os
from pathlib import Path

import numpy as np
import pytest

from skill.speaking.cache import ClipCache
from skill.speaking.voice import Clip, Delivery

CLIP = Clip(np.arange(-500, 500, dtype=np.int16), 22_050)


def test_a_clip_comes_back_as_it_was(tmp_path: Path) -> None:
    ClipCache(tmp_path / "clips").put("voice", "Hello.", Delivery(), CLIP)
    back = ClipCache(tmp_path / "clips").get("voice", "Hello.", Delivery())
    assert back is not None
    assert back.rate == CLIP.rate
    assert back.samples.tolist() == CLIP.samples.tolist()


@pytest.mark.parametrize(
    ("identity", "text", "delivery"),
    [
        ("other", "Hello.", Delivery()),
        ("voice", "Hello!", Delivery()),
        ("voice", "Hello.", Delivery(pace=1.2)),
        ("voice", "Hello.", Delivery(volume=1.2)),
    ],
)
def test_another_voice_text_or_delivery_is_another_clip(
    tmp_path: Path, identity: str, text: str, delivery: Delivery
) -> None:
    cache = ClipCache(tmp_path)
    cache.put("voice", "Hello.", Delivery(), CLIP)
    assert cache.get(identity, text, delivery) is None


def test_a_damaged_file_counts_as_missing_and_is_replaced(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path)
    cache.put("voice", "Hello.", Delivery(), CLIP)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:30])
    assert cache.get("voice", "Hello.", Delivery()) is None
    cache.put("voice", "Hello.", Delivery(), CLIP)
    assert cache.get("voice", "Hello.", Delivery()) is not None


def test_the_oldest_go_when_room_runs_out(tmp_path: Path) -> None:
    cache = ClipCache(tmp_path, limit=10_000)
    for number in range(20):
        cache.put("voice", str(number), Delivery(), CLIP)
        for file in tmp_path.iterdir():  # a file system may keep whole seconds only
            os.utime(file, (file.stat().st_atime - 10, file.stat().st_mtime - 10))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_000
    assert cache.get("voice", "19", Delivery()) is not None
    assert cache.get("voice", "0", Delivery()) is None


@pytest.mark.parametrize("folder", [Path("/proc/charley"), Path("/dev/null/charley")])
def test_a_disk_that_takes_nothing_is_no_failure(folder: Path) -> None:
    cache = ClipCache(folder)
    cache.put("voice", "Hello.", Delivery(), CLIP)
    assert cache.get("voice", "Hello.", Delivery()) is None


def test_a_clip_that_was_not_written_whole_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    cache = ClipCache(tmp_path / "clips")
    cache.put("voice", "Hello.", Delivery(), CLIP)
    assert [file.suffix for file in (tmp_path / "clips").iterdir()] == [".wav"]
