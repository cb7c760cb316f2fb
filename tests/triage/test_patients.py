"""Invented patients from the seeds and from guidance: each gets the right level, and the right remedies only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from skill.triage.definition import Protocol
from skill.triage.model import Level, Value
from skill.triage.scenarios import Scenarios

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


@cache
def patients() -> tuple[Patient, ...]:
    yaml = YAML(typ="safe", pure=True)
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        said: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
        found.append(
            Patient(
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
        )
    return tuple(found)


def mistakes(patient: Patient, protocol: Protocol) -> list[str]:
    """What is wrong with the advice that the patient gets; what the story does not tell is benign."""
    walk = Scenarios(protocol).play(patient.facts)
    verdict = walk.verdict
    given = {remedy.id for remedy in verdict.remedies}
    told = given | {coached.remedy for coached in walk.coached if not coached.opening}
    decisive = {reason.rule for reason in verdict.reasons if reason.level is verdict.level}
    found = [f"{verdict.level.id} is too low"] if verdict.level < patient.least else []
    found += [f"{verdict.level.id} is too high"] if verdict.level > patient.most else []
    found += [f"the reason {rule} does not decide" for rule in patient.reasons if rule not in decisive]
    found += [f"{remedy} is missing" for remedy in patient.must if remedy not in given]
    found += [f"{remedy} must not be told" for remedy in patient.must_not if remedy in told]
    return found


@pytest.mark.parametrize("patient", patients(), ids=lambda patient: patient.name)
def test_the_patient_gets_the_right_advice(patient: Patient, protocol: Protocol) -> None:
    assert mistakes(patient, protocol) == [], patient.story


def test_every_patient_names_facts_remedies_and_a_source_of_the_protocol(protocol: Protocol) -> None:
    for patient in patients():
        assert patient.facts.keys() <= protocol.questions.keys(), patient.name
        assert {*patient.must, *patient.must_not} <= protocol.remedies.keys(), patient.name
        assert patient.source in protocol.sources, patient.name


def test_there_are_enough_patients_of_every_level() -> None:
    assert len(patients()) >= 40
    for level in Level:
        assert sum(patient.least is level for patient in patients()) >= 12, level


def test_no_rule_can_be_deleted_unnoticed(protocol: Protocol) -> None:
    unnoticed = []
    for rule in protocol.rules:
        without = replace(protocol, rules=tuple(other for other in protocol.rules if other is not rule))
        if not any(mistakes(patient, without) for patient in patients()):
            unnoticed.append(rule.id)
    assert unnoticed == []


def test_no_rule_can_be_lowered_unnoticed(protocol: Protocol) -> None:
    unnoticed = []
    for rule in protocol.rules:
        if rule.level is Level.SELF_CARE:
            continue
        lowered = replace(rule, level=Level(rule.level - 1))
        changed = replace(protocol, rules=tuple(lowered if other is rule else other for other in protocol.rules))
        if not any(mistakes(patient, changed) for patient in patients()):
            unnoticed.append(rule.id)
    assert unnoticed == []
