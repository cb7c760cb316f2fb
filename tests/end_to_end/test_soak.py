import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


#: Every kind of fault comes once.
FAULTS = 13


@pytest.mark.timeout(580)
def test_a_spoken_conversation_with_any_fault_ends_in_the_right_advice_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    target = tmp_path / "soak.json"
    command = [
        sys.executable,
        str(ROOT / "bench" / "soak.py"),
        f"--conversations={FAULTS}",
        "--every=1",
        "--json",
        str(target),
    ]
    run = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=560
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert figures["conversations"] == FAULTS == sum(name.startswith("fault_") for name in figures)
    assert figures["faults"] >= FAULTS - 3, "a short conversation may be over before its fault"
    assert (figures["wrong_verdicts"], figures["hangs"]) == (0, 0), run.stderr
    assert [figures[f"{kind}_left"] for kind in ("threads", "children", "descriptors", "files")] == [0, 0, 0, 0]
