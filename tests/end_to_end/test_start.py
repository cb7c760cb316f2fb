"""What a start need not do: the work is bounded here, the time is measured by bench/latency.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skill.commands.shipped_data import shipped_data
from skill.dialogue.prompts import load_prompts, read_prompts
from skill.language.shipped import grammar_names, load_grammar, read_shipped_grammar
from skill.listening.graph import compiled_costs
from skill.system import resources
from skill.system.compiled import Compiled
from skill.triage.loader import load_protocol, read_protocol
from tests.support.virtual_sound import available, virtual_sound

#: What parses, or is slow to import, and is needed neither to ask nor to read what is typed.
NEEDLESS = ("yaml", "hassil", "sounddevice", "vosk", "pyttsx3", "soundfile", "rich", "tomlkit")

CONVERSATION = f"""
import sys
from skill.cli import main
status = main(["type"])
print([name for name in {NEEDLESS} if name in sys.modules], file=sys.stderr)
sys.exit(status)
"""


def places(home: Path) -> dict[str, str]:
    return {name: str(home / name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}


def start(home: Path) -> tuple[str, str]:
    """What a typed conversation of one answer says, and what it imported that is heavy."""
    command = [sys.executable, "-c", CONVERSATION]
    finished = subprocess.run(
        command, input="yes\n", env={**os.environ, **places(home)}, capture_output=True, text=True, check=True
    )
    return finished.stdout, finished.stderr.strip()


def test_a_second_start_parses_nothing_and_says_the_same(tmp_path: Path) -> None:
    first, second, third = start(tmp_path), start(tmp_path), start(tmp_path)
    assert second[1] == third[1] == "[]"
    assert "yaml" in first[1]
    assert first[0] == second[0] == third[0] != ""


@pytest.mark.skipif(not available(), reason="needs pulseaudio, pulseaudio-utils and libasound2-plugins")
def test_the_first_word_of_a_voice_session_waits_for_no_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", places(tmp_path)["XDG_CACHE_HOME"])
    for data in (*shipped_data(), compiled_costs()):
        data.load()
    told = tmp_path / "imports"
    command = [sys.executable, "-X", "importtime", "-m", "skill", "--events"]
    with virtual_sound() as sound, told.open("w") as imports:
        env = {**sound.env, **places(tmp_path)}
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=imports, text=True) as charley:
            assert charley.stdout is not None
            assert '"event": "say"' in charley.stdout.readline()
            charley.kill()
    imported = {line.rpartition("|")[2].strip() for line in told.read_text(encoding="utf-8").splitlines()}
    assert "skill.app" in imported
    assert imported & {"yaml", "hassil", "cyclopts", "vosk", "pyttsx3", "rich", "tomlkit"} == set()


def test_damaged_files_are_survived(tmp_path: Path) -> None:
    said, _ = start(tmp_path)
    files = list((tmp_path / "XDG_CACHE_HOME" / "charley" / "compiled").iterdir())
    assert {file.name.partition("@")[0] for file in files} >= {"grammars", "prompts", "protocol"}
    for file in files:
        file.write_bytes(file.read_bytes()[:-9])
    assert start(tmp_path)[0] == said
    assert start(tmp_path)[1] == "[]"


@pytest.mark.parametrize("name", grammar_names())
def test_a_compiled_grammar_is_the_one_in_the_file(name: str) -> None:
    compiled, read = load_grammar(name), read_shipped_grammar(name)
    assert compiled == read
    assert list(compiled.sentences.items()) == list(read.sentences.items())


@pytest.mark.parametrize("folder", [resources.PROTOCOL, resources.FOLLOWUP], ids=lambda folder: folder.name)
def test_a_compiled_protocol_is_the_one_in_the_files(folder: Path) -> None:
    assert load_protocol(folder) == read_protocol(folder)


def test_compiled_prompts_are_those_in_the_files() -> None:
    assert list(load_prompts().texts.items()) == list(read_prompts(resources.PROMPTS).texts.items())


@pytest.mark.parametrize("data", shipped_data(), ids=lambda data: data.name)
def test_all_that_is_compiled_is_what_its_sources_say(data: Compiled) -> None:
    assert data.load() == data.fresh()
