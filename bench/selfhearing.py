"""Does Charley interrupt itself, and can it be interrupted? Every prompt is played to the ear that hears interruptions.

The prompts come from several loudspeakers, each with a fault of its own (`LOUDSPEAKERS`), through a room and late; at
the microphone they are 6 dB below, as loud as, and 6 dB above the user. While a question is put its answers are
listened for as well. Then users say "stop" over prompts that are as loud as they are, and "yes" and "no" over the
questions for red flags, where only a yes counts. Rooms, delays and clocks are drawn from one seed. The ear opens as far
as it finds safe (`interruptible = "auto"`); with `--always` it believes whatever it hears (`true`).

`python bench/selfhearing.py [--json FILE] [--voices N] [--every N] [--over N] [--only NAME...] [--always] [--raw]`
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol as TypingProtocol

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from skill.dialogue.prompts import load_prompts
from skill.language.shipped import load_grammar
from skill.listening.cancelled import EchoCancelled
from skill.listening.ear import Ending, Heard, Turn
from skill.listening.ears import SoundEar
from skill.listening.recogniser import Recogniser
from skill.listening.source import Samples
from skill.speaking.engines import DEFAULT_VOICE, voices
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.resample import resample
from skill.speaking.shaping import trim
from skill.speaking.voice import Delivery
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import YES, Value
from skill.understanding.barge_in import while_asking
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import YES_NO, Phrasebook
from tests.support.room import Sound, response, through, whole

PROTOCOL = load_protocol()
PHRASEBOOK = Phrasebook(PROTOCOL)
#: The prompts of a question that put it.
PUT = ("ask", "brief", "again", "options")
RATE = 16_000
LEVELS_DB = (-6.0, 0.0, 6.0)
#: Root mean square of the user's voice, as a share of full scale: -26 dBFS, ordinary speech at a close microphone.
USER = 0.05 * 32_768
#: The room, 40 dB below the user.
ROOM = USER / 100
#: Seconds of reverberation until 60 dB are gone: bedroom to kitchen.
REVERBERATION = (0.2, 0.45)
#: By how many seconds the known time of what is played is wrong, differently at each prompt.
TIMING_ERROR = 0.03
USERS = ("gmw/en+f3", "gmw/en-us+m3", "gmw/en-gb-x-rp+f2", "gmw/en-gb-scotland+m1", "gmw/en-us+f4")
#: Prompts over which "stop" is said, and questions over which "yes" and "no" are, by every user.
OVER = 20
QUESTIONS_OVER = 8
#: The prompt in whose middle the delay jumps.
JUMPS_AT = 3
#: Seconds of sound in one block of the microphone, and of the room after a prompt.
BLOCK = 0.04
AFTERWARDS = 0.6


@dataclass(frozen=True)
class Loudspeaker:
    """What becomes of a prompt before it is in the room."""

    distortion: float = 0.5
    """How far peaks are bent: 0.5 takes 8 % off them, 2 more than half."""
    clipping: float = 1.0
    """Share of the peak above which everything is cut off."""
    drift: float = 50.0
    """Difference of the two clocks in parts per million at most: two cheap crystals."""
    delay: tuple[float, float] = (0.005, 0.04)
    """Seconds to the microphone, beyond what is known of it: from, to."""
    jump: float = 0.0
    """Seconds by which the delay grows once, in the middle of the third prompt."""
    volume: float = 1.0
    """What somebody turns the volume to in the middle of every second prompt, and back at its end."""
    echo: float = 1.0
    """How loud it is at the microphone; as good as nothing with a headset."""


LOUDSPEAKERS = {
    "headset": Loudspeaker(echo=0.01),
    "ordinary": Loudspeaker(),
    "distorting": Loudspeaker(distortion=2.0),
    "clipping": Loudspeaker(clipping=0.4),
    "drifting clock": Loudspeaker(drift=200.0),
    "late": Loudspeaker(delay=(0.04, 0.25)),
    "late, jumps": Loudspeaker(delay=(0.04, 0.25), jump=0.12),
    "volume changed": Loudspeaker(volume=2.0),
    "all of it": Loudspeaker(2.0, 0.5, 200.0, (0.04, 0.25), 0.12, 2.0),
}

NOBODY: Sound = np.zeros(0)


class Overhear(TypingProtocol):
    """Plays a prompt, the text and its sound, to somebody who may say something meanwhile."""

    def __call__(self, text: str, prompt: Sound, user: Sound = NOBODY) -> Heard:
        """What is overheard of it."""
        ...


class Room:
    """A loudspeaker, a microphone and a user in a room that stays the same: both ends of an echo."""

    def __init__(self, random: np.random.Generator, loudspeaker: Loudspeaker) -> None:
        self._random = random
        self._loudspeaker = loudspeaker
        self._to_user, self._to_loudspeaker = self._way(), self._way()
        self._delay = random.uniform(*loudspeaker.delay)
        self._drift = random.choice((-1, 1)) * random.uniform(0.5, 1) * loudspeaker.drift * 1e-6
        self._played = 0
        self.rate = RATE
        self.moment = 0.0
        self.play(np.zeros(1), np.zeros(0))

    def play(self, prompt: Sound, user: Sound) -> None:
        """From now on these are heard; both as they are at the microphone but for the room, shape (n,), int16 scale."""
        count = max(len(prompt), len(user)) + round(AFTERWARDS * RATE)
        heard = self._random.normal(0, ROOM, count)
        for sound in (self._echo(prompt), through(self._to_user, user)):
            part = sound[:count]
            heard[: len(part)] += part
        self._begin = self.moment + 1.0
        self._prompt = whole(prompt)
        self._heard = whole(heard)
        self._error = round(self._random.uniform(-TIMING_ERROR, TIMING_ERROR) * RATE)
        self._position = 0

    def read(self, seconds: float) -> Samples | None:
        """The next block of the microphone."""
        del seconds
        begin, self._position = self._position, self._position + round(BLOCK * RATE)
        self.moment = self._begin + begin / RATE
        return self._heard[begin : self._position] if begin < len(self._heard) else None

    def left(self) -> bool:
        """Whether there is more to hear; the ear takes it for the time that the prompt takes."""
        return self._position < len(self._heard)

    def sounding(self, since: float) -> bool:
        """Whether the loudspeaker plays after this moment."""
        return since < self._begin + len(self._prompt) / RATE

    def sound(self, begin: float, count: int, rate: int) -> Samples:
        """What the loudspeaker plays, at times that are a little wrong."""
        assert rate == RATE
        first = round((begin - self._begin) * RATE) + self._error
        places = np.arange(first, first + count)
        inside = (places >= 0) & (places < len(self._prompt))
        return np.where(inside, self._prompt[np.clip(places, 0, len(self._prompt) - 1)], 0).astype(np.int16)

    def skip(self) -> None:
        """Nothing is lost."""

    def close(self) -> None:
        """Nothing to release."""

    def _way(self) -> Sound:
        return response(self._random, RATE, self._random.uniform(*REVERBERATION))

    def _echo(self, prompt: Sound) -> Sound:
        """The prompt as it arrives: distorted, by another clock, late, and through the room; as loud as it was."""
        if not prompt.any():
            return prompt
        box, middle = self._loudspeaker, len(prompt) // 2
        self._played += 1
        cut = np.clip(prompt / np.abs(prompt).max(), -box.clipping, box.clipping)
        bent = np.tanh(box.distortion * cut)
        if self._played % 2 == 0:
            bent[middle:] *= box.volume
        late = np.concatenate([np.zeros(round(self._delay * RATE)), bent])
        if self._played == JUMPS_AT and box.jump:
            gap = np.zeros(round(box.jump * RATE))
            late, self._delay = np.concatenate([late[:middle], gap, late[middle:]]), self._delay + box.jump
        places = np.arange(len(late)) * (1 + self._drift)
        heard = through(self._to_loudspeaker, np.interp(places, np.arange(len(late)), late))
        echo: Sound = box.echo * heard * np.sqrt(np.sum(prompt**2) / np.sum(heard**2))
        return echo


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--voices", type=int, default=99, help="so many of the voices at most")
    arguments.add_argument("--every", type=int, default=1, help="one prompt of so many")
    arguments.add_argument("--over", type=int, default=OVER, help="prompts over which a user says something")
    arguments.add_argument("--only", nargs="+", choices=LOUDSPEAKERS, default=LOUDSPEAKERS, help="these loudspeakers")
    arguments.add_argument("--always", action="store_true", help="believe whatever is heard, to compare")
    arguments.add_argument("--raw", action="store_true", help="without the echo canceller, to compare")
    chosen = arguments.parse_args()
    recogniser = Recogniser(resources.MODEL, PHRASEBOOK.everything())
    table = Table("loudspeaker", "voice", "dB", "prompt", "heard as", "confidence")
    figures = {name: _measure(name, chosen, recogniser, table) for name in chosen.only}
    Console(width=160).print(table)
    Console().print(figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _measure(name: str, chosen: argparse.Namespace, recogniser: Recogniser, table: Table) -> dict[str, float]:
    """What comes of one loudspeaker; every interruption is added to `table`."""
    usual, turns = Turn("interruption", PHRASEBOOK.interrupting(), 0.0), dict(_asking())
    texts = load_prompts().fixed()[:: chosen.every]
    ids = [voice.id for voice in voices() if voice.engine == "pyttsx3"][: chosen.voices]
    random, began, seconds = np.random.default_rng(0), time.process_time(), 0.0

    def session() -> Overhear:
        """Somebody in a room, who hears the welcome first."""
        room = Room(random, LOUDSPEAKERS[name])
        source = EchoCancelled(room, room)
        over = None if chosen.always or chosen.raw else source
        ear = SoundEar(room if chosen.raw else source, recogniser, over=over)

        def overhear(text: str, prompt: Sound, user: Sound = NOBODY) -> Heard:
            nonlocal seconds
            seconds += max(len(prompt), len(user)) / RATE
            room.play(prompt, user)
            return ear.overhear(turns.get(text, usual), room.left)

        overhear("", welcome)
        return overhear

    [(_, welcome)] = _spoken(DEFAULT_VOICE, (load_prompts().utterance("dialogue.welcome").text,))
    triggers: list[Heard] = []
    for voice in ids:
        sessions = {level: session() for level in LEVELS_DB}
        for text, sound in _spoken(voice, texts):
            for level in LEVELS_DB:
                heard = sessions[level](text, sound * 10 ** (level / 20))
                if heard.ending is Ending.SPEECH:
                    triggers.append(heard)
                    row = (f"{level:+.0f}", escape(text), escape(heard.text), f"{heard.confidence:.2f}")
                    table.add_row(name, voice, *row)
    said: defaultdict[str, list[Heard]] = defaultdict(list)
    prompts = tuple(_spoken(DEFAULT_VOICE, load_prompts().fixed()[: chosen.over]))
    questions = tuple(_spoken(DEFAULT_VOICE, tuple(_red_flags())[: min(QUESTIONS_OVER, chosen.over)]))
    for user in USERS:
        overhear = session()
        for word, sound in _spoken(user, ("stop", "yes", "no")):
            for text, prompt in prompts if word == "stop" else questions:
                heard = overhear(text, prompt, np.concatenate([np.zeros(len(prompt) // 3), sound]))
                said[word].append(heard)
                table.add_row(name, user, "+0", word, escape(heard.text), f"{heard.confidence:.2f}")
    stops = said["stop"]
    return {
        "prompts": len(texts) * len(ids) * len(LEVELS_DB),
        "false_triggers": len(triggers),
        "stops": len(stops),
        "stop_over_prompt_rate": round(sum(heard.text == "stop" for heard in stops) / len(stops), 3),
        "interrupted_over_prompt_rate": round(sum(heard.ending is Ending.SPEECH for heard in stops) / len(stops), 3),
        "answers_over_question": len(said["yes"]),
        "answer_over_question_rate": round(sum(_value(heard) == YES for heard in said["yes"]) / len(said["yes"]), 3),
        "noes_over_red_flag_taken": sum(heard.ending is Ending.SPEECH for heard in said["no"]),
        "processor_seconds_a_second": round((time.process_time() - began) / seconds, 3),
    }


def _asking() -> Iterator[tuple[str, Turn]]:
    """What is listened for while a text that asks a question is spoken."""
    thresholds = load_thresholds()
    for prompt, text in load_prompts().texts.items():
        topic, name, part, *_ = (*prompt.split("."), "", "")
        if topic == "questions" and name in PROTOCOL.questions and part in PUT:
            yield text, while_asking(PROTOCOL.questions[name], text, PHRASEBOOK, thresholds)


def _red_flags() -> Iterator[str]:
    """How the questions for red flags are put."""
    for question in PROTOCOL.questions.values():
        if question.red_flag is not None and load_prompts().has(prompt := f"questions.{question.id}.ask"):
            yield load_prompts().utterance(prompt).text


def _value(heard: Heard) -> Value | None:
    sense = load_grammar(YES_NO).read(heard.text).sole
    return sense.value if sense else None


def _spoken(voice: str, texts: tuple[str, ...]) -> Iterator[tuple[str, Sound]]:
    """Each text in this voice, as loud as the user, at RATE."""
    with closing(Pyttsx3Engine(voice)) as engine:
        for text in track(texts, voice, transient=True):
            sound = resample(trim(engine.render(text, Delivery())), RATE).samples.astype(np.float64)
            yield text, sound * USER / np.sqrt(np.mean(sound**2))


if __name__ == "__main__":
    main()
