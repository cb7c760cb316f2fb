"""Invented patients from the seeds and from guidance: each gets the right level, and the right remedies only."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from skill.triage.cases import Case, run_case
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol
from skill.triage.model import Level, Value
from skill.triage.scenarios import Scenarios
from tests.support.patients import Advised, Patient, mistakes, patients
from tests.support.reviewed import THIRDS, all_reviewed, reviewed


def mistakes_in_triage(patient: Patient, protocol: Protocol) -> list[str]:
    """What is wrong with the advice of an interview; what the story does not tell is benign."""
    walk = Scenarios(protocol).play(patient.facts)
    verdict = walk.verdict
    advised = Advised(
        verdict.level,
        frozenset(reason.rule for reason in verdict.reasons if reason.level is verdict.level),
        frozenset(remedy.id for remedy in verdict.remedies),
        frozenset(coached.remedy for coached in walk.coached if not coached.opening),
    )
    return mistakes(patient, advised)


@pytest.mark.parametrize("patient", patients(), ids=lambda patient: patient.name)
def test_the_patient_gets_the_right_advice(patient: Patient, protocol: Protocol) -> None:
    assert mistakes_in_triage(patient, protocol) == [], patient.story


def test_every_patient_names_facts_remedies_and_a_source_of_the_protocol(protocol: Protocol) -> None:
    for patient in patients():
        assert patient.facts.keys() <= protocol.questions.keys(), patient.name
        assert {*patient.must, *patient.must_not} <= protocol.remedies.keys(), patient.name
        assert patient.source in protocol.sources, patient.name


def test_there_are_enough_patients_of_every_level() -> None:
    assert len(patients()) >= 40
    for level in Level:
        assert sum(patient.least is level for patient in patients()) >= 12, level


@pytest.mark.parametrize("case", all_reviewed(), ids=lambda case: case.id)
def test_the_case_comes_to_its_level(case: Case, scenarios: Scenarios, protocol: Protocol) -> None:
    assert run_case(case, scenarios).problems == (), case.story
    assert case.source in protocol.sources


@pytest.mark.parametrize("third", THIRDS)
def test_there_are_forty_cases_of_each_third(third: str) -> None:
    assert len(reviewed(third)) >= 40


@cache
def rests_on(rule: str) -> tuple[tuple[Case, ...], tuple[Patient, ...]]:
    """The cases and patients to whom the rule says something; a change of it cannot change any other."""
    scenarios = Scenarios(load_protocol())

    def says(facts: Mapping[str, Value]) -> bool:
        return any(reason.rule == rule for reason in scenarios.play(facts).verdict.reasons)

    told = tuple(patient for patient in patients() if says(patient.facts))
    return tuple(case for case in all_reviewed() if says(case.answers)), told


def noticed(rule: str, changed: Protocol) -> bool:
    """Whether a patient or a case misses something when this rule is changed."""
    scenarios = Scenarios(changed)
    cases, told = rests_on(rule)
    if any(run_case(case, scenarios).problems for case in cases):
        return True
    return any(mistakes_in_triage(patient, changed) for patient in told)


def test_no_rule_can_be_deleted_unnoticed(protocol: Protocol) -> None:
    unnoticed = []
    for rule in protocol.rules:
        without = replace(protocol, rules=tuple(other for other in protocol.rules if other is not rule))
        if not noticed(rule.id, without):
            unnoticed.append(rule.id)
    assert unnoticed == []


def test_no_rule_can_be_lowered_unnoticed(protocol: Protocol) -> None:
    unnoticed = []
    for rule in protocol.rules:
        if rule.level is Level.SELF_CARE:
            continue
        lowered = replace(rule, level=Level(rule.level - 1))
        changed = replace(protocol, rules=tuple(lowered if other is rule else other for other in protocol.rules))
        if not noticed(rule.id, changed):
            unnoticed.append(rule.id)
    assert unnoticed == []


def test_no_rule_of_the_follow_up_can_be_deleted_unnoticed(followup: Protocol) -> None:
    """Each gives an example that no other rule would take as seriously."""
    whole = Scenarios(followup)
    for rule in (rule for rule in followup.rules if rule.level > Level.SELF_CARE):
        without = Scenarios(replace(followup, rules=tuple(other for other in followup.rules if other is not rule)))
        examples = list(whole.examples(rule.when))
        assert any(without.play(facts).verdict.level < whole.play(facts).verdict.level for facts in examples), rule.id
