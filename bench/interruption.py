"""From the end of a word that breaks in to silence: how soon Charley stops speaking.

The program itself speaks over a virtual loudspeaker, and hears synthetic people who break into its first question
through a virtual microphone, as with a headset. Both are recorded; the times include PulseAudio's own delays.

`python bench/interruption.py [--json FILE] [--voices N]`
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from measuring.spoken import home, recording
from rich.console import Console
from rich.table import Table

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from tests.support.monitor import Monitor
from tests.support.virtual_sound import VirtualSound, virtual_sound

USERS = ("gmw/en-us+m3", "gmw/en+f3", "gmw/en-gb-x-rp+f2", "gmw/en-us+f4")
WORDS = ("stop", "wait", "repeat", "help", "i can't breathe")
SETTINGS = 'interruptible = true\nremember = false\ndetail = "full"\n'
#: Seconds into the question, which takes more than ten.
INTO = 2.5
#: Seconds after which nobody waits any more for Charley to stop.
DEAF = 4.0
TARGET_MS = 200


@dataclass(frozen=True, slots=True)
class Break:
    """One word said into the question."""

    word: str
    heard: str
    """Empty: it was not heard."""
    silence: float
    """Seconds from the last sound of the word to the last sound of the question; below 0: it stopped before."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--voices", type=int, default=len(USERS), help="so many users")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, virtual_sound() as sound:
        place = Path(folder)
        env = {**sound.env, **home(place, SETTINGS)}
        breaks = []
        for user in USERS[: chosen.voices]:
            with closing(Pyttsx3Engine(user)) as engine:
                breaks += [_break_in(replace(sound, env=env), word, recording(engine, word, place)) for word in WORDS]
    figures = _report(breaks)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _break_in(sound: VirtualSound, word: str, recording: Path) -> Break:
    command = [sys.executable, "-m", "skill", "--events"]
    with (
        Monitor(sound) as loudspeaker,
        Monitor(sound, "user") as microphone,
        subprocess.Popen(command, env=sound.env, stdout=subprocess.PIPE, text=True) as charley,
    ):
        assert charley.stdout is not None
        events = (json.loads(line) for line in charley.stdout)
        question = next(event["text"] for event in events if event["event"] == "ask")
        for event in events:
            if event["event"] == "say" and event["text"] == question:
                break
        time.sleep(INTO)
        sound.say(recording)
        ended = microphone.last()
        event, replied = next(events), time.monotonic()
        charley.kill()
        last = max((moment for moment in loudspeaker.sounds(0) if moment < replied), default=ended)
    heard = event["text"] if event["event"] == "heard" and replied - ended < DEAF else ""
    return Break(word, heard, last - ended)


def _report(breaks: list[Break]) -> dict[str, float]:
    table = Table("word", "said", "heard", "silence after ms, median", "longest")
    for word in WORDS:
        said = [one for one in breaks if one.word == word]
        times = [1000 * one.silence for one in said if one.heard]
        shown = (f"{statistics.median(times):.0f}", f"{max(times):.0f}") if times else ("", "")
        table.add_row(word, str(len(said)), str(len(times)), *shown)
    times = sorted(1000 * one.silence for one in breaks if one.heard)
    figures = {
        "heard_share": len(times) / len(breaks),
        "word_to_silence_ms_median": statistics.median(times),
        "word_to_silence_ms_p95": times[round(0.95 * (len(times) - 1))],
        "load_average": os.getloadavg()[0],
    }
    figures = {name: round(value, 2) for name, value in figures.items()}
    Console().print(table, figures, f"target: {TARGET_MS} ms")
    return figures


if __name__ == "__main__":
    main()
