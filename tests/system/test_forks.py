"""Forks of one process that has loaded the model: each by itself, all gone with Charley."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from skill.errors import HearingError
from skill.listening.child_model import ChildModel
from skill.system import resources
from skill.system.forks import Fork, ForkServer
from tests.support.processes import children, descendants, ended

WORKER = "skill.listening.worker"
PATIENCE = 60.0


@pytest.fixture(name="server")
def _server() -> Iterator[ForkServer]:
    server = ForkServer(WORKER, str(resources.MODEL), "--fork")
    assert server.loaded(PATIENCE) == b"{}\n"
    yield server
    server.close()


def model(server: ForkServer) -> ChildModel:
    return ChildModel(resources.MODEL, lambda _: Fork(server))


def forks() -> list[int]:
    return [fork for process in children(WORKER) for fork in descendants(process)]


def wait_until_ended(processes: list[int]) -> bool:
    until = time.monotonic() + 5
    while not all(map(ended, processes)) and time.monotonic() < until:
        time.sleep(0.02)
    return all(map(ended, processes))


def test_each_fork_answers_by_itself_and_ends_when_it_is_left(server: ForkServer) -> None:
    models = [model(server) for _ in range(3)]
    assert [one.missing(["yes", "xyzzy"]) for one in models] == [{"xyzzy"}] * 3
    running = forks()
    assert len(running) == 3
    for one in models:
        one.close()
    assert wait_until_ended(running)


def test_a_fork_that_is_killed_costs_one_request_and_no_other_fork(server: ForkServer) -> None:
    first, second = model(server), model(server)
    os.kill(forks()[0], signal.SIGKILL)
    with pytest.raises(HearingError):
        first.missing(["yes"])
    assert first.missing(["xyzzy"]) == second.missing(["xyzzy"]) == {"xyzzy"}
    first.close()
    second.close()


def test_a_fork_that_hangs_ends_when_it_is_left(server: ForkServer) -> None:
    one = model(server)
    running = forks()
    os.kill(running[0], signal.SIGSTOP)
    one.close()
    os.kill(running[0], signal.SIGCONT)
    assert wait_until_ended(running)


def test_a_server_that_has_ended_is_started_again_while_its_forks_go_on(server: ForkServer) -> None:
    before = model(server)
    os.kill(children(WORKER)[0], signal.SIGKILL)
    time.sleep(0.1)
    after = model(server)
    assert before.missing(["xyzzy"]) == after.missing(["xyzzy"]) == {"xyzzy"}
    before.close()
    after.close()


def test_a_damaged_model_is_told_of() -> None:
    server = ForkServer(WORKER, "/nowhere", "--fork")
    assert b"error" in server.loaded(PATIENCE)
    server.close()
