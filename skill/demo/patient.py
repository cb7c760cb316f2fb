"""A simulated patient: who it is, how the voice sounds, and what is answered to which question."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from skill.episodes.episode import Episode
from skill.errors import InstallationError, UsageError
from skill.listening.ear import Turn
from skill.system import resources
from skill.triage.model import Answer, Level

#: Who is shown when nobody is named: the commonest story.
DEFAULT_PATIENT: Final = "calf_at_night"


@dataclass(frozen=True, slots=True)
class PatientVoice:
    """How the patient sounds; `name` is a voice of espeak-ng."""

    name: str
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """The cramp that the patient is asked about in a follow-up."""

    days_ago: int
    level: Level
    """The advice of that time."""
    answers: tuple[Answer, ...]

    def episode(self, now: datetime) -> Episode:
        """As the memory would have kept it."""
        return Episode(1, now - timedelta(days=self.days_ago), self.answers, self.level, ended=True)


@dataclass(frozen=True, slots=True)
class Patient:
    """One file of `patients/`."""

    id: str
    story: str
    voice: PatientVoice
    level: str
    """The advice that this story must end in."""
    replies: Mapping[str, tuple[str, ...]]
    """By question, or `coaching` for a hold: what is said each time, the last one again and again; empty is silence."""
    otherwise: str = ""
    """What is said to every other question that it can answer, such as "no"; empty is silence."""
    remembered: Remembered | None = None
    """Somebody who comes back: the conversation is a follow-up."""


class Memory:
    """Which reply comes next: the same question put again gets the next one."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._asked: Counter[str] = Counter()

    def reply(self, turn: Turn) -> str:
        """What the patient says at this turn; empty is silence."""
        replies = self._patient.replies.get(turn.name)
        if replies is None:
            otherwise = self._patient.otherwise
            return otherwise if turn.grammar.read(otherwise).complete else ""
        self._asked[turn.name] += 1
        return replies[min(self._asked[turn.name], len(replies)) - 1]


def patient_names(folder: Path = resources.PATIENTS) -> tuple[str, ...]:
    """The names of all shipped patients, in alphabetical order."""
    return tuple(sorted(file.stem for file in folder.glob("*.yaml")))


def load_patient(name: str, folder: Path = resources.PATIENTS) -> Patient:
    """Read one patient. Raises UsageError for an unknown name, InstallationError for a damaged file."""
    from skill.system.yaml_file import YAMLError, load_yaml

    file = folder / f"{name}.yaml"
    if name not in patient_names(folder):
        raise UsageError(f"There is no patient {name!r}: choose one of {', '.join(patient_names(folder))}.")
    try:
        return _patient(name, load_yaml(file.read_text(encoding="utf-8")))
    except (YAMLError, KeyError, TypeError, AttributeError) as problem:
        raise InstallationError(f"The patient in {file} is damaged ({problem!r}): reinstall Charley.") from problem


def _patient(name: str, data: Any) -> Patient:
    return Patient(
        id=name,
        story=" ".join(data["story"].split()),
        voice=PatientVoice(**data["voice"]),
        level=data["level"],
        replies={
            "confirm": ("yes",),
            **{name: tuple(said) if isinstance(said, list) else (said,) for name, said in data["replies"].items()},
        },
        otherwise=data.get("otherwise", ""),
        remembered=_remembered(**data["remembered"]) if "remembered" in data else None,
    )


def _remembered(days_ago: int, level: str, answers: Mapping[str, str]) -> Remembered:
    kept = tuple(Answer(question, value) for question, value in answers.items())
    return Remembered(days_ago, Level[level.upper()], kept)
