"""The systemd unit in deploy/, judged by systemd itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
#: The units, each with the arguments that its program is started with.
UNITS = {
    "charley.service": "wait",
    "charley-phone.service": "phone --listen 127.0.0.1:9092",
    "charley-serve.service": "serve --listen 0.0.0.0:10600 --zeroconf",
}

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, of systemd")


@pytest.fixture(name="unit", params=UNITS)
def _unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The unit with a program that exists here: systemd looks for it."""
    name, arguments = request.param, UNITS[request.param]
    text, installed = (DEPLOY / name).read_text(encoding="utf-8"), f"/opt/charley/.venv/bin/charley {arguments}"
    assert installed in text
    unit: Path = tmp_path / name
    unit.write_text(text.replace(installed, f"{sys.executable} -m skill {arguments}"), encoding="utf-8")
    return unit


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_systemd_knows_every_line_of_the_unit(unit: Path) -> None:
    verified = analyze("verify", "--man=no", str(unit))
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_sandbox_leaves_little_exposed(unit: Path) -> None:
    """Exposure is 0 (none) to 100; 20 is what systemd itself calls OK."""
    assert analyze("security", "--offline=true", "--threshold=20", str(unit)).returncode == 0
