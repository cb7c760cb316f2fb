import pytest

from skill.language.numerals import digits, spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, ("zero",)),
        (13, ("thirteen",)),
        (40, ("forty",)),
        (99, ("ninety nine",)),
        (100, ("a hundred", "one hundred")),
        (
            105,
            ("a hundred and five", "a hundred five", "one hundred and five", "one hundred five"),
        ),
        (999, ("nine hundred and ninety nine", "nine hundred ninety nine")),
    ],
)
def test_a_number_is_said_the_british_and_the_american_way(number: int, said: tuple[str, ...]) -> None:
    assert spoken(number) == said


def test_every_number_is_said_differently() -> None:
    ways = [way for number in range(1000) for way in spoken(number)]
    assert len(ways) == len(set(ways))


def test_numbers_beyond_the_hundreds_are_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        spoken(1000)


def test_a_telephone_number_is_said_digit_by_digit() -> None:
    assert digits("911") == "nine one one"
