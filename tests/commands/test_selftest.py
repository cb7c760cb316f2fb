import re
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.commands.selftest import Check, run_selftest
from skill.settings import Settings
from skill.system import resources
from tests.support.sound_fixture import sound
from tests.support.virtual_sound import VirtualSound

__all__ = ["sound"]


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


@pytest.fixture
def room(sound: VirtualSound, tmp_path: Path) -> Iterator[VirtualSound]:
    """A room with a faint hiss at about -50 dBFS, in which the microphone hears the loudspeaker."""
    hiss = np.random.default_rng(1).normal(0, 100, 16_000 * 10).astype("<i2")
    with wave.open(str(tmp_path / "hiss.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(hiss.tobytes())
    sound.pactl("load-module", "module-loopback", "source=spk.monitor", "sink=user", "latency_msec=20")
    with subprocess.Popen(("paplay", "--device=user", str(tmp_path / "hiss.wav")), env=sound.env) as hissing:
        yield sound
        hissing.terminate()


def test_a_sound_machine_passes_and_every_part_is_measured(room: VirtualSound) -> None:
    checks = run_selftest(Settings(), resources.MODEL)
    assert [check.name for check in checks] == ["microphone", "loudspeaker", "voice", "model"]
    assert [check for check in checks if not check.passed or check.remedy] == []
    measured = {name: check.measured for name, check in by_name(checks).items()}
    assert re.search(r"-5[01] dBFS", measured["microphone"])
    assert "the microphone heard it" in measured["loudspeaker"]
    assert "gmw/en-us" in measured["voice"]
    assert "x real time" in measured["model"]


def test_a_muted_microphone_fails_and_a_tone_that_it_cannot_hear_does_not(sound: VirtualSound, tmp_path: Path) -> None:
    told = tmp_path / "told"
    checks = by_name(run_selftest(Settings(engine="silent", on_verdict=("touch", str(told))), resources.MODEL))
    assert checks["on_verdict"].passed
    assert not told.exists()  # it would call somebody
    assert not checks["microphone"].passed
    assert "Unmute" in checks["microphone"].remedy
    assert checks["loudspeaker"].passed
    assert "did not hear it" in checks["loudspeaker"].measured


def test_every_failure_names_its_remedy(sound: VirtualSound, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    checks = by_name(run_selftest(Settings(voice="klingon", on_verdict=("/nobody/there",)), tmp_path / "no model"))
    assert not any(check.passed for check in checks.values())
    assert "microphone" in checks["microphone"].remedy
    assert "plug" in checks["loudspeaker"].remedy
    assert "klingon" in checks["voice"].remedy
    assert "no model" in checks["model"].remedy
