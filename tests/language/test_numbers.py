import pytest

from skill.language.numbers import read_number, split_words


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("zero", 0),
        ("seven", 7),
        ("7", 7),
        ("11.5", 11.5),
        ("11,5", 11.5),
        (".5", 0.5),
        ("1,200", 1200),
        ("12,345,678", 12345678),
        ("twenty five", 25),
        ("twenty-five", 25),
        ("five and twenty", 25),
        ("a hundred", 100),
        ("one hundred", 100),
        ("a hundred and five", 105),
        ("one hundred five", 105),
        ("nine hundred ninety nine", 999),
        ("twelve hundred", 1200),
        ("two thousand and twenty six", 2026),
        ("a million", 1_000_000),
        ("seven and a half", 7.5),
        ("7½", 7.5),
        ("7 1/2", 7.5),
        ("two and three quarters", 2.75),
        ("six point five", 6.5),
        ("nought point two five", 0.25),
        ("sevenish", 7),
        ("four's", 4),
    ],
)
def test_a_number_is_read_whole(said: str, value: float) -> None:
    words = split_words(said)
    number = read_number(words, 0)
    assert number is not None
    assert (number.value, number.end) == (value, len(words))


@pytest.mark.parametrize("said", ["a", "and", "hello", "1" * 10, "point five", "£5", "-5", "", "10:30", "3/4/24"])
def test_what_is_no_number_is_not_read(said: str) -> None:
    assert read_number(split_words(said), 0) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("7-8", "7 to 8"),
        ("5 – 10 min", "5 to 10 min"),
        ("2x!", "2 x"),
        ("90s", "90 s"),
        ("1h30", "1 h 30"),
        ("7/10", "7 out of 10"),
        ("It’s 10:30 p.m.", "it's 10:30 pm"),
        ("10+ minutes", "10 or more minutes"),
        ("SEVEN,  no—eight", "seven no eight"),
    ],
)
def test_typed_signs_become_words(said: str, words: str) -> None:
    assert " ".join(split_words(said)) == words
