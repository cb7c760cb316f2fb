"""`charley phone` as a command: where it cannot listen, how it says that it does, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from skill.channels.phone import address
from tests.end_to_end.conftest import Charley, assert_one_sentence, without_sound
from tests.support.telephone import HOST, Caller


def test_hosts_and_ports_are_read() -> None:
    assert address("127.0.0.1:9092") == ("127.0.0.1", 9092)
    assert address(":9092") == ("127.0.0.1", 9092)
    assert address("[::1]:9092") == ("::1", 9092)


@pytest.mark.parametrize("wrong", [("--listen", "9092"), ("--listen", "here:99999"), ("--calls", "0")])
def test_what_makes_no_sense_is_one_sentence(charley: Charley, wrong: tuple[str, str]) -> None:
    assert_one_sentence(charley("phone", *wrong), 2)


def test_a_port_that_is_in_use_is_one_sentence(charley: Charley) -> None:
    with socket.create_server((HOST, 0)) as taken:
        sentence = assert_one_sentence(charley("phone", "--listen", f"{HOST}:{taken.getsockname()[1]}"), 2)
    assert "in use by another program" in sentence


def test_it_says_where_it_answers_and_a_signal_ends_it_and_its_calls(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "skill", "phone", "--listen", f"{HOST}:{port}", "--calls", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=without_sound(tmp_path)) as program:
        assert program.stderr is not None
        assert f"{HOST}:{port}, 2 at a time" in program.stderr.readline()
        with Caller(port) as caller:
            assert caller.wait_for(lambda: len(caller.loud) > 20)
            os.kill(program.pid, signal.SIGTERM)
            assert caller.ended.wait(10)
        assert program.wait(10) == 130
        assert program.stderr.read().strip() == "Interrupted."
    assert not (tmp_path / "data").exists()
