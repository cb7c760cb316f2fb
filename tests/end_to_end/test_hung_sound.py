"""A sound system that hangs: what is said stays readable, answers can be typed, and every signal ends the program."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.dialogue.prompts import load_prompts
from tests.support.monitor import Monitor
from tests.support.processes import descendants, ended
from tests.support.sound_fixture import sound
from tests.support.terminal_session import TerminalSession
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]

SETTINGS = 'pace = 2.0\ndetail = "brief"\nemergency_number = "112"\n'
PROMPTS = load_prompts()
ADVICE = PROMPTS.utterance("levels.emergency.say", number="1 1 2").text
QUESTION = PROMPTS.utterance("questions.emergency.ask").text
DEAF = PROMPTS.utterance("dialogue.microphone_lost").text
STOPPED = "The loudspeaker has stopped: check its plug and the system's sound settings."
#: Seconds after which somebody who hears nothing must be able to read why.
SAID_WITHIN = 4.0
#: Seconds in which every signal ends the program.
ENDED_WITHIN = 5.0
#: Seconds that the program's processes take to start, on a busy machine.
START = 3.0


@pytest.fixture(name="env")
def _env(sound: VirtualSound, tmp_path: Path) -> Iterator[dict[str, str]]:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    yield {**sound.env, **{f"XDG_{kind.upper()}_HOME": str(tmp_path / kind) for kind in ("config", "data", "cache")}}
    sound.thaw()


def wait_for(captions: Iterator[str], text: str, since: float) -> float:
    """Seconds from `since` until a caption says `text`."""
    assert text in captions
    return time.monotonic() - since


def wait_for_processes(parent: int, count: int) -> list[int]:
    """At least so many that `parent` has started: microphone, loudspeaker, voice, recogniser."""
    while len(started := descendants(parent)) < count:
        time.sleep(0.05)
    return started


@pytest.mark.timeout(120)
def test_sound_that_hangs_in_mid_question_is_told_and_a_typed_yes_is_answered_and_sound_comes_back(
    sound: VirtualSound, env: dict[str, str]
) -> None:
    with Monitor(sound) as loudspeaker, TerminalSession(env, on_screen=True) as charley:
        captions = charley.lines()
        wait_for(captions, QUESTION, 0.0)
        time.sleep(1.0)
        sound.freeze()
        frozen = time.monotonic()
        assert wait_for(captions, STOPPED, frozen) < SAID_WITHIN
        wait_for(captions, DEAF, frozen)
        charley.type("yes")
        wait_for(captions, ADVICE, time.monotonic())
        thawed = time.monotonic()
        sound.thaw()
        wait_for(captions, PROMPTS.utterance("dialogue.once_more").text, thawed)
        charley.type("no")
        rest = list(captions)
        status, _ = charley.end()
        assert loudspeaker.first(since=thawed) is not None, "sound is taken up again"
    assert (status, rest) == (0, [PROMPTS.utterance("dialogue.goodbye").text])


@pytest.mark.timeout(60)
def test_sound_that_hangs_before_the_start_leaves_captions_and_keys(sound: VirtualSound, env: dict[str, str]) -> None:
    sound.freeze()
    with TerminalSession(env) as charley:
        wait_for_processes(charley.process.pid, 1)
        captions, began = charley.lines(), time.monotonic()
        assert wait_for(captions, PROMPTS.utterance("dialogue.welcome").text, began) < SAID_WITHIN + START
        charley.type("yes")
        wait_for(captions, ADVICE, began)
        charley.process.send_signal(signal.SIGINT)
        interrupted = time.monotonic()
        status, complaint = charley.end()
    assert time.monotonic() - interrupted < ENDED_WITHIN
    assert status == 130
    assert complaint.count("The sound system does not reply") == 1, complaint


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("command", "wish"), [("selftest", signal.SIGTERM), ("wait", signal.SIGINT)])
def test_a_signal_ends_a_command_whose_sound_hangs(
    sound: VirtualSound, env: dict[str, str], command: str, wish: signal.Signals
) -> None:
    sound.freeze()
    with subprocess.Popen(
        [sys.executable, "-m", "skill", command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as charley:
        wait_for_processes(charley.pid, 1)
        assert charley.stderr is not None
        told = charley.stderr.readline() if command == "wait" else ""
        charley.send_signal(wish)
        interrupted = time.monotonic()
        _, complaint = charley.communicate(timeout=20)
    assert time.monotonic() - interrupted < ENDED_WITHIN
    assert (charley.returncode, complaint) == (130, "Interrupted.\n")
    assert ("does not reply" in told) == (command == "wait")


@pytest.mark.timeout(60)
def test_without_a_keyboard_a_sound_system_that_hangs_is_no_usable_one(
    sound: VirtualSound, env: dict[str, str]
) -> None:
    sound.freeze()
    command = [sys.executable, "-m", "skill"]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "does not reply" in done.stderr


@pytest.mark.timeout(60)
def test_no_process_is_left_when_charley_is_killed_while_its_sound_hangs(
    sound: VirtualSound, env: dict[str, str]
) -> None:
    sound.freeze()
    with TerminalSession(env) as charley:
        started = wait_for_processes(charley.process.pid, 3)
        charley.process.kill()
        charley.end()
    until = time.monotonic() + ENDED_WITHIN
    while not all(map(ended, started)) and time.monotonic() < until:
        time.sleep(0.1)
    assert all(map(ended, started))
