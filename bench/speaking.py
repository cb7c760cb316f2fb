"""How long Charley takes to speak: rendering a sentence, the first sound after `say`, and silence after `stop`.

The sound is timed where it leaves the (virtual) loudspeaker, so the times include PulseAudio's own.

`python bench/speaking.py [--json FILE]`
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console

from skill.dialogue.prompts import load_prompts
from skill.errors import CharleyError
from skill.speaking.cache import ClipCache
from skill.speaking.captions import NoCaptions
from skill.speaking.dispatched_voice import DispatchedVoice
from skill.speaking.engines import open_engine
from skill.speaking.loudspeaker import Loudspeaker
from skill.speaking.player import NullPlayer
from skill.speaking.sentences import sentences
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.speaker import Speaker
from skill.speaking.ssip import Dispatcher
from skill.speaking.voice import Delivery, Engine, Voice
from skill.system.clock import SimulatedClock
from tests.support.dispatcher import available, daemon
from tests.support.monitor import Monitor
from tests.support.virtual_sound import virtual_sound

SENTENCES = 60
ROUNDS = 15
#: Seconds of speech before it is stopped; most prompts are longer.
LISTENED = 0.5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    target = arguments.parse_args().json
    texts = sorted({sentence for text in load_prompts().fixed() for sentence in sentences(text)}, key=len)
    figures = rendering(texts[:: max(1, len(texts) // SENTENCES)]) | playing(texts[-ROUNDS:])
    if available():
        figures |= dispatched(texts[-ROUNDS:])
    for name, value in figures.items():
        Console().print(f"{name:28} {value:g}", highlight=False)
    if target:
        target.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def rendering(texts: list[str]) -> dict[str, float]:
    figures: dict[str, float] = {"sentences": len(texts)}
    for name in ("pyttsx3", "natural"):
        faults: list[CharleyError] = []
        began = time.perf_counter()
        engine = open_engine(name, "", faults.append)
        engine.render(texts[0], Delivery())
        ready = time.perf_counter() - began
        if not faults:
            figures[f"{name}_ready_ms"] = round(ready * 1000)
            figures |= summary(f"{name}_render", [render_time(engine, text) for text in texts])
        engine.close()
    return figures


def render_time(engine: Engine, text: str) -> float:
    began = time.perf_counter()
    engine.render(text, Delivery())
    return time.perf_counter() - began


def playing(texts: list[str]) -> dict[str, float]:
    with virtual_sound() as sound, Monitor(sound) as monitor, tempfile.TemporaryDirectory() as folder:
        os.environ.update(sound.env)
        cache = ClipCache(Path(folder))
        speaker = Speaker(open_engine("pyttsx3", "", fail), Loudspeaker(fail), NoCaptions(), fail, cache=cache)
        speaker.say(texts[0]).wait()  # the first sentence of a process starts the voice as well
        rendered = [measure(speaker, monitor, text) for text in texts]
        speaker.prepare(tuple(texts))
        while len(list(Path(folder).glob("*.wav"))) < len(texts):
            time.sleep(0.05)
        cached = [measure(speaker, monitor, text) for text in texts]
        speaker.close()
    return (
        summary("first_sound", [first for first, _ in rendered])
        | summary("first_sound_cached", [first for first, _ in cached])
        | summary("silence_after_stop", [silence for _, silence in rendered + cached])
    )


def dispatched(texts: list[str]) -> dict[str, float]:
    """The same of speech-dispatcher; and how long after the last sound it says that a sentence is over."""
    with virtual_sound() as sound, Monitor(sound) as monitor, tempfile.TemporaryDirectory() as folder:
        os.environ.update(sound.env)
        with daemon(sound.env, Path(folder)) as speechd:
            stand_in = Speaker(SilentEngine(), NullPlayer(SimulatedClock()), NoCaptions(), fail)
            voice = DispatchedVoice(lambda: Dispatcher(address=speechd.address), stand_in, NoCaptions(), fail)
            voice.say(texts[0]).wait()
            times = [measure(voice, monitor, text) for text in texts]
            told = [told_over(voice, monitor) for _ in range(len(texts))]
            voice.close()
    return (
        summary("dispatched_first_sound", [first for first, _ in times])
        | summary("dispatched_silence_after_stop", [silence for _, silence in times])
        | summary("dispatched_told_over", told)
    )


def told_over(voice: Voice, monitor: Monitor) -> float:
    """Seconds from the last sound of a short sentence to the end of `wait`; below 0: told before it was over."""
    began = time.monotonic()
    voice.say("Where does it hurt?").wait()
    over = time.monotonic()
    time.sleep(0.5)  # what would come afterwards
    return over - monitor.sounds(since=began)[-1]


def measure(speaker: Voice, monitor: Monitor, text: str) -> tuple[float, float]:
    """Seconds from `say` to the first sound, and from `stop` to the last."""
    began = time.monotonic()
    playback = speaker.say(text)
    time.sleep(LISTENED)
    stopped = time.monotonic()
    playback.stop()
    playback.wait()
    time.sleep(0.3)  # the monitor is late
    sounds = monitor.sounds(since=began)
    return sounds[0] - began, sounds[-1] - stopped


def summary(name: str, seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"{name}_ms_median": round(statistics.median(ordered) * 1000, 1),
        f"{name}_ms_p95": round(ordered[round(0.95 * (len(ordered) - 1))] * 1000, 1),
        f"{name}_ms_max": round(ordered[-1] * 1000, 1),
    }


def fail(fault: CharleyError) -> None:
    raise fault


if __name__ == "__main__":
    main()
