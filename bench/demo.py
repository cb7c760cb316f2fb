"""Every demo patient through the real recogniser: right advice, wall time, answers until relief and until the advice.

`python bench/demo.py [--json FILE]`
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from skill.demo.patient import load_patient, patient_names

Measured = dict[str, float]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    table = Table("patient", "should be", "is", "answers", "until relief", "seconds")
    rows = [_play(name, table) for name in patient_names()]
    figures = {
        "patients": len(rows),
        "right_levels": sum(row["right"] for row in rows),
        "wall_seconds_max": max(row["seconds"] for row in rows),
        "answers_median": statistics.median(row["answers"] for row in rows),
        "answers_max": max(row["answers"] for row in rows),
        "answers_until_relief_max": max(row["until_relief"] for row in rows),
    }
    Console().print(table)
    Console().print(figures)
    target = arguments.parse_args().json
    if target:
        target.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _play(name: str, table: Table) -> Measured:
    patient = load_patient(name)
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "skill", "demo", name, "--events"], capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - began
    events = [json.loads(line) for line in run.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    level = next(event["level"] for event in reversed(events) if event["event"] == "verdict")
    answers = kinds[: kinds.index("verdict")].count("answer")
    until_relief = kinds[: kinds.index("coach")].count("answer") if "coach" in kinds else 0
    table.add_row(name, patient.level, level, str(answers), str(until_relief or "-"), f"{seconds:.1f}")
    return {
        "right": float(level == patient.level),
        "answers": answers,
        "until_relief": until_relief,
        "seconds": round(seconds, 2),
    }


if __name__ == "__main__":
    main()
