"""The invented patients of `tests/patients/`: who they are, and what they must be advised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from skill.system.yaml_file import load_yaml
from skill.triage.definition import Protocol, Stage
from skill.triage.model import Level, Value

FOLDER = Path(__file__).parents[1] / "patients"


@dataclass(frozen=True)
class Patient:
    name: str
    story: str
    facts: Mapping[str, Value]
    least: Level
    most: Level
    reasons: tuple[str, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Advised:
    """What came of an interview or a conversation."""

    level: Level
    decisive: frozenset[str]
    """The rules that gave the level."""
    named: frozenset[str]
    """The remedies of the advice."""
    led: frozenset[str]
    """The remedies led through; a first step alone does not count."""


@cache
def patients() -> tuple[Patient, ...]:
    return tuple(_patient(file) for file in sorted(FOLDER.glob("*.yaml")))


def tellable(protocol: Protocol) -> tuple[Patient, ...]:
    """Those whose whole story is asked for before the advice: memory and the doctor's interview have no part in it."""
    beside = (Stage.OFFER, Stage.DOCTOR, Stage.CLOCK)
    told = {name for name, stage in protocol.stages.items() if stage not in beside}
    told |= {protocol.relief_limit.question} if protocol.relief_limit else set()
    return tuple(patient for patient in patients() if patient.facts.keys() <= told)


def named(*names: str) -> Iterable[Patient]:
    return (patient for patient in patients() if patient.name in names)


def mistakes(patient: Patient, advised: Advised) -> list[str]:
    """What is wrong with the advice."""
    found = [f"{advised.level.id} is too low"] if advised.level < patient.least else []
    found += [f"{advised.level.id} is too high"] if advised.level > patient.most else []
    found += [f"the reason {rule} does not decide" for rule in patient.reasons if rule not in advised.decisive]
    found += [f"{remedy} is missing" for remedy in patient.must if remedy not in advised.named]
    told = advised.named | advised.led
    found += [f"{remedy} must not be told" for remedy in patient.must_not if remedy in told]
    return found


def _patient(file: Path) -> Patient:
    said: dict[str, Any] = load_yaml(file.read_text(encoding="utf-8"))
    return Patient(
        file.stem,
        said["story"],
        said["facts"],
        least=Level[said["least"].upper()],
        most=Level[said["most"].upper()],
        reasons=tuple(said.get("reasons", ())),
        must=tuple(said.get("must", ())),
        must_not=tuple(said.get("must_not", ())),
        source=said["source"],
    )
