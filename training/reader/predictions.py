"""What the reader makes of answers that it never learnt: on these its probabilities are calibrated."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Prediction:
    """One unseen answer and the reader's guesses."""

    origin: str
    """`real` or `invented`."""
    question: str
    persona: str
    said: str
    meaning: str
    label: str
    """The right label's name."""
    guesses: tuple[tuple[str, float], ...]
    """Names and probabilities of the likeliest labels, the likeliest first."""
    first_words: str
    """The likeliest label of the first words alone."""
    halves: tuple[tuple[str, float], ...]
    """What the linear half and the network hold the likeliest, each by itself."""


def load_predictions(file: Path) -> list[Prediction]:
    """The lines that `make` wrote."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = ("guesses", "halves")
    return [Prediction(**{**line, **{key: tuple(map(tuple, line[key])) for key in pairs}}) for line in lines]
