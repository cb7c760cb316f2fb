"""How whole numbers are said in English, British and American."""

from typing import Final

_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spoken(number: int) -> tuple[str, ...]:
    """The ways to say `number` (0..999), the commonest first: 105 is "a hundred and five", "one hundred five", …"""
    if not 0 <= number <= 999:
        raise ValueError(f"{number} is not within 0..999")
    hundreds, rest = divmod(number, 100)
    if hundreds == 0:
        return (_below_hundred(rest),)
    heads = ("a hundred", "one hundred") if hundreds == 1 else (f"{_ONES[hundreds]} hundred",)
    if rest == 0:
        return heads
    tail = _below_hundred(rest)
    return tuple(f"{head} {joint}{tail}" for head in heads for joint in ("and ", ""))


def digits(number: str) -> str:
    """A row of digits said one by one: "911" is "nine one one"."""
    return " ".join(_ONES[int(digit)] for digit in number)


def dialled(number: str) -> tuple[str, ...]:
    """The ways to say a telephone number, the commonest first: "999" is "nine nine nine" and "triple nine" too."""
    ways = [digits(number)]
    if len(number) == 3 and len(set(number)) == 1:
        ways += [f"{thrice} {_ONES[int(number[0])]}" for thrice in ("triple", "treble")]
    return tuple(ways)


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] if ones == 0 else f"{_TENS[tens]} {_ONES[ones]}"
