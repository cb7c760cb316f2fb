"""A wish is written back to the settings file, which stays the person's own."""

from pathlib import Path

from skill.dialogue.preferences import SettingsFile
from skill.errors import CharleyError
from skill.settings import Settings, load_settings


def test_only_the_changed_key_changes_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\nregion = "GB"  # home\npace = 1.0\n')
    SettingsFile(_never, file).keep("pace", 1.2)
    assert file.read_text() == '# mine\nregion = "GB"  # home\npace = 1.2\n'


def test_the_first_wish_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "charley" / "settings.toml"
    SettingsFile(_never, file).keep("detail", "brief")
    assert load_settings(file) == (Settings(detail="brief"), ())


def test_a_damaged_file_is_said_once_and_left_alone(tmp_path: Path) -> None:
    file, said = tmp_path / "settings.toml", list[CharleyError]()
    file.write_text("pace = = 1")
    settings = SettingsFile(said.append, file)
    settings.keep("pace", 1.2)
    settings.keep("pace", 1.44)
    assert [str(file) in str(problem) for problem in said] == [True]
    assert file.read_text() == "pace = = 1"


def test_a_folder_that_takes_no_file_is_said_once(tmp_path: Path) -> None:
    said = list[CharleyError]()
    (tmp_path / "charley").write_text("in the way")
    settings = SettingsFile(said.append, tmp_path / "charley" / "settings.toml")
    settings.keep("pace", 1.2)
    settings.keep("volume", 1.2)
    assert len(said) == 1


def _never(problem: CharleyError) -> None:
    raise problem
