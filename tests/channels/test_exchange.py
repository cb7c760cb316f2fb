"""The server of telephone calls, with conversations that are only sound: whatever an exchange sends, nothing dies."""

import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from skill.channels.audiosocket import RATE, Frame, Kind
from skill.channels.line import Line
from skill.speaking.voice import Clip
from tests.support.telephone import HOST, IDENTITY, Caller, Server, serving

BEEP = Clip(np.full(RATE // 5, 8_000, np.int16), RATE)


class Echo:
    """Holds conversations that send back what they hear, until the caller hangs up."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.over = threading.Semaphore(0)

    def __call__(self, line: Line) -> None:
        self.lines.append(line)
        while (samples := line.read(0.04)) is not None:
            if samples.any():
                line.play([Clip(samples, RATE)])
            if "9" in line.pressed:
                break
        self.over.release()


@pytest.fixture(name="echo")
def _echo() -> Echo:
    return Echo()


@pytest.fixture(name="server")
def _server(echo: Echo) -> Iterator[Server]:
    with serving(echo, calls=2, busy=lambda: (BEEP,)) as server:
        yield server


def is_served(server: Server) -> bool:
    """Whether somebody who calls now is heard and answered."""
    with Caller(server.port) as caller:
        caller.say(np.full(RATE // 5, 5_000, np.int16))
        return caller.wait_for(lambda: len(caller.loud) > 0, 5)


def connected(server: Server, *frames: bytes) -> socket.socket:
    line = socket.create_connection((HOST, server.port), 5)
    for frame in frames:
        line.sendall(frame)
    return line


def is_closed(line: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection within `seconds`."""
    line.settimeout(seconds)
    try:
        while line.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_a_caller_is_heard_and_hears_in_the_time_of_the_call(server: Server, echo: Echo) -> None:
    with Caller(server.port) as caller:
        began = time.monotonic()
        caller.say(np.full(RATE // 2, 5_000, np.int16))
        assert caller.wait_for(lambda: len(caller.loud) > 5)
        time.sleep(max(0.0, began + 2 - time.monotonic()))
        assert len(caller.heard) / 2 / RATE == pytest.approx(2, abs=0.3)
    assert echo.over.acquire(timeout=5)
    assert echo.lines[0].identity == IDENTITY


def test_who_is_done_hangs_up_with_a_frame(server: Server) -> None:
    with Caller(server.port) as caller:
        caller.press("9")
        assert caller.ended.wait(5)
        assert caller.kinds == [Kind.HANGUP]


def _answered_more_than(echo: Echo, calls: int) -> bool:
    return len(echo.lines) > calls


@pytest.mark.parametrize("leave", [Caller.hang_up, Caller.drop])
def test_a_caller_who_has_gone_frees_the_line(server: Server, echo: Echo, leave: object) -> None:
    assert callable(leave)
    for number in range(3):
        caller = Caller(server.port)
        assert caller.wait_for(partial(_answered_more_than, echo, number))
        leave(caller)
        assert echo.over.acquire(timeout=5)
    assert is_served(server)


def test_one_caller_too_many_hears_one_sentence_and_is_ended(server: Server, echo: Echo) -> None:
    with Caller(server.port) as first, Caller(server.port) as second:
        assert first.wait_for(lambda: len(echo.lines) == 2)
        with Caller(server.port) as third:
            assert third.ended.wait(5)
            assert np.abs(third.sound()).max() == pytest.approx(8_000, abs=500)
            assert third.kinds == [Kind.HANGUP]
        assert not first.ended.is_set()
        assert not second.ended.is_set()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: charley\r\n\r\n" * 2_000,
        Frame(Kind.IDENTITY, b"short").encode(),
        Frame(Kind.SOUND, bytes(320)).encode(),
        b"\x01",
        bytes(3),
        b"\xff" * 70_000,
    ],
)
def test_what_is_no_call_is_closed(server: Server, echo: Echo, garbage: bytes) -> None:
    line = connected(server)
    try:
        line.sendall(garbage)
        line.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # closed already
    assert is_closed(line, 5)
    line.close()
    assert echo.lines == []
    assert is_served(server)


def test_frames_of_no_use_are_passed_over_in_a_call(server: Server) -> None:
    with Caller(server.port) as caller:
        for kind, payload in (
            (0x02, b"123456"),
            (0x12, bytes(640)),
            (0x7F, bytes(65_535)),
            (Kind.SOUND, b"\x00"),
            (3, b""),
        ):
            caller.send(kind, payload)
        caller.send(Kind.KEY, b"\xff\xff")
        caller.say(np.full(RATE // 5, 5_000, np.int16))
        assert caller.wait_for(lambda: len(caller.loud) > 0, 5)


def test_a_frame_that_never_ends_ends_with_its_connection(server: Server, echo: Echo) -> None:
    line = connected(server, Frame(Kind.IDENTITY, IDENTITY).encode(), b"\x10\xff\xff" + bytes(100))
    time.sleep(0.2)
    line.close()
    assert echo.over.acquire(timeout=5)
    assert is_served(server)


def test_more_sound_than_there_is_time_for_is_nobodys_voice(server: Server, echo: Echo) -> None:
    flood = Frame(Kind.SOUND, bytes(64_000)).encode() * 50  # 200 s of it
    line = connected(server, Frame(Kind.IDENTITY, IDENTITY).encode(), flood)
    assert is_served(server)
    line.close()
    assert echo.over.acquire(timeout=5)


def test_an_exchange_that_does_not_read_is_hung_up_on_and_keeps_nobody_waiting(server: Server, echo: Echo) -> None:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    line.connect((HOST, server.port))
    line.sendall(Frame(Kind.IDENTITY, IDENTITY).encode())
    assert is_served(server)
    assert echo.over.acquire(timeout=5)  # of the one who was served
    assert echo.over.acquire(timeout=20)
    line.close()


def test_half_open_connections_are_closed_after_a_while(server: Server) -> None:
    waiting = [connected(server) for _ in range(20)]
    assert is_served(server)
    for line in waiting:
        assert is_closed(line, 5)
        line.close()


def test_a_thousand_connections_a_second_keep_no_caller_out(server: Server) -> None:
    began, lines = time.monotonic(), []
    for _ in range(1_000):
        lines.append(connected(server))
        if len(lines) > 300:
            lines.pop(0).close()
    rate = 1_000 / (time.monotonic() - began)
    assert is_served(server)
    for line in lines:
        line.close()
    assert rate > 200  # as many as this machine can make
