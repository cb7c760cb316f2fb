"""`charley` where the microphone hears the loudspeaker: it does not interrupt itself, and can be interrupted."""

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.voice import Clip, Delivery
from skill.speaking.wav import write_wav
from tests.support.virtual_sound import virtual_sound

SETTINGS = "interruptible = true\nremember = false\npace = 1.5\n"
WELCOME, STOPPED = "dialogue.welcome", "dialogue.stopped"
#: Seconds from the beginning of the long first question to the word in the middle of it.
INTO_THE_QUESTION = 2.0


@pytest.mark.timeout(90)
def test_stop_over_the_first_question_is_heard_and_the_welcome_before_it_is_not(tmp_path: Path) -> None:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    with closing(Pyttsx3Engine("gmw/en-us+m3")) as engine, (tmp_path / "stop.wav").open("wb") as file:
        stop = engine.render("stop", Delivery())
        write_wav(file, Clip(np.concatenate([np.zeros(stop.rate // 5, np.int16), stop.samples]), stop.rate))
    said = []
    with virtual_sound() as sound:
        sound.let_the_microphone_hear_the_loudspeaker()
        env = {**sound.env, "XDG_CONFIG_HOME": str(tmp_path / "config")}
        command = [sys.executable, "-m", "skill", "--events"]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as charley:
            assert charley.stdout is not None
            for line in charley.stdout:
                event = json.loads(line)
                said += [event["prompt"]] if event["event"] == "say" else []
                if said and said[-1] == "questions.emergency.ask" and event["event"] == "say":
                    time.sleep(INTO_THE_QUESTION)
                    sound.say(tmp_path / "stop.wav")
            assert charley.wait(30) == 0
    assert said[:2] == [WELCOME, "questions.emergency.ask"]
    assert said[-1] == STOPPED
