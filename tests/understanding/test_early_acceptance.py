"""What is acted on before the speaker's pause is over, and what waits for it."""

import pytest

from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.phrases import is_complete

PROTOCOL = load_protocol()
PHRASEBOOK = Phrasebook(PROTOCOL)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("place", "my left calf"),
        ("place", "repeat"),
        ("place", "i can't breathe"),
        ("background", "no"),
        ("emergency", "yes"),
        ("emergency", "call an ambulance"),
    ],
)
def test_whole_answers_commands_and_alarms_need_no_pause(question: str, said: str) -> None:
    assert is_complete(said, PROTOCOL.questions[question], PHRASEBOOK)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("emergency", "no"),
        ("swelling", "no"),
        ("place", "help"),
        ("place", "wait"),
        ("place", "[unk] my left calf"),
        ("place", ""),
    ],
)
def test_a_no_to_a_red_flag_and_what_may_begin_a_cry_for_help_wait_for_the_pause(question: str, said: str) -> None:
    assert not is_complete(said, PROTOCOL.questions[question], PHRASEBOOK)
