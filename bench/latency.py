"""From the end of an answer to the decision and to the first sound of the reply, and from launch to the first word.

The program itself, in a process of its own, hears synthetic patients over a virtual microphone and loudspeaker.
Both are recorded; the times include PulseAudio's own delays and what else the machine has to do: the load is printed.

`python bench/latency.py [--json FILE] [--voices N]`
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from measuring.spoken import home, recording
from rich.console import Console
from rich.table import Table

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.triage.loader import load_protocol
from skill.triage.model import Kind
from tests.support.monitor import Monitor
from tests.support.virtual_sound import VirtualSound, virtual_sound

PATIENTS = ("gmw/en-us+m3", "gmw/en+f3", "gmw/en-gb-x-rp+f2", "gmw/en-us+f4")
#: What is answered to a question, one time after the other; then, and to every other question, OTHERWISE.
ANSWERS = {
    "place": ("my left calf",),
    "happening": ("it's cramping now",),
    "how_long": ("fifteen minutes",),
    "pain": ("four",),
    "background": ("repeat", "no"),
    "trigger": ("nothing special",),
    "confirm": ("yes", "yes", "yes", "yes"),
    "coaching": ("it's gone",),
}
OTHERWISE = "no"
COMMANDS = ("repeat",)
#: Charley speaks fast, so that the bench is short: what is measured does not depend on it.
SETTINGS = "pace = 2.0\nremember = false\n"
#: Seconds of silence after which a question has been put; on a busy machine sentences lie a second apart.
TURN_GAP = 1.5
#: Seconds after which nobody waits for a reply any more.
NO_REPLY = 5.0
TARGETS_MS = {"answer_to_sound_ms_median": 300, "answer_to_sound_ms_p95": 900, "launch_to_first_word_ms": 700}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer that was understood: seconds from its last sound."""

    kind: str
    decision: float
    sound: float


@dataclass(slots=True)
class Session:
    """One conversation as it is measured."""

    loudspeaker: Monitor
    microphone: Monitor
    replies: list[Reply]
    first_word: float = 0.0
    not_understood: int = 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--voices", type=int, default=2, help=f"so many patients, at most {len(PATIENTS)}")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, virtual_sound() as sound:
        place = Path(folder)
        env = {**sound.env, **home(place, SETTINGS)}
        sessions = [_converse(replace(sound, env=env), voice, place) for voice in PATIENTS[: chosen.voices]]
    figures = _report(sessions)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _converse(sound: VirtualSound, voice: str, folder: Path) -> Session:
    with Monitor(sound) as loudspeaker, Monitor(sound, "user") as microphone, closing(Pyttsx3Engine(voice)) as engine:
        session = Session(loudspeaker, microphone, [])
        left = {question: iter(said) for question, said in ANSWERS.items()}
        launched = time.monotonic()
        command = [sys.executable, "-m", "skill", "--events"]
        with subprocess.Popen(command, env=sound.env, stdout=subprocess.PIPE, text=True) as charley:
            events = _events(charley)
            for question in _questions(events):
                session.first_word = session.first_word or (loudspeaker.first(launched) or launched) - launched
                loudspeaker.wait_for_quiet(TURN_GAP, time.monotonic())
                said = next(left.get(question, iter(())), OTHERWISE)
                sound.say(recording(engine, said, folder))
                _measure(session, _kind(question, said), events)
    return session


def _events(charley: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """What the program prints, each with the moment of its arrival."""
    assert charley.stdout is not None
    for line in charley.stdout:
        yield {**json.loads(line), "at": time.monotonic()}


def _questions(events: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The questions as they are put; the last thing said of each is its wording, a step of a hold asks nothing."""
    asked = wording = ""
    for event in events:
        match event["event"]:
            case "ask":
                asked, wording = event["question"], event["text"]
            case "coach":
                asked, wording = "coaching", ""
            case "say" if asked and wording in ("", event["text"]):
                question, asked = asked, ""
                yield question
            case "say" if event["prompt"] in ("dialogue.once_more", "dialogue.offer_plan"):
                yield event["prompt"]


def _measure(session: Session, kind: str, events: Iterator[dict[str, Any]]) -> None:
    """Time the reply to the answer that has just been said."""
    ended = session.microphone.last()
    heard = next((event for event in events if event["event"] in ("heard", "end")), None)
    if heard is None or not heard.get("accepted"):
        session.not_understood += 1
        return
    while (sounded := session.loudspeaker.first(ended)) is None and time.monotonic() < ended + NO_REPLY:
        time.sleep(0.02)
    if sounded is not None:
        session.replies.append(Reply(kind, heard["at"] - ended, sounded - ended))


def _kind(question: str, said: str) -> str:
    asked = load_protocol().questions.get(question)
    if said in COMMANDS:
        return "command"
    if asked is None:
        return "hold" if question == "coaching" else "yes_no"
    if asked.red_flag is not None:
        return "red flag"
    return "number" if asked.kind is Kind.SCALE else asked.kind.value


def _report(sessions: list[Session]) -> dict[str, float]:
    replies = [reply for session in sessions for reply in session.replies]
    by_kind: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        by_kind[reply.kind].append(reply)
    table = Table("kind of answer", "answers", "decision ms, median", "first sound ms, median", "95th percentile")
    for kind, some in [*sorted(by_kind.items()), ("all", replies)]:
        decision, sound, slow = _median(r.decision for r in some), _median(r.sound for r in some), _p95(some)
        table.add_row(kind, str(len(some)), f"{decision:.0f}", f"{sound:.0f}", f"{slow:.0f}")
    figures = {
        "answer_to_sound_ms_median": _median(reply.sound for reply in replies),
        "answer_to_sound_ms_p95": _p95(replies),
        "answer_to_decision_ms_median": _median(reply.decision for reply in replies),
        "launch_to_first_word_ms": _median(session.first_word for session in sessions),
        "answers": len(replies),
        "not_understood": sum(session.not_understood for session in sessions),
        "load_average": os.getloadavg()[0],
    }
    Console().print(table, {name: round(value, 1) for name, value in figures.items()}, "targets", TARGETS_MS)
    return {name: round(value, 1) for name, value in figures.items()}


def _median(seconds: Iterator[float]) -> float:
    return statistics.median(seconds) * 1000


def _p95(replies: list[Reply]) -> float:
    ordered = sorted(reply.sound for reply in replies)
    return ordered[round(0.95 * (len(ordered) - 1))] * 1000


if __name__ == "__main__":
    main()
