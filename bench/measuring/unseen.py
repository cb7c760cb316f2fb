"""Real people's answers under a reader that never learnt from them: its predictions for each, weighed without them too.

The shipped reader has learnt from the consultations. What it would make of people whom it does not know is told by the
readers that `training.reader.make` made without a third of them each, and by calibrations fitted without a fifth each.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.model import Question
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.reader.calibration import Calibration, load_calibration
from skill.understanding.reader.labels import Label
from skill.understanding.reader.reader import Guess, LearnedReading
from skill.understanding.sentences import SentenceReader
from skill.understanding.understand import Interpreter
from training.examples.loader import Example
from training.reader.calibrate import Judged, fit, judged, part_of
from training.reader.predictions import Prediction, load_predictions

#: Parts into which the people are dealt for the calibration.
_PARTS: Final = 5


class Foretold:
    """A Reader that knows only what was predicted."""

    def __init__(self, predictions: list[Prediction]) -> None:
        self._known = {(one.question, one.said): _reading(one) for one in predictions}

    def read(self, said: str, question: Question) -> LearnedReading | None:
        """The prediction, of which the four likeliest meanings are kept; None for any other sentence."""
        return self._known.get((question.id, said))


class Unseen:
    """Interpreters for real people, each fitted on the others."""

    def __init__(self, file: Path) -> None:
        """`file`: what `training.reader.make` predicted."""
        predictions = load_predictions(file)
        self.rows: list[Judged] = judged(predictions)
        self._reader = Foretold([one for one in predictions if one.origin == "real"])
        limits = load_calibration(resources.READER).limits
        self._calibrations = [
            Calibration(fit([row for row in self.rows if part_of(row, _PARTS) != part]), limits)
            for part in range(_PARTS)
        ]

    def examples(self) -> Iterator[tuple[Example, int]]:
        """Every real answer, and the part that its person is in."""
        for row in self.rows:
            one = row.prediction
            if one.origin == "real":
                yield Example(one.question, one.persona, one.said, one.meaning), part_of(row, _PARTS)

    def interpreter(self, part: int, phrasebook: Phrasebook) -> Interpreter:
        """What reads the people of that part."""
        clock = SimulatedClock()
        reads = SentenceReader(self._reader, self._calibrations[part], phrasebook, clock.today)
        return Interpreter(phrasebook, load_thresholds(), reads, clock.today)


def _reading(one: Prediction) -> LearnedReading:
    guesses = tuple(Guess(Label.named(name), probability) for name, probability in one.guesses)
    linear, network = (Guess(Label.named(name), probability) for name, probability in one.halves)
    return LearnedReading(guesses, Label.named(one.first_words), (linear, network))
