"""Telephone calls: how many at a time, how soon each is answered, and whether all are advised as at the microphone.

`charley phone` in a process of its own serves demo patients, who speak in real time through 8 kHz µ-law, each in a
call, one beginning SPREAD seconds after the other, until all have called. A patient answers as soon as Charley listens.
An answer is timed from its last sound to the first sound that comes back.

    PYTHONPATH=. python bench/telephone.py [--calls N] [--patients NAME...] [--pace P] [--json FILE]
"""

import argparse
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from measuring.spoken import home
from rich.console import Console
from rich.table import Table

from skill.channels.audiosocket import RATE
from skill.demo.patient import load_patient, patient_names
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.resample import resample
from skill.speaking.voice import Delivery
from tests.support.processes import descendants
from tests.support.telephone import Caller

#: Seconds that a patient thinks before answering: the usual gap between two speakers is 0.2 s.
THINKING: Final = 0.3
#: Seconds between the beginnings of two calls.
SPREAD: Final = 2.0
#: Seconds after which a call is taken to hang.
LONGEST: Final = 900.0
#: Seconds after an answer in which its reply must come; what comes later belongs to another turn.
NO_REPLY: Final = 5.0
#: Frames of Charley's that are no more than 20 ms apart in time; a longer gap is heard as a dropout.
DROPOUT: Final = 0.1
TARGETS: Final = {"answer_to_sound_ms_p95": 900, "memory_mb_per_call": 40, "calls": 20, "wrong_levels": 0}


@dataclass
class Call:
    """One patient's call."""

    patient: str
    number: int
    replies: list[float] = field(default_factory=list)
    level: str = ""
    heard: int = 0
    texts: list[str] = field(default_factory=list)
    not_understood: int = 0
    seconds: float = 0.0
    gaps: list[float] = field(default_factory=list)


