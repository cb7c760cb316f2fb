"""What the reader's guess is worth: the probability that it is right, learnt from answers that the reader never saw."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from skill.errors import InstallationError
from skill.language.grammar import Reading
from skill.triage.model import NO, UNSURE, Kind, Level, Question
from skill.understanding.reader.labels import AMOUNT, Label, Topic
from skill.understanding.reader.reader import FIRST_WORDS, LearnedReading

#: Probabilities are kept this far from 0 and 1, so that their logarithms stay finite.
_EDGE: Final = 1e-4


class Stake(StrEnum):
    """What a mistake costs, the dearest first; the keys of the limits in `calibration.json`."""

    RED_FLAG_NO = "red_flag_no"
    """A sign of danger would be missed."""
    GRAVE_COMMAND = "grave_command"
    """It ends the conversation, or begins it anew, or deletes what is remembered."""
    RED_FLAG_YES = "red_flag_yes"
    """A false alarm."""
    ALARM = "alarm"
    """The same, at any question."""
    COMMAND = "command"
    ANSWER = "answer"
    """Anything else that the interview goes on with."""
    QUESTION = "question"
    """Something is explained that was not asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From which probability on a meaning is acted on, and from which it is asked back."""

    accept: float
    confirm: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for and against the reader's best guess."""

    reading: LearnedReading
    words: int
    """Of the whole utterance."""
    phrases: Reading
    """What the phrase grammar makes of the same words."""
    question: Question
    heard: bool
    """Whether a recogniser made the words out; False when they were typed."""
    agreed: float
    """Share of the words of a second hearing that the first had as well, 0..1; 1 for what was typed."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the evidence, and the limits that follow from what a mistake costs."""

    weights: Mapping[str, float]
    limits: Mapping[Stake, Limits]

    def probability(self, evidence: Evidence) -> float:
        """How likely the best guess is right, 0..1."""
        score = sum(self.weights.get(name, 0.0) * value for name, value in features(evidence).items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def asking_back(self, stake: Stake) -> "Calibration":
        """The same, but what has this stake is always asked back."""
        return replace(self, limits={**self.limits, stake: Limits(math.inf, self.limits[stake].confirm)})


def load_calibration(folder: Path) -> Calibration:
    """`calibration.json` of the reader's folder. Raises InstallationError."""
    file = folder / "calibration.json"
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        limits = {Stake(name): Limits(**limit) for name, limit in stored["limits"].items()}
        return Calibration(stored["weights"], limits)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InstallationError(f"{file} is missing or wrong ({error}): install Charley again.") from error


def features(evidence: Evidence) -> dict[str, float]:
    """The evidence as numbers, by name; what is 0 says nothing."""
    best, *others = evidence.reading.guesses
    second = others[0].probability if others else 0.0
    long = evidence.words > FIRST_WORDS
    label = best.label
    side = _side(label, evidence)
    return {
        "bias": 1.0,
        "certainty": _logit(best.probability),
        "margin": math.log(max(best.probability, _EDGE) / max(second, _EDGE)),
        "linear": _logit(evidence.reading.halves[0].probability),
        "network": _logit(evidence.reading.halves[1].probability),
        "halves_differ": float(any(half.label != label for half in evidence.reading.halves)),
        "length": math.log1p(evidence.words),
        "first_words_agree": float(long and evidence.reading.first_words == label),
        "first_words_differ": float(long and evidence.reading.first_words != label),
        "phrases_agree": float(side > 0),
        "phrases_complete": float(side > 0 and evidence.phrases.complete),
        "phrases_differ": float(side < 0),
        f"topic_{label.topic}": 1.0,
        "choice": float(bool(label.question)),
        "amount": float(label.value == AMOUNT),
        "no": float(label.value == NO and label.topic is Topic.ANSWER),
        "unsure": float(label.value == UNSURE),
        "heard": float(evidence.heard),
        "heard_differently": (1 - evidence.agreed) if evidence.heard else 0.0,
    }


def stake_of(label: Label, question: Question) -> Stake:
    """What it would cost to act on `label` by mistake."""
    match label.topic:
        case Topic.ALARM:
            return Stake.ALARM
        case Topic.COMMAND:
            return Stake.GRAVE_COMMAND if label.value in _GRAVE else Stake.COMMAND
        case Topic.QUESTION:
            return Stake.QUESTION
        case Topic.ANSWER if question.kind is Kind.YES_NO and question.red_flag is not None:
            if label.value == NO:
                return Stake.RED_FLAG_NO
            return Stake.RED_FLAG_YES if question.red_flag is Level.EMERGENCY else Stake.ANSWER
        case _:
            return Stake.ANSWER


_GRAVE: Final = frozenset({"stop", "start_over", "forget"})
_TOPICS: Final[Mapping[str, Topic]] = {
    "command": Topic.COMMAND,
    "emergency": Topic.ALARM,
    "change": Topic.CHANGE,
    "faq": Topic.QUESTION,
}


def _side(label: Label, evidence: Evidence) -> int:
    """1 where the phrase grammar reads the same, -1 where it reads another answer to the question, 0 otherwise."""
    same = other = False
    for sense in evidence.phrases.senses:
        topic = Topic.ANSWER if sense.topic == evidence.question.grammar else _TOPICS.get(sense.topic)
        if topic is label.topic and (label.value in (AMOUNT, str(sense.value))):
            same = True
        elif topic is Topic.ANSWER or (topic is not None and sense.topic == "emergency"):
            other = True
    return 1 if same and not other else -1 if other else 0


def _logit(probability: float) -> float:
    kept = max(_EDGE, min(1 - _EDGE, probability))
    return math.log(kept / (1 - kept))
