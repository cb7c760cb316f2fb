"""Which number is said, and why."""

import pytest

from skill.dialogue.emergency_number import emergency_number
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
