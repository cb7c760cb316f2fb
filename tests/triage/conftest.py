"""The shipped protocol, and a small one written into a test."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from skill.system import resources
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol, read_protocol
from skill.triage.proof import Proof, prove
from skill.triage.scenarios import Scenarios

#: A whole protocol on one screen: a calf or a back, one red flag each, two remedies.
SMALL = {
    "sources": "guide: A guideline",
    "questions": """\
        emergency: {kind: yes_no, stage: first, red_flag: emergency}
        place: {kind: choice, stage: first, choices: [calf, back]}
        cramping: {kind: yes_no, stage: first}
        swelling: {kind: yes_no, stage: during, red_flag: urgent, when: {place: calf}}
        eased: {kind: yes_no, stage: relief, when: {cramping: "yes"}}
        overdue: {kind: yes_no, stage: clock, red_flag: urgent, when: {cramping: "yes"}}
        how_long: {kind: duration, stage: after, when: {eased: "no"}}
        """,
    "conditions": "calf: {place: calf}",
    "rules": """\
        dire: {level: emergency, when: {emergency: "yes"}, sources: guide}
        clot: {level: urgent, when: {swelling: "yes"}, sources: guide}
        overdue: {level: urgent, when: {overdue: "yes"}, sources: guide}
        stubborn: {level: soon, when: {how_long: {at_least: 600}}, sources: guide}
        """,
    "remedies": """\
        stretch:
          fits: calf
          never: {swelling: "yes"}
          steps: [20]
          coached: true
          opening: true
          sources: guide
        rest: {fits: {place: [calf, back]}, steps: [0], coached: true, up_to: urgent, sources: guide}
        """,
    "causes": "effort: {supports: [calf], sources: guide}",
    "prevention": 'stretches: {when: calf, never: {swelling: "yes"}, sources: guide}',
    "first_aid": 'lie_down: {when: {emergency: "yes"}, sources: guide}',
    "watch": "breath: {when: calf, sources: guide}",
    "faq": "worry: guide",
    "texts": "levels: guide",
    "doctor": "{}",
    "memory": "{}",
    "relief": """\
        cramping: {cramping: "yes"}
        eased: eased
        most_coached: 2
        most_remedies: 2
        limit: {seconds: 600, question: overdue}
        signs: {gone: {eased: "yes"}}
        alarms: {breathing: {emergency: "yes"}}
        """,
}

ProtocolWith = Callable[..., Protocol]


@pytest.fixture(scope="session", name="protocol")
def _protocol() -> Protocol:
    return load_protocol()


@pytest.fixture(scope="session", name="followup")
def _followup() -> Protocol:
    return load_protocol(resources.FOLLOWUP)


@pytest.fixture(scope="session", name="scenarios")
def _scenarios(protocol: Protocol) -> Scenarios:
    return Scenarios(protocol)


@pytest.fixture(scope="session", name="proof")
def _proof(protocol: Protocol) -> Proof:
    return prove(protocol)


@pytest.fixture(name="protocol_with")
def _protocol_with(tmp_path: Path) -> ProtocolWith:
    """Loads the small protocol with some of its files replaced."""

    def load(**files: str) -> Protocol:
        for name, text in (SMALL | files).items():
            (tmp_path / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
        return read_protocol(tmp_path)

    return load
