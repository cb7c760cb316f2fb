import pytest

from skill.language.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Yes!! ", "yes"),
        ("I can\u2019t feel my legs.", "i can't feel my legs"),
        ("no, not really…", "no not really"),
        ("'yes'", "yes"),
        ("uh-huh", "uh huh"),
        ("twenty-one", "twenty one"),
        ("10", "ten"),
        ("7/10", "seven out of ten"),
        ("5mins", "five mins"),
        ("1/2 hour", "half hour"),
        ("\u00bd hour", "half hour"),
        ("1\u00bd hours", "one and a half hours"),
        ("2 1/2 hours", "two and a half hours"),
        ("1.5 hours", "one and a half hours"),
        ("2-3 days", "two to three days"),
        ("105", "a hundred and five"),
        ("1998", "one nine nine eight"),
        ("[unk] yes", "[unk] yes"),
        ("", ""),
        ("?!…", ""),
    ],
)
def test_typed_text_becomes_plain_words(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


def test_spellings_come_before_numbers_are_said_in_words() -> None:
    assert normalise("Call 911 in 5 min", {"911": "nine one one", "min": "minutes"}) == (
        "call nine one one in five minutes"
    )


def test_plain_words_stay_as_they_are() -> None:
    assert normalise(normalise("I can\u2019t, 105!")) == normalise("I can\u2019t, 105!")
