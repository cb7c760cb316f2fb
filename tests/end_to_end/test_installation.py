"""The wheel carries everything: installed into a fresh environment, it runs from another folder."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from skill.system import resources


@pytest.mark.timeout(280)
def test_the_wheel_runs_from_another_folder(tmp_path: Path) -> None:
    source = str(resources.PACKAGE.parent)
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), source], check=True)
    (wheel,) = tmp_path.glob("charley-*.whl")
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    subprocess.run([environment / "bin" / "python", *pip, "install", str(wheel)], check=True)
    finished = subprocess.run(
        [environment / "bin" / "charley", "demo", "calf_at_night", "--events"],
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert '"level": "self_care"' in finished.stdout
    assert not (tmp_path / "cache" / "charley" / "compiled").exists()
