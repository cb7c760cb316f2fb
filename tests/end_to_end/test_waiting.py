"""`charley wait` as a service with a microphone and a loudspeaker: woken by voice, a conversation, asleep again."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_voice_session import PAUSE, Loudspeaker, render
from tests.support.processes import children
from tests.support.terminal_session import TerminalSession
from tests.support.virtual_sound import VirtualSound, available, virtual_sound

pytestmark = pytest.mark.skipif(not available(), reason="needs pulseaudio and pulseaudio-utils")


#: How often somebody calls a recogniser that has aborted and comes back, and seconds from one call to the next.
CALLS, BETWEEN_CALLS = 6, 5.0


def call(say: Callable[[], None], awake: threading.Event) -> None:
    """Say it again and again, until somebody is awake."""
    for _ in range(CALLS):
        if awake.wait(BETWEEN_CALLS):
            return
        say()


@pytest.mark.timeout(120)
def test_hey_charley_wakes_it_though_the_recogniser_broke_and_sigterm_ends_the_wait(
    tmp_path: Path,
) -> None:
    hey, stop = render("hey Charley", tmp_path / "hey.wav"), render("stop", tmp_path / "stop.wav")
    recording = tmp_path / "loudspeaker.wav"
    command = [sys.executable, "-m", "skill", "wait", "--events"]
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
        virtual_sound() as sound,
        sound.record(recording),
        subprocess.Popen(
            command, env=_service(sound, systemd), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as charley,
    ):
        loudspeaker, events = Loudspeaker(recording), _events(charley)
        messages: list[str] = []
        listener = threading.Thread(target=_receive, args=(systemd, messages), daemon=True)
        listener.start()  # a full queue would hold Charley up
        assert next(events) == {"event": "sleep"}
        time.sleep(1)
        (recogniser,) = children("skill.listening.worker", charley.pid)
        os.kill(recogniser, signal.SIGABRT)
        sound.say(hey)
        awake = threading.Event()
        caller = threading.Thread(target=call, args=(lambda: sound.say(hey), awake))
        caller.start()
        assert next(events)["event"] == "wake"
        awake.set()
        caller.join()
        assert next(events)["prompt"] == "dialogue.awake"
        while next(events).get("prompt") != "questions.emergency.ask":
            pass
        time.sleep(2 * PAUSE)
        while not loudspeaker.is_quiet():
            time.sleep(0.05)
        sound.say(stop)
        heard = list(_until_sleep(events))
        assert heard[-1] == {"event": "end", "reason": "stopped"}
        charley.send_signal(signal.SIGTERM)
        _, errors = charley.communicate(timeout=10)
        listener.join(10)
    complaint, farewell = errors.splitlines()
    assert "The recogniser has failed" in complaint
    assert (charley.returncode, farewell) == (130, "Interrupted.")
    assert (messages[0], messages[1], messages[-1]) == ("READY=1", "WATCHDOG=1", "STOPPING=1")


def _service(sound: VirtualSound, systemd: socket.socket) -> dict[str, str]:
    """The environment in which systemd starts a service with a watchdog of two seconds."""
    address = f"{sound.env['XDG_RUNTIME_DIR']}/notify"
    systemd.bind(address)
    return {**sound.env, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2000000"}


def _receive(systemd: socket.socket, messages: list[str]) -> None:
    """Take in everything until the service is about to leave."""
    while not messages or messages[-1] != "STOPPING=1":
        messages.append(systemd.recv(100).decode())


def _events(charley: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    assert charley.stdout is not None
    return map(json.loads, charley.stdout)


def _until_sleep(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        if event["event"] == "sleep":
            return
        yield event


@pytest.mark.timeout(60)
def test_at_a_terminal_a_typed_line_wakes_it_and_answers_it() -> None:
    with virtual_sound() as sound, TerminalSession(sound.env, "wait", "--events") as charley:
        events = charley.events()
        assert next(events) == {"event": "sleep"}
        charley.type("my left calf")
        assert next(events) == {"event": "wake", "confidence": None}
        replies, asked = {"questions.emergency.ask": "no", "questions.happening.ask": "stop"}, []
        for event in _until_sleep(events):
            if event.get("prompt") in replies:
                charley.type(replies[event["prompt"]])
            elif event["event"] == "ask" and event["question"] not in asked:
                asked.append(event["question"])
        charley.process.send_signal(signal.SIGTERM)
        status, complaint = charley.end()
    assert asked == ["emergency", "happening"], "the place was typed already"
    assert (status, complaint) == (128 + signal.SIGINT, "Interrupted.\n")
