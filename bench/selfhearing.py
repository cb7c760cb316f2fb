"""Does Charley interrupt itself, and can it be interrupted? Every prompt is played to the ear that hears interruptions.

The prompts sound at the microphone 6 dB below, as loud as, and 6 dB above the user, in every voice that speaks here.
Then a user says "stop" over a prompt that is as loud as he is.

`python bench/selfhearing.py [--json FILE] [--voices N]`
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from skill import resources
from skill.dialogue.phrasebook import Phrasebook
from skill.dialogue.prompts import load_prompts
from skill.listening.ear import Ending, Heard, Turn
from skill.listening.ears import SoundEar
from skill.listening.recogniser import Recogniser
from skill.listening.recording import Recording
from skill.speaking.engines import voices
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Delivery
from skill.triage.loader import load_protocol

Sound = NDArray[np.float64]

LEVELS_DB = (-6.0, 0.0, 6.0)
#: Root mean square of the user's voice, as a share of full scale: -26 dBFS, ordinary speech at a close microphone.
USER = 0.05
#: The room, 40 dB below the user.
ROOM = USER / 100
USERS = ("gmw/en+f3", "gmw/en-us+m3", "gmw/en-gb-x-rp+f2", "gmw/en-gb-scotland+m1", "gmw/en-us+f4")
#: Prompts over which "stop" is said, by every user.
OVER = 20


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--voices", type=int, default=99, help="so many of the voices at most")
    chosen = arguments.parse_args()
    phrasebook = Phrasebook(load_protocol())
    recogniser = Recogniser(resources.MODEL, phrasebook.everything())
    turn = Turn("interruption", phrasebook.interrupting(), 0.0)
    texts = load_prompts().fixed()
    ids = [voice.id for voice in voices() if voice.engine == "pyttsx3"][: chosen.voices]

    triggers: list[tuple[str, float, str, str]] = []
    for voice in ids:
        for text, sound, rate in _spoken(voice, texts):
            for level in LEVELS_DB:
                heard = _overhear(recogniser, turn, sound * 10 ** (level / 20), rate)
                if heard.ending is Ending.SPEECH:
                    triggers.append((voice, level, text, heard.text))
    stops = [
        _overhear(recogniser, turn, _over(prompt, stop), rate).ending is Ending.SPEECH
        for user in USERS
        for _, stop, rate in _spoken(user, ("stop",))
        for _, prompt, _ in _spoken(ids[0], texts[:OVER])
    ]
    table = Table("voice", "dB", "prompt", "heard as")
    for trigger in triggers:
        table.add_row(*(escape(str(cell)) for cell in trigger))
    figures = {
        "prompts": len(texts) * len(ids) * len(LEVELS_DB),
        "false_triggers": len(triggers),
        "stop_over_prompt_rate": round(sum(stops) / len(stops), 3),
    }
    Console().print(table, figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _spoken(voice: str, texts: tuple[str, ...]) -> Iterator[tuple[str, Sound, int]]:
    """Each text in this voice, as loud as the user."""
    engine = Pyttsx3Engine(voice)
    try:
        for text in track(texts, voice, transient=True):
            clip = engine.render(text, Delivery())
            sound = clip.samples.astype(np.float64)
            yield text, sound * USER * 32767 / np.sqrt(np.mean(sound**2)), clip.rate
    finally:
        engine.close()


def _over(prompt: Sound, stop: Sound) -> Sound:
    """`stop` said in the middle of the prompt; half a second of the room follows where the prompt is too short."""
    begin = len(prompt) // 3
    mixed = np.zeros(max(len(prompt), begin + len(stop) + 11_025))
    mixed[: len(prompt)] += prompt
    mixed[begin : begin + len(stop)] += stop
    return mixed


def _overhear(recogniser: Recogniser, turn: Turn, sound: Sound, rate: int) -> Heard:
    room = np.random.default_rng(0).normal(0, ROOM * 32767, len(sound))
    recording = Recording(np.clip(sound + room, -32767, 32767).astype(np.int16), rate)
    left = iter(range(int(len(sound) / rate / 0.05)))
    return SoundEar(recording, recogniser).overhear(turn, lambda: next(left, None) is not None)


if __name__ == "__main__":
    main()
