"""Does "hey Charley" wake it, does other speech, and what does waiting cost?

    python -m training.render_tests RENDERED --texts bench/wake.txt --rounds 6 --styles STYLES
    python bench/wake.py --speech DIR --rendered RENDERED... [--hours H] [--fit] [--json FILE]

Held-out voices say the phrases of bench/wake.txt, close and a metre away. Then people talk for hours, joined to one
stream; training has heard a part of them, which is counted apart. The cost is that of the detector on those streams,
and that of `charley wait` itself on a virtual sound card. `--fit` adds what other confidences would give.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
from measuring.rooms import distant
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.listening.recogniser import Recogniser
from skill.listening.source import Samples
from skill.listening.wake import WAKING, WakeWord, wake_grammar
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from tests.support.processes import descendants
from tests.support.virtual_sound import available, virtual_sound
from training import data
from training.cases import Case, case, noisy
from training.features import RATE

#: Root mean squares in dB of full scale: a person a metre from the microphone, and the room.
SPEECH_DB, ROOM_DB = -32.0, -62.0
NOISE_DB: Final = 15.0
#: Seconds around a phrase, between two people, of the quiet room, and of each part on the virtual sound card.
AROUND, BETWEEN, QUIET, LIVE = 2.0, 0.5, 600.0, 30.0
CONFIDENCES: Final = (0.01, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
#: Speech ends where it was last within so many dB of its loudest.
AUDIBLE_DB: Final = 35.0

#: What may be said to Charley once it is awake.
ANSWERS: Final = Phrasebook(load_protocol()).at(load_protocol().questions["emergency"])

Figures = dict[str, float]


class Stream:
    """A source made of parts; counts the sound that was read, and the work that it took to make."""

    rate = RATE

    def __init__(self, parts: Iterable[tuple[str, Samples]]) -> None:
        """Each part with the name of what is said."""
        self._parts = iter(parts)
        self._rest: Samples = np.zeros(0, np.int16)
        self.seconds = self.work = 0.0
        self.saying = ""

    def read(self, seconds: float) -> Samples | None:
        """The next sound."""
        began, count = time.process_time(), round(seconds * RATE)
        while len(self._rest) < count:
            self.saying, part = next(self._parts, ("", np.zeros(0, np.int16)))
            if not len(part):
                return None
            self._rest = np.concatenate([self._rest, part])
        block, self._rest = self._rest[:count], self._rest[count:]
        self.seconds += count / RATE
        self.work += time.process_time() - began
        return block

    def skip(self) -> None:
        """Nothing is lost."""

    def close(self) -> None:
        """Nothing to release."""


@dataclass(frozen=True)
class Talk:
    """Other speech that was listened to."""

    hours: float
    share: float
    """Of one core."""
    wakes: tuple[tuple[float, str], ...]
    """Confidence, and what was said."""

    def hourly(self, confidence: float) -> float:
        """False wakes an hour."""
        return sum(sure >= confidence for sure, _ in self.wakes) / self.hours


@dataclass(frozen=True)
class Clip:
    """A phrase that was said."""

    wakes: bool
    """Whether it should."""
    confidence: float
    """0: it did not."""
    seconds: float
    """From the end of speech to waking."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--speech", type=Path, required=True, help="recordings, unpacked")
    arguments.add_argument("--rendered", type=Path, required=True, nargs="+", help="what the voices say")
    arguments.add_argument("--hours", type=float, default=99.0, help="of each kind of other speech, at most")
    arguments.add_argument("--fit", action="store_true", help="show what other confidences would give")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = arguments.parse_args()
    recogniser = Recogniser(resources.MODEL, (*wake_grammar().phrases, *ANSWERS.phrases))

    said = _said(recogniser, chosen.rendered, chosen.speech)
    quiet = _listen(recogniser, [("", _room(round(QUIET * RATE)))])
    unheard = _listen(recogniser, _joined(chosen.speech, ("dev_offtopic", "dev"), chosen.hours))
    heard = _listen(recogniser, _joined(chosen.speech, ("train", "train_pseudo"), chosen.hours))
    confidences = (load_thresholds().wake, *(CONFIDENCES if chosen.fit else ()))
    columns = [_figures(said, unheard, heard, confidence) for confidence in confidences]
    table = Table("", *(f"{confidence:.2f}" for confidence in confidences))
    for name in columns[0]:
        table.add_row(name, *(f"{column[name]:.3g}" for column in columns))
    Console(width=180).print(table)
    for confidence, text in sorted((*unheard.wakes, *heard.wakes), reverse=True):
        Console().print(f"woken with {confidence:.2f} by: {text}", markup=False)
    figures = columns[0] | {"share_quiet": quiet.share, "share_talk": unheard.share, **_live(chosen.speech)}
    Console().print(figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _figures(said: dict[str, list[Clip]], unheard: Talk, heard: Talk, confidence: float) -> Figures:
    figures = {}
    for place, clips in said.items():
        right = [clip for clip in clips if clip.wakes]
        woken = [clip for clip in right if clip.confidence >= confidence]
        near = [clip.confidence >= confidence for clip in clips if not clip.wakes]
        figures[f"woken_{place}"] = len(woken) / len(right)
        figures[f"near_misses_{place}"] = sum(near) / max(1, len(near))
        figures[f"seconds_median_{place}"] = float(np.median([clip.seconds for clip in woken]))
        figures[f"seconds_p95_{place}"] = float(np.percentile([clip.seconds for clip in woken], 95))
    for kind, talk in (("unheard", unheard), ("heard", heard)):
        figures[f"hours_{kind}"] = talk.hours
        figures[f"false_wakes_an_hour_{kind}"] = talk.hourly(confidence)
    return figures


def _said(recogniser: Recogniser, rendered: list[Path], speech: Path) -> dict[str, list[Clip]]:
    """By place, every clip of the rendered voices."""
    utterances = [u for folder in rendered for m in sorted(folder.glob("*/manifest.tsv")) for u in data.rendered(m)]
    close = [case(utterance) for utterance in utterances]
    far = distant(close, 1.0)
    noises = [data.sound(noise.file) for noise in data.noises(speech, held_out=True)]
    places = {"close": close, "metre": far, "metre_noise": noisy(far, noises, NOISE_DB)}
    return {
        place: [_say(recogniser, one) for one in track(cases, place, transient=True)] for place, cases in places.items()
    }


def _say(recogniser: Recogniser, one: Case) -> Clip:
    around = round(AROUND * RATE)
    loudness = np.abs(one.sound)
    end = AROUND + int(np.flatnonzero(loudness > loudness.max() * 10 ** (-AUDIBLE_DB / 20))[-1]) / RATE
    stream = Stream([("", np.concatenate([_room(around), _at(one.sound, SPEECH_DB), _room(around)]))])
    woken = WakeWord(stream, recogniser, 0.0, ANSWERS).wait()
    wakes = any(sense.value in WAKING for sense in wake_grammar().read(one.text or "").senses)
    return Clip(wakes, woken.confidence if woken else 0.0, stream.seconds - end)


def _listen(recogniser: Recogniser, parts: Iterable[tuple[str, Samples]]) -> Talk:
    """Listen to the end, and fall asleep again after every wake."""
    stream, wakes, began = Stream(parts), [], time.process_time()
    wake_word = WakeWord(stream, recogniser, 0.0, ANSWERS)
    while woken := wake_word.wait():
        wakes.append((woken.confidence, stream.saying))
    share = (time.process_time() - began - stream.work) / stream.seconds
    return Talk(stream.seconds / 3600, share, tuple(wakes))


def _joined(speech: Path, splits: tuple[str, ...], hours: float) -> Iterator[tuple[str, Samples]]:
    """People who talk one after the other, every set in the same proportion where `hours` cut it short."""
    utterances = [utterance for name in splits for utterance in data.split(speech, name)]
    left = hours * 3600
    for number in track(np.random.default_rng(3).permutation(len(utterances)), "talk", transient=True):
        if left <= 0:
            return
        utterance = utterances[number]
        part = np.concatenate([_at(data.sound(utterance.file), SPEECH_DB), _room(round(BETWEEN * RATE))])
        left -= len(part) / RATE
        yield f"{utterance.file.name} {utterance.text}", part


def _at(sound: np.ndarray[tuple[int], np.dtype[np.float32]], decibels: float) -> Samples:
    """Speech at this level in the room, as a microphone delivers it."""
    scaled = sound / (float(np.sqrt(np.mean(sound**2))) + 1e-9) * 10 ** (decibels / 20)
    return np.asarray(np.clip(scaled * 32_767 + _room(len(sound)), -32_768, 32_767), np.int16)


def _room(count: int) -> Samples:
    hiss = np.random.default_rng(count).standard_normal(count)
    return np.asarray(hiss * 10 ** (ROOM_DB / 20) * 32_767, np.int16)


def _live(speech: Path) -> Figures:
    """`charley wait` on a virtual sound card: its share of one core while the room is quiet and while people talk."""
    if not available():
        return {}
    parts = [part for _, part in _joined(speech, ("dev_offtopic",), LIVE / 3600)]
    command = [sys.executable, "-m", "skill", "wait", "--events"]
    with (
        tempfile.NamedTemporaryFile(suffix=".wav") as talk,
        virtual_sound() as sound,
        subprocess.Popen(command, env=sound.env, stdout=subprocess.PIPE) as charley,
    ):
        sf.write(talk.name, np.concatenate(parts), RATE)
        assert charley.stdout is not None
        charley.stdout.readline()
        time.sleep(2)
        processes = [charley.pid, *descendants(charley.pid)]
        began = _worked(processes)
        time.sleep(LIVE)
        quiet = _worked(processes) - began
        begun, began = time.perf_counter(), _worked(processes)
        sound.say(Path(talk.name))
        busy = (_worked(processes) - began) / (time.perf_counter() - begun)
        resident = sum(map(_resident, processes))
        charley.terminate()
    return {"live_share_quiet": quiet / LIVE, "live_share_talk": busy, "live_rss_mb": resident}


def _worked(processes: Iterable[int]) -> float:
    """Processor seconds so far, of all their threads; see proc(5)."""
    stats = (Path(f"/proc/{process}/stat").read_text(encoding="ascii") for process in processes)
    fields = [stat.rpartition(")")[2].split() for stat in stats]
    return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    """MB in memory, shared pages included; see proc(5)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
