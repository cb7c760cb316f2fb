"""Which number is said, and why."""

import pytest

from skill.dialogue.emergency_number import contacts, emergency_number
from skill.dialogue.prompts import load_prompts
from skill.settings import UNKNOWN_REGION, Settings

US = {"LANG": "en_US.UTF-8"}


@pytest.mark.parametrize(
    ("settings", "environment", "digits", "because"),
    [
        (Settings(), {"LANG": "C.UTF-8"}, "112", "no locale here names a country"),
        (Settings(), {}, "112", "no locale here names a country"),
        (Settings(), US, "911", "LANG=en_US.UTF-8"),
        (Settings(), {"LANG": "en_AU.UTF-8"}, "000", "LANG=en_AU.UTF-8"),
        (Settings(region="GB"), US, "999", "region GB"),
        (Settings(region="FR"), US, "112", "no number of FR is listed"),
        (Settings(region=UNKNOWN_REGION), US, "112", "is no country"),
        (Settings(region="GB", emergency_number="15"), US, "15", "emergency_number in"),
    ],
)
def test_the_settings_win_over_the_locale(
    settings: Settings, environment: dict[str, str], digits: str, because: str
) -> None:
    number = emergency_number(settings, load_prompts(), environment)
    assert number.digits == digits
    assert because in number.reason


def test_a_voice_reads_the_digits_apart() -> None:
    assert emergency_number(Settings(region="US"), load_prompts(), {}).spoken == "9 1 1"


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (Settings(region="GB"), "NHS 1 1 1"),
        (Settings(region="AU"), "Healthdirect, 1 8 0 0, 0 2 2, 2 2 2"),
        (Settings(region="NZ"), "Healthline, 0 8 0 0, 6 1 1, 1 1 6"),
        (Settings(region="CA", emergency_number="15"), "the health line, 8 1 1"),
        (Settings(region="FR"), "the medical advice line"),
        (Settings(region=UNKNOWN_REGION), "the medical advice line"),
        (Settings(), "the medical advice line"),
    ],
)
def test_the_line_for_advice_is_that_of_the_country(settings: Settings, line: str) -> None:
    assert contacts(settings, load_prompts(), {"LANG": "C.UTF-8"}).line == line
