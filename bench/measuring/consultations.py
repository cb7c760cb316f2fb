"""Real patients' answers with their sound."""

import csv
from pathlib import Path

from measuring.talk import Spoken
from training import data
from training.cases import Case
from training.examples.loader import Example
from training.examples.meanings import NOBODY, load_meanings

#: How the table marks an answer that is an emergency whatever was asked.
_ALARM = "|alarm"


def spoken_consultations(table: Path, folder: Path) -> list[Spoken]:
    """The clips of `folder` that `table` (TSV: file, question, source, person, said, meaning) gives a legal meaning."""
    meanings, spoken = load_meanings(), []
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            question = "coaching" if row["question"] == "coach" else row["question"]
            meaning = row["meaning"].removesuffix(_ALARM) or NOBODY
            file = folder / row["file"]
            if question in meanings.questions and meanings.fault(question, meaning) is None and file.exists():
                example = Example(question, row["person"], row["said"], meaning)
                spoken.append(Spoken(example, Case(data.sound(file), row["said"], row["person"])))
    return spoken
