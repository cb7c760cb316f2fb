"""A whole voice session without any network, and everything that it leaves behind."""

import shutil
import subprocess
from pathlib import Path

import pytest

from skill.commands.shipped_data import shipped_data
from skill.dialogue.prompts import load_prompts
from skill.speaking.cache import ClipCache
from skill.speaking.engines import DEFAULT_VOICE
from skill.speaking.pyttsx3_engine import Pyttsx3Engine
from skill.speaking.sentences import sentences
from skill.speaking.voice import Delivery
from tests.end_to_end.test_voice_session import Loudspeaker, converse, render
from tests.support.virtual_sound import available, virtual_sound

NO_NETWORK = ("unshare", "--map-root-user", "--net")


def _without_network() -> bool:
    return shutil.which("unshare") is not None and subprocess.run((*NO_NETWORK, "true"), check=False).returncode == 0


def _own_sentences_in(folder: Path) -> int:
    """How many clips of the cache say a sentence of Charley's own, in which nothing that was heard has a place."""
    engine, cache = Pyttsx3Engine(DEFAULT_VOICE), ClipCache(folder)
    own = {sentence for text in load_prompts().fixed() for sentence in sentences(text)}
    identity = engine.identity
    engine.close()
    return sum(cache.get(identity, sentence, Delivery()) is not None for sentence in own)


@pytest.mark.timeout(240)
@pytest.mark.skipif(not available(), reason="needs pulseaudio, pulseaudio-utils and libasound2-plugins")
@pytest.mark.skipif(not _without_network(), reason="this kernel lets nobody make a network namespace")
def test_a_voice_session_needs_no_network_and_leaves_no_sound_of_the_person(tmp_path: Path) -> None:
    home = tmp_path / "home"
    places = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "XDG_CACHE_HOME": str(home / "cache")}
    places |= {"XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data")}
    (home / "tmp").mkdir(parents=True)
    answers = {"questions.emergency.ask": "yes", "dialogue.once_more": "no"}
    said = {prompt: render(text, tmp_path / f"{prompt}.wav") for prompt, text in answers.items()}
    recording = tmp_path / "loudspeaker.wav"
    with virtual_sound() as sound, sound.record(recording):
        events = list(converse(sound, Loudspeaker(recording), said, before=NO_NETWORK, places=places))
    assert next(event for event in events if event["event"] == "verdict")["level"] == "emergency"
    written = [file for file in home.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    clips = {file for file in written if file.parent == home / "cache" / "charley" / "clips"}
    episodes = {file for file in written if home / "data" in file.parents}
    assert clips
    assert len(clips) == _own_sentences_in(home / "cache" / "charley" / "clips")
    assert len(episodes) == 1
    compiled = {file for file in written if file.parent == home / "cache" / "charley" / "compiled"}
    assert {file.name.partition("@")[0] for file in compiled} <= {data.name for data in shipped_data()}
    assert [file for file in written if file not in clips | episodes | compiled and "pulse" not in file.parts] == []
