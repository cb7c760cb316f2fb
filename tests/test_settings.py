"""One wrong line costs itself alone, is named with file and line, and what is safe is taken in its place."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.settings import UNKNOWN_REGION, Settings, load_settings
from skill.system import resources

#: A line before and a line after the one under test; both must hold whatever stands between them.
BEFORE: Final = b"volume = 0.5\n"
AFTER: Final = b"\nscreen_reader = true\n"


def read(tmp_path: Path, line: bytes) -> tuple[Settings, list[str]]:
    """The settings with one line between two good ones, and what is told."""
    file = tmp_path / "settings.toml"
    file.write_bytes(BEFORE + line + AFTER)
    settings, problems = load_settings(file)
    assert (settings.volume, settings.screen_reader) == (0.5, True)
    assert all(str(problem).startswith(f"{file}, line 2: ") for problem in problems)
    return settings, [str(problem) for problem in problems]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == (Settings(), ())


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (b'region = "GB"', "region", "GB"),
        (b'region = "uk"  # home', "region", "GB"),
        (b'region = "USA"', "region", "US"),
        (b'Region = "GB"', "region", "GB"),
        (b'emergency_number = "999"', "emergency_number", "999"),
        (b'emergency-number = "9-1-1"', "emergency_number", "911"),
        (b"pace = 2", "pace", 2.0),
        (b"remember = false", "remember", False),
        (b"interruptible = true", "interruptible", True),
        (b"interruptible = false", "interruptible", False),
        (b'interruptible = "auto"', "interruptible", "auto"),
        (b'detail = "full"', "detail", "full"),
        (b'engine = "silent"\r', "engine", "silent"),
        (b'voice = "gmw/en-us"', "voice", "gmw/en-us"),
        (f'model = "{resources.MODEL}"'.encode(), "model", str(resources.MODEL)),
        (
            b'on_verdict = ["tell", "{{{place}}}", " a b"]',
            "on_verdict",
            ("tell", "{{{place}}}", " a b"),
        ),
        (b"on_verdict = []", "on_verdict", ()),
        (b"", "pace", 1.0),
        (b"# pace = 2", "pace", 1.0),
    ],
)
def test_what_is_right_is_taken_without_a_word(tmp_path: Path, line: bytes, field: str, value: object) -> None:
    settings, told = read(tmp_path, line)
    assert (getattr(settings, field), told) == (value, [])


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (b"emergency_number = 999", "emergency_number", "999"),
        (b"emergency_number = 000", "emergency_number", "000"),
        (b"region = GB", "region", "GB"),
        ("region = “UK”".encode(), "region", "GB"),
        (b'region = "GB', "region", "GB"),
        (b"engine = silent", "engine", "silent"),
        (b"pace = .9", "pace", 0.9),
        (b"remember = False", "remember", False),
        (b"screen_reader = yes", "screen_reader", True),
    ],
)
def test_what_lacks_its_quotes_is_taken_as_meant_and_named(
    tmp_path: Path, line: bytes, field: str, value: object
) -> None:
    settings, told = read(tmp_path, line)
    assert getattr(settings, field) == value
    assert len(told) == 1
    assert field in told[0]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (b'region = "ZZ"', "region", UNKNOWN_REGION),
        (b"region = [1]", "region", UNKNOWN_REGION),
        (b'emergency_number = "my neighbour"', "emergency_number", ""),
        (b"emergency_number = 112.5", "emergency_number", ""),
        (b"pace = nan", "pace", 1.0),
        (b"pace = inf", "pace", 1.0),
        (b"pace = 150", "pace", 1.0),
        (b"pace = -1", "pace", 1.0),
        (b"pace = fast", "pace", 1.0),
        (b"pace = 1,2", "pace", 1.0),
        (b"pace = true", "pace", 1.0),
        (b"pace = " + b"9" * 5000, "pace", 1.0),
        (b"pace = " + b"[" * 5000, "pace", 1.0),
        (b"pace == 1", "pace", 1.0),
        (b"volume_ = 1", "volume", 0.5),
        (b'engine = "espeak"', "engine", "pyttsx3"),
        (b'engine = ""', "engine", "pyttsx3"),
        (b'detail = "chatty"', "detail", "normal"),
        (b'model = "/nowhere/at/all"', "model", ""),
        (b'model = "~nobody-here/model"', "model", ""),
        (b"remember = perhaps", "remember", False),
        (b'on_verdict = "mail"', "on_verdict", ()),
        (b'on_verdict = ["mail", 1]', "on_verdict", ()),
        (b'on_verdict = [""]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{name}"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{level"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{}"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{level.__class__}"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{level:>999999999}"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "{level!r}"]', "on_verdict", ()),
        (b'on_verdict = ["mail", "\\u0000"]', "on_verdict", ()),
        (b"[speech]", "pace", 1.0),
        (b"region: GB", "region", ""),
        (b"\xff\xfe", "region", ""),
    ],
)
def test_what_makes_no_sense_is_named_and_what_is_safe_is_taken(
    tmp_path: Path, line: bytes, field: str, value: object
) -> None:
    settings, told = read(tmp_path, line)
    assert getattr(settings, field) == value
    assert len(told) == 1


def test_a_byte_order_mark_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('region = "GB"\n', encoding="utf-8-sig")
    assert load_settings(tmp_path / "settings.toml") == (Settings(region="GB"), ())


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    settings, (problem,) = load_settings(tmp_path)
    assert settings == Settings()
    assert str(tmp_path) in str(problem)


@settings(deadline=None)  # a busy machine reads no file in time
@given(content=st.binary(max_size=200))
def test_whatever_stands_in_the_file_there_are_settings(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    found, _ = load_settings(file)
    assert 0.6 <= found.pace <= 2.0
