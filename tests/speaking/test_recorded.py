import numpy as np
import pytest

from skill.dialogue.prompts import load_prompts
from skill.speaking.make_recordings import NUMBERS, texts
from skill.speaking.recorded import FOLDER, SLOT, recorded
from skill.speaking.sentences import sentences

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


def test_other_sentences_are_not_recorded() -> None:
    assert recorded("Where does it hurt?") is None


def test_the_index_names_what_the_prompt_says_and_every_file_is_there() -> None:
    files = {file.name for file in FOLDER.glob("*.flac")}
    assert files == set(texts())
    assert any(SLOT in text for text, _ in texts().values())


def test_the_recordings_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 600_000
