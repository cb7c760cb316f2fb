"""What the recogniser costs: model load, real-time factor on one core, size on disk; and a session's resident memory.

`taskset -c 0 python bench/footprint.py [--json FILE]`
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from skill.listening.recogniser import Recogniser
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Delivery
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import Phrasebook
from tests.support.processes import descendants
from tests.support.virtual_sound import available, virtual_sound

SENTENCES = ("no", "yes it is", "my left calf", "it's cramping now", "about ten minutes", "i don't know", "go back")
ROUNDS = 5
#: Seconds after the first question is begun: it has been spoken, and the ear is open.
LISTENING = 20.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    target = arguments.parse_args().json
    figures = {**_recogniser(), "session_rss_mb": _session_memory(), "model_mb": _size(resources.MODEL)}
    Console().print(figures)
    if target:
        target.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _recogniser() -> dict[str, float]:
    """CPU seconds to load the model, and CPU seconds a second of sound, with the grammar that is open at a question."""
    protocol = load_protocol()
    phrasebook = Phrasebook(protocol)
    phrases = phrasebook.everything()
    grammar = phrasebook.at(protocol.questions["place"])
    began = time.process_time()
    recogniser = Recogniser(resources.MODEL, phrases)
    load = time.process_time() - began
    engine = Pyttsx3Engine(DEFAULT_VOICE)
    clips = [engine.render(sentence, Delivery()) for sentence in SENTENCES]
    engine.close()
    began = time.process_time()
    for clip in clips * ROUNDS:
        decoding = recogniser.open(grammar, clip.rate)
        decoding.feed(clip.samples)
        decoding.result()
    worked = time.process_time() - began
    sound = ROUNDS * sum(clip.seconds for clip in clips)
    return {"model_load_seconds": round(load, 3), "real_time_factor": round(worked / sound, 4)}


def _session_memory() -> float:
    """Peak resident MB of a spoken session that listens: Charley, its voice and its recogniser, shared pages counted
    in each. 0 where there is no PulseAudio to hold one."""
    if not available():
        return 0.0
    command = [sys.executable, "-m", "skill", "--events"]
    with virtual_sound() as sound, subprocess.Popen(command, env=sound.env, stdout=subprocess.PIPE) as charley:
        assert charley.stdout is not None
        next(line for line in charley.stdout if b'"ask"' in line)
        time.sleep(LISTENING)
        peak = sum(_peak(process) for process in [charley.pid, *descendants(charley.pid)])
        charley.terminate()
    return round(peak, 1)


def _peak(process: int) -> float:
    """The most that was resident, MB; see proc(5)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _size(folder: Path) -> float:
    """MB of all files below a folder."""
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 2)


if __name__ == "__main__":
    main()
