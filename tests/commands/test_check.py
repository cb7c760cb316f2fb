import subprocess
import sys


def test_what_is_shipped_fits_together_and_is_safe() -> None:
    command = [sys.executable, "-m", "skill", "check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    faults = [line for line in checked.stdout.splitlines() if line.startswith("- ") or line.endswith("\tno")]
    assert (checked.returncode, faults, checked.stderr) == (0, [], "")
