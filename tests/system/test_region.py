"""Which country somebody means, and which the system's locale names."""

import pytest

from skill.system.region import LocaleRegion, locale_region, territory


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("GB", "GB"),
        ("gb", "GB"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("England", "GB"),
        ("united  kingdom", "GB"),
        ("USA", "US"),
        ("U.S.", "US"),
        ("Ireland", "IE"),
        ("AUS", "AU"),
        ("New Zealand", "NZ"),
        ("FR", "FR"),
    ],
)
def test_what_everybody_means_is_understood(name: str, code: str) -> None:
    assert territory(name) == code


@pytest.mark.parametrize("name", ["", "ZZ", "EN", "C", "EU", "Englnd", "112", "826"])
def test_what_is_no_country_is_none(name: str) -> None:
    assert territory(name) is None


@pytest.mark.parametrize(
    "name", ["", "C", "POSIX", "C.UTF-8", "C.utf8", "en", "english", "en.UTF-8", "en_EN", "es_419"]
)
def test_a_locale_without_a_country_is_no_country(name: str) -> None:
    assert locale_region({"LANG": name, "LC_ALL": name}) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("en_GB.UTF-8", "GB"),
        ("en_US", "US"),
        ("en_AU.ISO8859-1", "AU"),
        ("de_DE@euro", "DE"),
        ("ca_ES.UTF-8@valencia", "ES"),
    ],
)
def test_a_locale_with_a_country_is_that_country(name: str, code: str) -> None:
    assert locale_region({"LANG": name}) == LocaleRegion(code, f"LANG={name}")


def test_whose_telephone_numbers_are_written_says_more_than_the_language() -> None:
    both = {"LANG": "en_US.UTF-8", "LC_TELEPHONE": "en_IE.UTF-8"}
    assert locale_region(both) == LocaleRegion("IE", "LC_TELEPHONE=en_IE.UTF-8")


def test_a_variable_that_names_no_country_leaves_it_to_the_next() -> None:
    assert locale_region({"LC_ALL": "C.UTF-8", "LANG": "en_NZ.UTF-8"}) == LocaleRegion("NZ", "LANG=en_NZ.UTF-8")
