import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_six_spoken_conversations_with_faults_end_in_the_right_advice_and_leave_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "soak.json"
    command = [sys.executable, str(ROOT / "bench" / "soak.py"), "--conversations", "6", "--json", str(target)]
    run = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=280
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert (figures["conversations"], figures["faults"]) == (6, 2)
    assert (figures["wrong_verdicts"], figures["hangs"]) == (0, 0), run.stderr
    assert [figures[f"{kind}_left"] for kind in ("threads", "children", "descriptors", "files")] == [0, 0, 0, 0]
