"""`charley` itself with a microphone and a loudspeaker: a patient's voice goes in, Charley's own voice comes out."""

import json
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.monitor import Monitor, longest_silence
from tests.support.virtual_sound import VirtualSound, virtual_sound

#: Seconds of silence on the loudspeaker after which a question has ended.
PAUSE = 0.5
#: Full scale is 32,768; the quietest prompt is far above this.
AUDIBLE = 300
#: Seconds after which somebody who cannot see the screen takes a silence for the end.
LONGEST_SILENCE = 4.0


@dataclass
class Loudspeaker:
    """What has been recorded from the loudspeaker so far."""

    file: Path
    marks: list[tuple[str, float]] = field(default_factory=list)
    """Prompt ids, and the seconds of recording at which they were announced."""

    def samples(self) -> "np.ndarray[Any, np.dtype[np.int16]]":
        data = self.file.read_bytes()[44:]
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16)

    def seconds(self) -> float:
        return (self.file.stat().st_size - 44) / 2 / 44_100

    def is_quiet(self) -> bool:
        recent = self.samples()[-round(PAUSE * 44_100) :]
        return len(recent) > 0 and int(np.abs(recent.astype(np.int32)).max()) < AUDIBLE

    def audible_between(self, begin: float, end: float) -> bool:
        part = self.samples()[round(begin * 44_100) : round(end * 44_100)]
        return len(part) > 0 and int(np.abs(part.astype(np.int32)).max()) >= AUDIBLE


def render(text: str, target: Path) -> Path:
    """The patient's voice, after a moment of silence, as a WAV file."""
    from skill.speaking.pyttsx3_engine import Pyttsx3Engine
    from skill.speaking.voice import Clip, Delivery
    from skill.speaking.wav import write_wav

    engine = Pyttsx3Engine("gmw/en-us+m3")
    try:
        clip = engine.render(text, Delivery())
    finally:
        engine.close()
    with target.open("wb") as file:
        write_wav(file, Clip(np.concatenate([np.zeros(clip.rate // 5, np.int16), clip.samples]), clip.rate))
    return target


def converse(
    sound: VirtualSound,
    loudspeaker: Loudspeaker,
    answers: dict[str, Path],
    *options: str,
    before: Sequence[str] = (),
    places: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Run `charley --events` with more `options`; play each answer once the loudspeaker has fallen silent.

    `before`: the command that runs it; `places`: where its files go.
    """
    command = [*before, sys.executable, "-m", "skill", "--events", *options]
    env = {**sound.env, **(places or {})}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as charley:
        assert charley.stdout is not None
        for line in charley.stdout:
            event = json.loads(line)
            if event["event"] == "say":
                loudspeaker.marks.append((event["prompt"], loudspeaker.seconds()))
            yield event
            if event["event"] == "say" and (answer := answers.pop(event["prompt"], None)):
                time.sleep(2 * PAUSE)
                while not loudspeaker.is_quiet():
                    time.sleep(0.05)
                sound.say(answer)
        assert charley.wait(30) == 0


@pytest.mark.timeout(420)
def test_a_spoken_calf_cramp_ends_in_self_care_and_every_prompt_is_heard_with_no_long_silence(tmp_path: Path) -> None:
    said = {
        "questions.emergency.ask": "no",
        "questions.place.ask": "my left calf",
        "questions.happening.ask": "it's cramping now",
        "questions.changes.ask": "no",
        "questions.constant.ask": "no",
        "questions.illness.ask": "no",
        "questions.unwell.ask": "no",
        "questions.background.ask": "no",
        "questions.recurs.ask": "no",
        "remedies.calf_stretch.steps.1": "it's gone",
        "dialogue.once_more": "no",
        "dialogue.offer_plan": "no",
    }
    answers = {prompt: render(text, tmp_path / f"{prompt}.wav") for prompt, text in said.items()}
    recording = tmp_path / "loudspeaker.wav"
    with (
        virtual_sound() as sound,
        sound.record(recording),
        Monitor(sound) as played,
        Monitor(sound, "user") as answered,
    ):
        loudspeaker = Loudspeaker(recording)
        events = list(converse(sound, loudspeaker, answers))
    assert longest_silence(played, answered) < LONGEST_SILENCE
    verdict = next(event for event in events if event["event"] == "verdict")
    assert verdict["level"] == "self_care"
    assert events[-1] == {"event": "end", "reason": "finished"}
    ends = [begin for _, begin in loudspeaker.marks[1:]] + [loudspeaker.seconds()]
    silent = [
        prompt
        for (prompt, begin), end in zip(loudspeaker.marks, ends, strict=True)
        if not loudspeaker.audible_between(begin, end)
    ]
    assert silent == []


@pytest.mark.timeout(120)
def test_a_spoken_yes_to_the_first_question_ends_in_the_emergency_number_and_is_recorded_on_request(
    tmp_path: Path,
) -> None:
    said = {"questions.emergency.ask": "yes", "dialogue.once_more": "no"}
    answers = {prompt: render(text, tmp_path / f"{prompt}.wav") for prompt, text in said.items()}
    recording = tmp_path / "loudspeaker.wav"
    with virtual_sound() as sound, sound.record(recording):
        events = list(converse(sound, Loudspeaker(recording), answers, f"--record={tmp_path / 'diary'}"))
    assert next(event for event in events if event["event"] == "verdict")["level"] == "emergency"
    kept = sorted((tmp_path / "diary").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    first = next(file for file in kept if file.stem.endswith("heard"))
    command = [sys.executable, "-m", "skill", "hear", "--question=emergency", str(first)]
    assert json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["answer"] == "yes"
