from contextlib import closing

import numpy as np
import pytest

from skill.dialogue.prompts import load_prompts
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.make_recordings import NUMBERS, texts
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.recorded import FOLDER, SLOT, VOICE, as_rendered, recorded
from skill.speaking.sentences import sentences
from skill.speaking.shaping import trim
from skill.speaking.voice import Delivery

ADVICE = load_prompts().utterance


@pytest.mark.parametrize("number", NUMBERS)
def test_the_emergency_advice_is_recorded_word_for_word(number: str) -> None:
    """When this fails, the prompt has changed: run `python -m skill.speaking.make_recordings`."""
    for sentence in sentences(ADVICE("levels.emergency.say", number=" ".join(number)).text):
        clip = recorded(sentence)
        assert clip is not None
        assert clip.seconds > 1
        assert np.abs(clip.samples).max() > 5000


def test_each_number_has_its_own_recording_and_every_other_number_a_general_one() -> None:
    clips = [recorded(f"Call {number} now, or have somebody call.") for number in ("1 1 2", "9 9 9", "1 9 2", "1 5")]
    sounds = [clip.samples.tobytes() for clip in clips if clip]
    assert len(set(sounds[:3])) == 3
    assert sounds[2] == sounds[3]


def test_the_first_words_are_recorded_as_the_default_voice_says_them() -> None:
    """When this fails, the welcome has changed: run `python -m skill.speaking.make_recordings`."""
    first_words = sentences(ADVICE("dialogue.welcome").text)[0]
    with closing(Pyttsx3Engine(DEFAULT_VOICE)) as engine:
        clip = as_rendered(engine.identity, first_words, Delivery())
        assert clip is not None
        assert clip.seconds == pytest.approx(trim(engine.render(first_words, Delivery())).seconds, abs=0.01)


def test_another_voice_or_delivery_needs_rendering() -> None:
    sentence = sentences(ADVICE("dialogue.welcome").text)[0]
    assert as_rendered("silent", sentence, Delivery()) is None
    assert as_rendered(VOICE, sentence, Delivery(pace=1.2)) is None


def test_other_sentences_are_not_recorded() -> None:
    assert recorded("Where does it hurt?") is None


def test_the_index_names_what_the_prompt_says_and_every_file_is_there() -> None:
    files = {file.name for file in FOLDER.glob("*.flac")}
    assert files == set(texts())
    assert any(SLOT in text for text, _ in texts().values())


def test_the_recordings_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 600_000
