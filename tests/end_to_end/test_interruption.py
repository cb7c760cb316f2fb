"""`charley` where the microphone hears the loudspeaker: it does not interrupt itself, and can be interrupted."""

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import write_wav
from tests.support.virtual_sound import virtual_sound

SETTINGS = "interruptible = true\nremember = false\npace = 1.5\n"
WELCOME, FIRST_QUESTION, STOPPED = "dialogue.welcome", "questions.emergency.ask", "dialogue.stopped"
#: Seconds from the beginning of the long first question to the word in the middle of it.
INTO_THE_QUESTION = 2.0
#: Seconds after which that question still goes on: at that pace it takes 6.0.
BEFORE_ITS_END = 5.0


@dataclass(frozen=True)
class Spoken:
    """An event, and seconds from the beginning of the first question to it."""

    event: dict[str, Any]
    seconds: float


@pytest.fixture(name="say_over_the_first_question")
def _say_over_the_first_question(tmp_path: Path) -> Iterator[Callable[[str], Iterator[Spoken]]]:
    """Runs `charley` where the microphone hears the loudspeaker, says a word over the first question; what happens."""
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")

    def events(word: str) -> Iterator[Spoken]:
        recording = tmp_path / "word.wav"
        with closing(Pyttsx3Engine("gmw/en-us+m3")) as engine, recording.open("wb") as file:
            clip = engine.render(word, Delivery())
            write_wav(file, Clip(np.concatenate([np.zeros(clip.rate // 5, np.int16), clip.samples]), clip.rate))
        began = math.inf
        assert charley.stdout is not None
        for line in charley.stdout:
            event = json.loads(line)
            yield Spoken(event, time.monotonic() - began)
            if event["event"] == "say" and event["prompt"] == FIRST_QUESTION:
                began = time.monotonic()
                time.sleep(INTO_THE_QUESTION)
                sound.say(recording)
        assert charley.wait(30) == 0

    with virtual_sound() as sound:
        sound.let_the_microphone_hear_the_loudspeaker()
        env = {**sound.env, "XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, "-m", "skill", "--events"]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as charley:
            yield events
            charley.terminate()


@pytest.mark.timeout(90)
def test_stop_over_the_first_question_is_heard_and_the_welcome_before_it_is_not(
    say_over_the_first_question: Callable[[str], Iterator[Spoken]],
) -> None:
    events = [spoken.event for spoken in say_over_the_first_question("stop")]
    said = [event["prompt"] for event in events if event["event"] == "say"]
    assert said[:2] == [WELCOME, FIRST_QUESTION]
    assert said[-1] == STOPPED


@pytest.mark.timeout(90)
def test_a_yes_over_the_first_question_answers_it_before_it_is_over(
    say_over_the_first_question: Callable[[str], Iterator[Spoken]],
) -> None:
    events = say_over_the_first_question("yes")
    answer = next(spoken for spoken in events if spoken.event["event"] == "answer")
    assert answer.event == {"event": "answer", "question": "emergency", "value": "yes"}
    assert answer.seconds < BEFORE_ITS_END
