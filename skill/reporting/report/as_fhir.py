"""The report for a medical record: FHIR R4 with the questionnaire, what was answered, and what was observed."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import metadata
from importlib.resources import files
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from skill.reporting.report.history import Told
from skill.reporting.report.wording import Wording
from skill.system.yaml_file import load_yaml
from skill.triage.definition import Protocol
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Kind, Question, Value

Resource = dict[str, Any]

_TYPES: Final = {
    Kind.YES_NO: "choice",
    Kind.CHOICE: "choice",
    Kind.DURATION: "quantity",
    Kind.COUNT: "integer",
    Kind.SCALE: "integer",
}
_ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_UNITS: Final = "http://unitsofmeasure.org"
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_SURVEY: Final = {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}


def as_fhir(told: tuple[Told, ...], protocol: Protocol, wording: Wording, now: datetime) -> str:
    """A Bundle as JSON text. It names nobody: whoever takes it in says whose it is."""
    return json.dumps(_Writer(protocol, wording).bundle(told, now), indent=1, ensure_ascii=False) + "\n"


class _Writer:
    def __init__(self, protocol: Protocol, wording: Wording) -> None:
        self._protocol = protocol
        self._words = wording
        self._version = metadata.version("charley")
        self._questionnaire = _address("questionnaire", self._version)
        self._codes = load_yaml(files("skill.reporting.report").joinpath("fhir.yaml").read_text(encoding="utf-8"))

    def bundle(self, told: tuple[Told, ...], now: datetime) -> Resource:
        resources = [self._form(), *(resource for one in told for resource in self._cramp(one))]
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": _moment(now),
            "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
        }

    def _form(self) -> Resource:
        return {
            "resourceType": "Questionnaire",
            "id": self._questionnaire,
            "url": f"urn:uuid:{self._questionnaire}",
            "version": self._version,
            "name": "CharleyCramp",
            "title": self._words.text("fhir.questionnaire"),
            "status": "active",
            "subjectType": ["Patient"],
            "item": [self._item(question) for question in self._protocol.questions.values()],
        }

    def _item(self, question: Question) -> Resource:
        item: Resource = {"linkId": question.id, "text": self._words.asked(question.id), "type": _TYPES[question.kind]}
        choices = (YES, NO, UNSURE) if question.kind is Kind.YES_NO else question.choices
        if choices:
            item["answerOption"] = [{"valueCoding": self._coding(question, choice)} for choice in choices]
        return item

    def _cramp(self, one: Told) -> Iterator[Resource]:
        """What was answered, then what was observed by it."""
        response = _address("response", str(one.id), _moment(one.began))
        yield {
            "resourceType": "QuestionnaireResponse",
            "id": response,
            "questionnaire": f"urn:uuid:{self._questionnaire}|{self._version}",
            "status": "completed" if one.ended else "stopped",
            "authored": _moment(one.began),
            "item": [
                self._answered(question, one.answers[name])
                for name, question in self._protocol.questions.items()
                if name in one.answers
            ],
        }
        for number, observed in enumerate(self._observed(one)):
            yield {
                "resourceType": "Observation",
                "id": _address("observation", response, str(number)),
                "status": "final",
                "category": [{"coding": [_SURVEY]}],
                "effectiveDateTime": _moment(one.began),
                "derivedFrom": [{"reference": f"urn:uuid:{response}"}],
                **observed,
            }

    def _answered(self, question: Question, value: Value) -> Resource:
        item: Resource = {"linkId": question.id, "text": self._words.asked(question.id)}
        if value == UNANSWERED:
            return item | {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}
        match question.kind:
            case Kind.YES_NO | Kind.CHOICE:
                answer: Resource = {"valueCoding": self._coding(question, value)}
            case Kind.DURATION:
                answer = {"valueQuantity": _seconds(int(value))}
            case _:
                answer = {"valueInteger": value}
        return item | {"answer": [answer]}

    def _observed(self, one: Told) -> Iterator[Resource]:
        """The symptom, the worst pain, what was tried, and what was advised."""
        symptom = self._symptom(one)
        yield {"code": {"coding": [self._codes["symptom"]]}, "valueCodeableConcept": symptom} | self._site(one)
        pains = [int(one.answers[name]) for name in ("pain", "worst") if one.given(name)]
        if pains:
            yield {"code": {"coding": [self._codes["pain"]]}, "valueInteger": max(pains)}
        for tried in one.tried:
            remedy = {"text": self._words.spoken(f"remedies.{tried.remedy}.name")}
            observed: Resource = {"code": {"text": self._words.text("fhir.tried")}, "valueCodeableConcept": remedy}
            effect = {"text": self._words.text(f"fhir.effects.{tried.effect}")}
            part: Resource = {"code": {"text": self._words.text("fhir.effect")}, "valueCodeableConcept": effect}
            observed["component"] = [part]
            if tried.seconds is not None:
                after = {"code": {"text": self._words.text("fhir.after")}, "valueQuantity": _seconds(tried.seconds)}
                observed["component"].append(after)
            yield observed
        if one.level is not None:
            advice = {"text": self._words.text(f"advice.levels.{one.level.id}")}
            yield {
                "code": {"text": self._words.text("fhir.advice")},
                "valueCodeableConcept": advice,
                "note": [{"text": self._words.text("closing")}],
            }

    def _symptom(self, one: Told) -> Resource:
        code = next(code for code in self._codes["symptoms"] if _fits(code, one))
        return {"coding": [{"system": _ICD, "code": code["code"], "display": code["display"]}]}

    def _site(self, one: Told) -> Resource:
        if not one.given("place"):
            return {}
        return {"bodySite": {"text": self._words.answer(self._protocol.questions["place"], one.answers["place"])}}

    def _coding(self, question: Question, value: Value) -> Resource:
        system = f"urn:uuid:{_address('answers', '' if question.kind is Kind.YES_NO else question.id)}"
        return {"system": system, "code": str(value), "display": self._words.answer(question, value)}


def _fits(code: Mapping[str, Any], one: Told) -> bool:
    answered = all(one.answers.get(name) in code[name] for name in ("happening", "place") if name in code)
    if not answered or "night" not in code:
        return answered
    begin, end = code["night"]
    return bool(one.began.hour >= begin or one.began.hour < end)


def _seconds(seconds: int) -> Resource:
    return {"value": seconds, "unit": "s", "system": _UNITS, "code": "s"}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _address(*names: str) -> str:
    """The same for the same names, today and in the next report."""
    return str(uuid5(NAMESPACE_URL, ":".join(("charley", *names))))
