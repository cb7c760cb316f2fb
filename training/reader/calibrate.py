"""What the reader's probabilities are worth: `python -m training.reader.calibrate --work DIR`.

Fits the weights of the evidence on answers that the reader never learnt, real people's first, and writes
`calibration.json` beside the weights. The limits stand in `limits.json` beside this file, each with its reason.
"""

import argparse
import json
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from skill.system import resources
from skill.triage.loader import load_protocol
from skill.triage.model import Question
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.reader.calibration import Evidence, features
from skill.understanding.reader.labels import Label
from skill.understanding.reader.reader import Guess, LearnedReading
from training.examples.meanings import load_meanings
from training.reader.predictions import Prediction, load_predictions

LIMITS: Final = Path(__file__).with_name("limits.json")
#: What a real person's answer weighs beside an invented one's.
REAL: Final = 6.0
#: What a recogniser costs, which no typed answer tells: of 76 clips of real patients through Moonshine the reader
#: said 0.83 and was right in 0.79, on the same words typed 0.84 and 0.83.
HEARD: Final = {"heard": -0.15, "heard_differently": -0.1}
#: How strongly weights are held near nothing.
_RIDGE: Final = 1.0
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """The evidence of one unseen answer, and whether the best guess was right."""

    prediction: Prediction
    evidence: dict[str, float]
    right: bool


def judged(predictions: Iterable[Prediction]) -> list[Judged]:
    """The evidence of every prediction."""
    meanings = load_meanings()
    books = {folder: Phrasebook(load_protocol(folder)) for folder in (resources.PROTOCOL, resources.FOLLOWUP)}
    known = {folder: load_protocol(folder).questions for folder in books}
    found = []
    for prediction in predictions:
        question = meanings.questions[prediction.question]
        folder = next((folder for folder in books if question.id in known[folder]), resources.PROTOCOL)
        found.append(_judge(prediction, question, books[folder]))
    return found


def _judge(prediction: Prediction, question: Question, book: Phrasebook) -> Judged:
    guesses = tuple(Guess(Label.named(name), probability) for name, probability in prediction.guesses)
    linear, network = (Guess(Label.named(name), probability) for name, probability in prediction.halves)
    reading = LearnedReading(guesses, Label.named(prediction.first_words), (linear, network))
    words = len(prediction.said.split())
    evidence = Evidence(reading, words, book.at(question).read(prediction.said), question, heard=False, agreed=1.0)
    return Judged(prediction, features(evidence), prediction.label == prediction.guesses[0][0])


def fit(rows: Sequence[Judged]) -> dict[str, float]:
    """Logistic regression by Newton's method: the weight of each piece of evidence."""
    names = sorted({name for row in rows for name in row.evidence})
    x = np.array([[row.evidence.get(name, 0.0) for name in names] for row in rows])
    y = np.array([row.right for row in rows], dtype=float)
    share = np.array([REAL if row.prediction.origin == "real" else 1.0 for row in rows])
    weights = np.zeros(len(names))
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (share * (y - p)) - _RIDGE * weights
        curve = (x * (share * p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(len(names))
        weights += np.linalg.solve(curve, slope)
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def worth(weights: dict[str, float], row: Judged) -> float:
    """The calibrated probability of one answer."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in row.evidence.items())))


def crossed(rows: Sequence[Judged], parts: int = 5) -> list[tuple[float, Judged]]:
    """Every answer with the probability that a fit on the other people gives it."""
    found = []
    for part in range(parts):
        ours = [row for row in rows if part_of(row, parts) == part]
        weights = fit([row for row in rows if part_of(row, parts) != part])
        found += [(worth(weights, row), row) for row in ours]
    return found


def part_of(row: Judged, parts: int) -> int:
    """Which of so many parts the person is in, by the name alone."""
    return zlib.crc32(row.prediction.persona.encode()) // 7 % parts


def reliability(pairs: Sequence[tuple[float, Judged]], origin: str, bins: int = 8) -> list[tuple[float, float, int]]:
    """Mean probability, share right and number in each bin of equal size."""
    chosen = sorted(((p, row.right) for p, row in pairs if row.prediction.origin == origin), key=lambda pair: pair[0])
    cuts = np.array_split(np.arange(len(chosen)), bins)
    return [
        (float(np.mean([chosen[i][0] for i in cut])), float(np.mean([chosen[i][1] for i in cut])), len(cut))
        for cut in cuts
        if len(cut)
    ]


def main() -> None:
    """Fit, print what it is worth on people who were left out, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=resources.READER)
    arguments = parser.parse_args()
    rows = judged(load_predictions(arguments.work / "predictions.jsonl"))
    pairs = crossed(rows)
    for origin in ("real", "invented"):
        for mean, share, count in reliability(pairs, origin):
            print(f"{origin}: said {mean:.3f}, right {share:.3f} of {count}")
        ours = [(p, row.right) for p, row in pairs if row.prediction.origin == origin]
        for limit in (0.8, 0.9, 0.95, 0.97):
            taken = [right for p, right in ours if p >= limit]
            wrong = sum(not right for right in taken)
            print(f"{origin}: at {limit} {len(taken) / len(ours):.3f} taken, {wrong / len(ours):.4f} wrong")
    limits = json.loads(LIMITS.read_text(encoding="utf-8"))
    stored = {
        "weights": {**fit(rows), **HEARD},
        "limits": {name: {k: v for k, v in limit.items() if k != "why"} for name, limit in limits.items()},
    }
    (arguments.model / "calibration.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
