import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from skill.system.compiled import Compiled, user_folder


class Recipe:
    """Makes a list of the lines of its sources, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def make(self) -> list[str]:
        self.made += 1
        return [file.read_text(encoding="utf-8") for file in sorted(self.folder.iterdir())]

    def load(self) -> Any:
        return Compiled("lines", self.folder.iterdir, self.make).load()


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "one.txt").write_text("1", encoding="utf-8")
    return Recipe(folder)


def kept() -> list[Path]:
    return sorted(user_folder().iterdir())


def test_what_is_made_once_is_read_from_then_on(recipe: Recipe) -> None:
    assert [recipe.load(), recipe.load(), recipe.load()] == [["1"]] * 3
    assert recipe.made == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "one.txt").write_text("one"),
        lambda folder: (folder / "two.txt").write_text("2"),
        lambda folder: (folder / "one.txt").rename(folder / "uno.txt"),
    ],
    ids=["changed", "added", "renamed"],
)
def test_a_changed_source_is_seen(recipe: Recipe, change: Callable[[Path], object]) -> None:
    recipe.load()
    change(recipe.folder)
    assert recipe.load() == recipe.make()
    assert recipe.made == 3


def test_an_older_state_of_a_source_is_still_known(recipe: Recipe) -> None:
    for text in ("1", "2", "1"):
        (recipe.folder / "one.txt").write_text(text, encoding="utf-8")
        assert recipe.load() == [text]
    assert recipe.made == 2


@pytest.mark.parametrize("damage", [b"", b"nonsense", b'deadbeef\n["2"]', b"\xff\xfe\n", None])
def test_a_damaged_file_is_made_anew(recipe: Recipe, damage: bytes | None) -> None:
    recipe.load()
    (file,) = kept()
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"1", b"2") if damage is None else damage)
    assert recipe.load() == ["1"]
    assert file.read_bytes() == whole


def test_a_folder_in_the_place_of_the_file_is_done_without(recipe: Recipe) -> None:
    recipe.load()
    (file,) = kept()
    file.unlink()
    file.mkdir()
    assert [recipe.load(), recipe.load()] == [["1"]] * 2
    assert kept() == [file]


@pytest.mark.parametrize("cache", ["/dev/null", "/proc/nowhere", "/dev/full"])
def test_where_nothing_can_be_kept_it_is_made_each_time(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    assert [recipe.load(), recipe.load()] == [["1"]] * 2
    assert recipe.made == 2


def test_nobody_else_may_read_or_write_what_is_kept(recipe: Recipe) -> None:
    recipe.load()
    assert [stat.S_IMODE(file.stat().st_mode) for file in (user_folder(), *kept())] == [0o700, 0o600]


def test_nothing_is_written_beside_the_cache(recipe: Recipe, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    recipe.load()
    assert {file for file in set(tmp_path.rglob("*")) - before if file.is_file()} == set(kept())


def test_few_states_are_kept(recipe: Recipe) -> None:
    for state in range(9):
        (recipe.folder / "one.txt").write_text(str(state), encoding="utf-8")
        recipe.load()
    assert len(kept()) == 4
    assert recipe.load() == ["8"]
    assert recipe.made == 9


def test_a_source_that_cannot_be_read_is_the_makers_to_tell(recipe: Recipe) -> None:
    (recipe.folder / "one.txt").unlink()
    (recipe.folder / "one.txt").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError):
        recipe.load()
    assert not user_folder().exists()


def test_a_source_that_changes_in_the_making_is_not_kept(recipe: Recipe) -> None:
    def make() -> list[str]:
        made = recipe.make()
        (recipe.folder / "one.txt").write_text("2", encoding="utf-8")
        return made

    assert Compiled("lines", recipe.folder.iterdir, make).load() == ["1"]
    assert recipe.load() == ["2"]


def test_several_processes_at_once_keep_one_whole_file(recipe: Recipe) -> None:
    program = f"""
from pathlib import Path
from skill.system.compiled import Compiled
data = Compiled("lines", Path({str(recipe.folder)!r}).iterdir, lambda: ["1"] * 100_000)
print(len(data.load()))
"""
    many = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [process.communicate()[0].strip() for process in many] == ["100000"] * 6
    assert len(kept()) == 1
    assert recipe.load() == ["1"] * 100_000


def test_what_is_shipped_is_for_everybody_to_read(recipe: Recipe, tmp_path: Path) -> None:
    file = Compiled("lines", recipe.folder.iterdir, recipe.make).ship(tmp_path / "wheel")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert json.loads(file.read_bytes().partition(b"\n")[2]) == ["1"]