class Server:
    """`charley phone` with patients at its other end; tells what they say, and what happens."""

    def __init__(self, folder: Path, calls: int, pace: float) -> None:
        env = {**os.environ, **home(folder, f"pace = {pace}\nremember = false\n"), "PYTHONPATH": f"{Path.cwd()}:bench"}
        command = [sys.executable, "bench/measuring/phone_server.py", str(calls)]
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._queues: defaultdict[int, queue.SimpleQueue[dict[str, Any]]] = defaultdict(queue.SimpleQueue)
        assert self.process.stdout is not None
        self.port = int(json.loads(self.process.stdout.readline())["port"])
        threading.Thread(target=self._listen, daemon=True).start()

    def told(self, number: int) -> "queue.SimpleQueue[dict[str, Any]]":
        """What happens in this call."""
        return self._queues[number]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message = json.loads(line)
            self._queues[message["call"]].put(message)

    @property
    def processes(self) -> list[int]:
        """Its own and all below it."""
        return [self.process.pid, *descendants(self.process.pid)]

    def processor_seconds(self) -> float:
        """Of all of them; those that have ended are left out."""
        ticks = 0
        for process in self.processes:
            try:
                fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB of all of them, shared pages counted once."""
        total = 0
        for process in self.processes:
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=int, default=20, help="calls at a time")
    arguments.add_argument("--patients", nargs="*", default=[], help="names; without them everybody")
    arguments.add_argument("--pace", type=float, default=1.0, help="how fast Charley speaks")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    asked = arguments.parse_args()
    names = asked.patients or [name for name in patient_names() if load_patient(name).remembered is None]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), asked.calls, asked.pace)
        try:
            figures = _measure(server, names, asked.calls)
        finally:
            server.process.terminate()
            server.process.wait()
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _measure(server: Server, names: list[str], at_a_time: int) -> dict[str, float]:
    idle, begun = server.memory(), time.monotonic()
    waiting: queue.SimpleQueue[Call] = queue.SimpleQueue()
    rounds = max(1, -(-at_a_time // len(names)))
    calls = [Call(name, number) for number, name in enumerate(names * rounds)]
    for call in calls:
        waiting.put(call)
    threads = [
        threading.Thread(target=_keep_calling, args=(server, waiting, line * SPREAD))
        for line in range(min(at_a_time, len(calls)))
    ]
    for thread in threads:
        thread.start()
    busiest, busy, seen = idle, 0.0, 0
    before, moment = server.processor_seconds(), time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(2)
        now = time.monotonic()
        after = server.processor_seconds()
        under_way = sum(thread.is_alive() for thread in threads)
        if under_way == len(threads) and now - begun > SPREAD * len(threads):
            busy, seen = busy + max(0.0, (after - before) / (now - moment)), seen + 1
            busiest = max(busiest, server.memory())
        before, moment = after, now
    return _report(calls, len(threads), (busiest - idle) / len(threads), idle, busy / max(seen, 1))


def _keep_calling(server: Server, waiting: "queue.SimpleQueue[Call]", after: float) -> None:
    time.sleep(after)
    while True:
        try:
            call = waiting.get_nowait()
        except queue.Empty:
            return
        _talk(server, call)


def _talk(server: Server, call: Call) -> None:
    patient, began = load_patient(call.patient), time.monotonic()
    voice = Pyttsx3Engine(patient.voice.name, patience=60)
    told = server.told(call.number)
    with Caller(server.port, identity=call.number.to_bytes(16, "big")) as caller:
        server_names(server, call)
        answered: list[float] = []
        while not caller.ended.is_set() and time.monotonic() - began < LONGEST:
            try:
                message = told.get(timeout=0.2)
            except queue.Empty:
                continue
            if said := message.get("say"):
                clip = resample(voice.render(said, Delivery(patient.voice.pace)), RATE)
                loud = np.flatnonzero(np.abs(clip.samples) > 300)
                caller.say(np.concatenate([np.zeros(round(THINKING * RATE), np.int16), clip.samples[: loud[-1] + 1]]))
                time.sleep(THINKING + loud[-1] / RATE)
                caller.wait_for(lambda: not caller.saying, 5)
                answered.append(caller.said)
            call.level = message.get("level", call.level)
            if "heard" in message:
                call.heard += 1
                call.texts.append(message["text"])
                call.not_understood += not message["heard"]
        call.replies = [reply for said in answered if (reply := _first_after(caller.loud, said)) < NO_REPLY]
        arrivals = np.diff(caller.arrivals)
        call.gaps = [float(gap) for gap in arrivals if gap > DROPOUT]
    call.seconds = time.monotonic() - began
    voice.close()


def server_names(server: Server, call: Call) -> None:
    """Tell the server who calls."""
    assert server.process.stdin is not None
    server.process.stdin.write(json.dumps({"call": call.number, "patient": call.patient}) + "\n")
    server.process.stdin.flush()


def _first_after(loud: list[float], moment: float) -> float:
    return next((when - moment for when in loud if when > moment), float("inf"))


def _report(calls: list[Call], at_a_time: int, each: float, idle: float, cores: float) -> dict[str, float]:
    table = Table(
        "patient", "should be", "by telephone", "answers", "not understood", "seconds", "replies ms, median", "most"
    )
    wrong = 0
    for call in calls:
        should = load_patient(call.patient).level
        wrong += call.level != should
        row = [round(1000 * value) for value in (statistics.median(call.replies or [0]), max(call.replies, default=0))]
        table.add_row(
            call.patient,
            should,
            call.level if call.level == should else f"[red]{call.level}",
            str(call.heard),
            str(call.not_understood),
            f"{call.seconds:.0f}",
            *map(str, row),
        )
        if call.level != should:
            Console().print(call.patient, call.texts)
    replies = sorted(reply for call in calls for reply in call.replies)
    phrases = sorted(reply for call in calls if not call.patient.startswith("talks_") for reply in call.replies)
    figures = {
        "calls": at_a_time,
        "conversations": len(calls),
        "wrong_levels": wrong,
        "answers": sum(call.heard for call in calls),
        "not_understood": sum(call.not_understood for call in calls),
        "answer_to_sound_ms_median": 1000 * statistics.median(replies),
        "answer_to_sound_ms_p95": 1000 * replies[round(0.95 * (len(replies) - 1))],
        "answer_in_a_phrase_to_sound_ms_p95": 1000 * (phrases or replies)[round(0.95 * (len(phrases or replies) - 1))],
        "dropouts_a_call": sum(len(call.gaps) for call in calls) / len(calls),
        "memory_mb_idle": idle,
        "memory_mb_per_call": each,
        "cores_busy": cores,
        "calls_per_core": at_a_time / max(cores, 0.01),
        "load_average": os.getloadavg()[0],
    }
    rounded = {name: round(value, 2) for name, value in figures.items()}
    Console(width=140).print(table, rounded, "targets", TARGETS)
    return rounded


if __name__ == "__main__":
    main()
