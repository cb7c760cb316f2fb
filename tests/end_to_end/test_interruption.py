"""`charley` as it comes, where the microphone hears the loudspeaker: it does not interrupt itself, and can be
interrupted, because it finds that it can take itself out of what it hears.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import write_wav
from tests.support.virtual_sound import virtual_sound

SETTINGS = "remember = false\npace = 1.5\ninterruptible = {}\n"
Event = dict[str, Any]

WELCOME, FIRST_QUESTION, STOPPED = "dialogue.welcome", "questions.emergency.ask", "dialogue.stopped"
#: Seconds from the beginning of the long first question to the word in the middle of it.
INTO_THE_QUESTION = 2.0


@pytest.fixture(name="say_over_the_first_question")
def _say_over_the_first_question(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Iterator[Event]]]:
    """Runs `charley` where the microphone hears the loudspeaker, says a word over the first question; what happens."""
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS.format(request.param), encoding="utf-8")

    def events(word: str) -> Iterator[Event]:
        recording = tmp_path / "word.wav"
        with closing(Pyttsx3Engine("gmw/en-us+m3")) as engine, recording.open("wb") as file:
            clip = engine.render(word, Delivery())
            write_wav(file, Clip(np.concatenate([np.zeros(clip.rate // 5, np.int16), clip.samples]), clip.rate))
        assert charley.stdout is not None
        for line in charley.stdout:
            event = json.loads(line)
            yield event
            if event["event"] == "say" and event["prompt"] not in (WELCOME, STOPPED):
                time.sleep(INTO_THE_QUESTION)  # and again over the next prompt, as a person would
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
@pytest.mark.parametrize("say_over_the_first_question", ['"auto"'], indirect=True)
def test_stop_over_the_first_question_is_heard_and_the_welcome_before_it_is_not(
    say_over_the_first_question: Callable[[str], Iterator[Event]],
) -> None:
    said = [event["prompt"] for event in say_over_the_first_question("stop") if event["event"] == "say"]
    assert said[:2] == [WELCOME, FIRST_QUESTION]
    assert said[-1] == STOPPED


@pytest.mark.timeout(90)
@pytest.mark.parametrize("say_over_the_first_question", ["true"], indirect=True)  # whatever a busy machine measures
def test_a_yes_over_the_first_question_answers_it_and_it_is_not_put_again(
    say_over_the_first_question: Callable[[str], Iterator[Event]],
) -> None:
    events = say_over_the_first_question("yes")
    until_answered = list(takewhile(lambda event: event["event"] != "answer", events))
    assert [event["prompt"] for event in until_answered if event["event"] == "say"] == [WELCOME, FIRST_QUESTION]
    assert until_answered[-1]["text"] == "yes"
