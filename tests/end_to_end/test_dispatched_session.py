"""`charley` with the voice of the user's screen reader: heard from the loudspeaker, and silenced by a key."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.speaking.wav import read_wav
from tests.support.dispatcher import available, daemon
from tests.support.terminal_session import TerminalSession
from tests.support.virtual_sound import virtual_sound

pytestmark = pytest.mark.skipif(not available(), reason="needs speech-dispatcher and speech-dispatcher-espeak-ng")

#: Full scale is 32,768.
AUDIBLE = 300


def said(session: TerminalSession) -> Iterator[str]:
    """The prompts, as each begins to be said."""
    return (event["prompt"] for event in session.events() if event["event"] == "say")


def test_a_key_silences_one_sentence_and_a_typed_answer_the_question(tmp_path: Path) -> None:
    settings = tmp_path / "config" / "charley" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('engine = "speech-dispatcher"\ninterruptible = true\n')
    recording = tmp_path / "said.wav"
    with virtual_sound() as sound, daemon(sound.env, tmp_path) as speechd, sound.record(recording):
        env = {**sound.env, "XDG_CONFIG_HOME": str(tmp_path / "config"), "SPEECHD_ADDRESS": speechd.address}
        with TerminalSession(env, "--events") as session:
            prompts = said(session)
            assert next(prompts) == "dialogue.welcome"
            session.type("")
            assert next(prompts) == "questions.emergency.ask"
            session.type("yes")
            assert next(prompts) == "levels.emergency.say"
            session.process.terminate()
            _, complaints = session.end()
    assert complaints.splitlines() == [
        "While speech-dispatcher speaks I hear nobody: press Enter to silence it.",
        "Interrupted.",
    ]
    samples = read_wav(recording).samples
    assert np.abs(samples.astype(np.int32)).max() > AUDIBLE
