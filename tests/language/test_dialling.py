"""Telephone numbers in what is typed, and numbers that nobody dials."""

import pytest

from skill.language.dialling import Telephones

TELEPHONES = Telephones(frozenset({"999", "112", "15"}), frozenset({"seconds", "times"}))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("999", "nine nine nine"),
        ("call 9-9-9 now", "call nine nine nine now"),
        ("1 1 2", "one one two"),
        ("1.1.2!", "one one two !"),
        ("please 112, quick", "please one one two , quick"),
        ("15", "one five"),
    ],
)
def test_a_number_to_dial_is_said_digit_by_digit(typed: str, said: str) -> None:
    assert TELEPHONES.said(typed).split() == said.split()


@pytest.mark.parametrize(
    "typed",
    ["1999", "9990", "112 seconds", "112 times", "$999", "99.9", "999.5", "9:112", "1-112", "115", "9 99", "999%"],
)
def test_part_of_another_number_or_an_amount_is_left_alone(typed: str) -> None:
    assert TELEPHONES.said(typed) == typed
