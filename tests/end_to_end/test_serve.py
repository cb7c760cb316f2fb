"""`charley serve` and the Wyoming protocol's own client: whole interviews, hang-ups, and whatever else comes in."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong

from skill.app import text_sessions
from skill.dialogue.prompts import load_prompts
from skill.settings import Settings
from tests.end_to_end.conftest import Charley, assert_one_sentence, without_sound
from tests.support.wyoming_caller import Caller

TEXTS = load_prompts().texts
EMERGENCY = TEXTS["questions.emergency.ask"]
OPENING = "I have a cramp in my calf"
#: Seconds that a start may take on a busy machine.
START = 60.0


@pytest.fixture(scope="module", name="home")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", name="port")
def _port(home: Path) -> Iterator[int]:
    """Where a `charley serve` answers that is still there, and has complained of nothing, when all tests are over."""
    command = [sys.executable, "-m", "skill", "serve", "--listen", "127.0.0.1:0"]
    places = {**without_sound(home), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    with subprocess.Popen(command, env=places, stderr=subprocess.PIPE, text=True) as charley:
        assert charley.stderr is not None
        said = charley.stderr.readline()
        yield int(said.partition("127.0.0.1:")[2].partition(";")[0])
        assert charley.poll() is None
        charley.send_signal(signal.SIGINT)
        _, errors = charley.communicate(timeout=START)
    assert (charley.returncode, errors) == (130, "Interrupted.\n")


def answers(port: int) -> bool:
    """Whether somebody who calls now is asked the first question."""

    async def call() -> str:
        async with Caller(port) as caller:
            return await caller.say("")

    return asyncio.run(call()).endswith(EMERGENCY)


def test_it_says_what_it_offers(port: int) -> None:
    async def describe() -> tuple[Info, Pong]:
        async with Caller(port) as caller:
            await caller.send(Describe().event())
            info = await caller.receive()
            await caller.send(Ping("still there").event())
            pong = await caller.receive()
        assert info is not None
        assert pong is not None
        return Info.from_event(info), Pong.from_event(pong)

    info, pong = asyncio.run(describe())
    (program,) = info.handle
    assert (program.name, program.supports_handled_streaming, program.models[0].languages) == ("charley", True, ["en"])
    assert pong.text == "still there"


def reply_to(asked: str) -> str:
    """What somebody answers who has a plain cramp."""
    if asked.endswith("better, or worse?"):
        return "done"
    return "it is cramping" if asked.startswith("Is it cramping right now") else "no"


async def by_wire(port: int) -> list[str]:
    """All that Charley says to a calf cramp, from the first word to the last."""
    async with Caller(port) as caller:
        said = [await caller.say(OPENING)]
        while caller.context and caller.context["continue_conversation"]:
            said.append(await caller.say(reply_to(said[-1])))
            assert "".join(caller.chunks).strip() == said[-1]
    return said


def in_person() -> list[str]:
    session = text_sessions(Settings())(OPENING)
    said = [session.begin().text]
    while session.ended is None:
        said.append(session.answer(reply_to(said[-1])).text)
    return said


def test_whole_interviews_at_once_lose_no_answer(port: int) -> None:
    async def at_once() -> list[list[str]]:
        return await asyncio.gather(*(by_wire(port) for _ in range(3)))

    assert asyncio.run(at_once()) == [in_person()] * 3


def test_the_advice_stands_in_the_context(port: int) -> None:
    async def emergency() -> Caller:
        async with Caller(port) as caller:
            await caller.say("my left calf is cramping")
            await caller.say("yes")
            return caller

    caller = asyncio.run(emergency())
    (advice,) = caller.advice
    assert (advice["level"], advice["place"]) == ("emergency", "calf")
    assert advice["reasons"][0]["text"] == TEXTS[f"reasons.{advice['reasons'][0]['rule']}"]
    assert advice["reasons"][0]["sources"]


def test_who_hangs_up_goes_on_where_they_were(port: int) -> None:
    async def cut_off() -> tuple[str, str]:
        async with Caller(port) as first:
            await first.say("my calf is cramping")
        async with Caller(port, first.context) as second:
            await second.send(Transcript("no", context=first.context).event())  # and hangs up before the reply
        async with Caller(port, first.context) as third:
            missed = await third.say("no")
            return missed, await third.say("it is over")

    missed, on = asyncio.run(cut_off())
    assert missed.startswith("Is it cramping right now")
    assert on != missed


def test_a_strange_context_counts_as_none(port: int) -> None:
    async def strange() -> list[str]:
        said = []
        for context in ("text", [1], {"conversation_id": 7}, {"conversation_id": "x" * 10_000}, {"turn": "one"}, {}):
            async with Caller(port) as caller:
                await caller.send(Event("transcript", {"text": "hello", "context": context}))
                said.append((await caller.handled()).text or "")
        return said

    assert all(text.endswith(EMERGENCY) for text in asyncio.run(strange()))


def test_a_line_that_nobody_can_have_said_keeps_nobody_waiting(port: int) -> None:
    async def endless() -> tuple[str, str | None]:
        async with Caller(port) as caller:
            await caller.say("")
            asked_back = await caller.say("my leg hurts and " * 3_000 + "I can't breathe")
            await caller.say("yes")
            return asked_back, caller.level

    asked_back, level = asyncio.run(endless())
    assert asked_back.endswith("Is that right?")
    assert level == "emergency"


def test_a_transcript_without_text_is_told_so_and_the_line_stays(port: int) -> None:
    async def mute() -> tuple[Event | None, str]:
        async with Caller(port) as caller:
            await caller.send(Event("transcript", {"text": 5}))
            error = await caller.receive()
            await caller.send(Event("no-such-thing", {}))
            return error, await caller.say("")

    error, said = asyncio.run(mute())
    assert error is not None
    assert Error.is_type(error.type)
    assert said.endswith(EMERGENCY)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        bytes(range(256)) * 300,
        b"[]\n",
        b"5\n",
        b"null\n",
        b"{}\n",
        b"[" * 60_000 + b"\n",
        b'{"type":"transcript","data":[1]}\n',
        b'{"type":"transcript","data_length":-1}\n',
        b'{"type":"transcript","data_length":"9"}\n',
        b'{"type":"transcript","data_length":2}\n[]',
        b'{"type":"transcript","data_length":9}\n',
        b'{"type":"transcript","payload_length":1000000000000}\n' + bytes(300_000),
        b'{"type":{},"data":{"text":"no"}}\n',
        b'{"type":"transcript","data":{"text":"\\ud800"}}\n',
        b'{"type":"transcript","data":null}\n',
    ],
    ids=lambda garbage: repr(garbage[:24]),
)
def test_garbage_ends_its_own_line_alone(port: int, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        try:
            line.sendall(garbage)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass
        except ConnectionError:  # it was hung up on before everything was sent
            pass


def test_a_thousand_connections_a_second_keep_nobody_from_being_answered(port: int) -> None:
    with ExitStack() as open_lines:
        for number in range(1_000):
            line = socket.create_connection(("127.0.0.1", port), timeout=20)
            open_lines.enter_context(line) if number % 2 else line.close()
        assert answers(port)


def test_a_port_in_use_is_told_in_one_sentence(charley: Charley, port: int) -> None:
    assert "--listen" in assert_one_sentence(charley("serve", "--listen", f"127.0.0.1:{port}"), 2)


def test_nothing_of_the_callers_is_kept(port: int, home: Path) -> None:
    assert answers(port)
    kept = {file for file in home.rglob("*") if file.is_file()}
    assert {file.parent for file in kept} <= {home / "cache" / "charley" / "compiled"}, os.fspath(home)
