"""Where a channel listens, as people write it."""

import pytest

from skill.channels.address import Address, address
from skill.commands.serve import serve
from skill.errors import UsageError


@pytest.mark.parametrize(
    ("text", "read", "reaches_others"),
    [
        ("127.0.0.1:10600", Address("127.0.0.1", 10_600), False),
        ("localhost:0", Address("localhost", 0), False),
        ("[::1]:65535", Address("::1", 65_535), False),
        ("0.0.0.0:10600", Address("0.0.0.0", 10_600), True),
        ("192.168.1.7:10600", Address("192.168.1.7", 10_600), True),
        ("hall.local:10600", Address("hall.local", 10_600), True),
    ],
)
def test_a_place_is_read_and_written_alike(text: str, read: Address, reaches_others: bool) -> None:
    assert (address(text), address(text).reaches_others, str(read)) == (read, reaches_others, text)


@pytest.mark.parametrize("text", ["", "here", "127.0.0.1", "127.0.0.1:port", "127.0.0.1:70000", ":10600", "here:-1"])
def test_what_is_no_place_is_told_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"such as 127\.0\.0\.1:10600"):
        address(text)


def test_a_place_of_another_machine_is_told_with_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"203\.0\.113\.7:1 .*--listen"):
        serve("203.0.113.7:1", zeroconf=False)


def test_what_nobody_else_reaches_is_not_announced() -> None:
    with pytest.raises(UsageError, match=r"0\.0\.0\.0"):
        serve("127.0.0.1:10600", zeroconf=True)
