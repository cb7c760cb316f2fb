"""The report as FHIR R4, judged by npm's `fhir`, and against what was answered."""

import json
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from skill.episodes.episode import Episode
from skill.reporting.report.as_fhir import as_fhir
from skill.reporting.report.history import Told, histories
from skill.reporting.report.wording import Wording
from skill.triage.definition import Protocol
from skill.triage.model import NO, UNANSWERED, Answer, Level
from tests.support.remembered import NOW

#: Where `make setup-dev` puts node and what it needs.
VENV = Path(sys.executable).parents[1]
JUDGE = """
const { Fhir } = require('fhir/fhir');
const bundle = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const judge = new Fhir();
const every = [bundle, ...bundle.entry.map((one) => one.resource)];
const said = every.flatMap((one) => judge.validate(one).messages.map((message) => [one.resourceType, message]));
const unknown = /\\(http:..loinc.org\\) not found/; // it carries few of LOINC's codes
console.log(JSON.stringify(said.filter(([, { severity, message }]) => severity !== 'info' && !unknown.test(message))));
"""


def judged(bundle: Any) -> list[Any]:
    """What the checker finds wrong with a Bundle and with each resource in it."""
    command = [str(VENV / "bin" / "node"), "--eval", JUDGE]
    done = subprocess.run(
        command, input=json.dumps(bundle), capture_output=True, text=True, check=True, cwd=VENV / "checkers"
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module", name="bundle")
def _bundle(told: tuple[Told, ...], protocol: Protocol, wording: Wording) -> Any:
    return json.loads(as_fhir(told, protocol, wording, NOW))


def resources(bundle: Any, kind: str) -> list[Any]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def test_the_checker_finds_nothing_wrong(bundle: Any) -> None:
    assert judged(bundle) == []


def test_the_checker_does_find_a_wrong_status(bundle: Any) -> None:
    wrong = json.loads(json.dumps(bundle))
    resources(wrong, "Observation")[0]["status"] = "perhaps"
    assert any("perhaps" in message["message"] for _, message in judged(wrong))


def test_every_answer_appears_once(bundle: Any, told: tuple[Told, ...]) -> None:
    responses = resources(bundle, "QuestionnaireResponse")
    assert len(responses) == len(told)
    for response, one in zip(responses, told, strict=True):
        assert Counter(item["linkId"] for item in response["item"]) == Counter(list(one.answers))
        for item in response["item"]:
            assert value_of(item) == one.answers[item["linkId"]]


def value_of(item: Any) -> Any:
    if "answer" not in item:
        return UNANSWERED
    ((kind, value),) = item["answer"][0].items()
    return {"valueCoding": lambda: value["code"], "valueQuantity": lambda: value["value"]}.get(kind, lambda: value)()


def test_every_item_belongs_to_the_questionnaire_and_every_code_to_its_options(bundle: Any) -> None:
    (form,) = resources(bundle, "Questionnaire")
    options = {item["linkId"]: [one["valueCoding"] for one in item.get("answerOption", ())] for item in form["item"]}
    for response in resources(bundle, "QuestionnaireResponse"):
        assert response["questionnaire"] == f"{form['url']}|{form['version']}"
        order = [list(options).index(item["linkId"]) for item in response["item"]]
        assert order == sorted(order)
        for item in response["item"]:
            for answer in item.get("answer", ()):
                assert "valueCoding" not in answer or answer["valueCoding"] in options[item["linkId"]]


def test_every_observation_rests_on_a_response(bundle: Any) -> None:
    addresses = {f"urn:uuid:{one['id']}" for one in resources(bundle, "QuestionnaireResponse")}
    assert {one["derivedFrom"][0]["reference"] for one in resources(bundle, "Observation")} == addresses
    every = [one["fullUrl"] for one in bundle["entry"]]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("place", "happening", "hour", "code"),
    [
        ("calf", "cramp", 14, "M62.831"),
        ("calf", "cramp", 3, "G47.62"),
        ("calf", "over", 3, "M62.831"),
        ("foot", "cramp", 23, "G47.62"),
        ("lower_back", "cramp", 3, "M62.830"),
        ("hand", "cramp", 12, "M62.838"),
        ("eyelid", "twitch", 12, "R25.3"),
        ("belly", "cramp", 12, "R25.2"),
    ],
)
def test_the_symptom_is_coded_and_no_diagnosis(
    place: str, happening: str, hour: int, code: str, protocol: Protocol, wording: Wording
) -> None:
    began = datetime(2026, 11, 20, hour).astimezone()
    answers = (Answer("emergency", NO), Answer("place", place), Answer("happening", happening))
    told = histories([Episode(1, began, answers, Level.SELF_CARE, ended=True)], protocol)
    bundle = json.loads(as_fhir(told, protocol, wording, NOW))
    (symptom,) = (
        one["valueCodeableConcept"]["coding"][0]
        for one in resources(bundle, "Observation")
        if "coding" in one.get("valueCodeableConcept", {})
    )
    assert symptom["code"] == code
    assert "Condition" not in json.dumps(bundle)


def test_the_same_cramp_has_the_same_address_in_the_next_report(protocol: Protocol, wording: Wording) -> None:
    told = histories([Episode(1, NOW, (Answer("place", "calf"),), None, ended=False)], protocol)
    first, second = (json.loads(as_fhir(told, protocol, wording, NOW + timedelta(days=day))) for day in (0, 1))
    assert first["entry"] == second["entry"]
