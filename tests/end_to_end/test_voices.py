"""`charley voices`: choosing is remembered, and what cannot be chosen is said in one sentence."""

import tomllib
from pathlib import Path

from tests.end_to_end.conftest import Charley, assert_one_sentence


def test_a_chosen_voice_is_remembered_beside_the_other_settings(charley: Charley, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('region = "GB"  # home\n')
    assert charley("voices", "--choose", "pyttsx3/gmw/en-us").returncode == 0
    assert tomllib.loads(settings.read_text()) == {"region": "GB", "engine": "pyttsx3", "voice": "gmw/en-us"}
    assert "# home" in settings.read_text()


def test_a_voice_that_is_not_here_is_refused(charley: Charley) -> None:
    assert "charley voices" in assert_one_sentence(charley("voices", "--choose", "pyttsx3/nobody"), 2)
    assert "nobody" in assert_one_sentence(charley("voices", "nobody"), 2)


def test_without_a_loudspeaker_no_sample_is_spoken(charley: Charley) -> None:
    assert charley("voices", "en-us", "--say").returncode == 3
