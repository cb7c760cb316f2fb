"""What the recogniser costs: model load, real-time factor on one core, size on disk; and a session's resident memory.

`taskset -c 0 python bench/footprint.py [--json FILE]`
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from skill import resources
from skill.dialogue.phrasebook import Phrasebook
from skill.listening.recogniser import Recogniser
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Delivery
from skill.triage.loader import load_protocol

SENTENCES = ("no", "yes it is", "my left calf", "it's cramping now", "about ten minutes", "i don't know", "go back")
ROUNDS = 5


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
    """Peak resident MB of a whole demo session, the voice's process included."""
    code = (
        "import resource, sys; from skill.cli import main; status = main(['demo', 'calf_at_night', '--events']);"
        "own, voice = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN));"
        "print('PEAK', own + voice, file=sys.stderr); sys.exit(status)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    peak = re.search(r"PEAK (\d+)", run.stderr)
    assert peak is not None
    return round(int(peak[1]) / 1024, 1)


def _size(folder: Path) -> float:
    """MB of all files below a folder."""
    return round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 2)


if __name__ == "__main__":
    main()
