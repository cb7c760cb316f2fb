"""A mistake in the protocol is reported with file, line, what is wrong and how to mend it."""

import re
from pathlib import Path

import pytest

from skill.errors import InstallationError
from skill.triage.loader import read_protocol
from skill.triage.model import Answer, Kind, Level
from tests.triage.conftest import ProtocolWith


def test_the_small_protocol_says_what_it_means(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    assert list(protocol.questions) == ["emergency", "place", "cramping", "swelling", "eased", "overdue", "how_long"]
    assert protocol.questions["place"].kind is Kind.CHOICE
    assert protocol.questions["place"].choices == ("calf", "back")
    assert protocol.questions["place"].grammar == "place"
    assert protocol.questions["swelling"].red_flag is Level.URGENT
    assert protocol.questions["how_long"].grammar == "duration"
    assert [rule.id for rule in protocol.rules] == ["dire", "clot", "overdue", "stubborn"]
    assert [step.seconds for step in protocol.remedies["stretch"].steps] == [20]
    assert protocol.alarms["breathing"] == Answer("emergency", "yes")
    assert protocol.signs["gone"] == Answer("eased", "yes")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "rules",
            "clot: {level: urgent, when: {swelling: yes}, sources: guide}",
            'rules.yaml, line 1: the word yes stands without quotes; write "yes".',
        ),
        (
            "rules",
            'clot:\n  level: urgent\n  when: {swollen: "yes"}\n  sources: guide\n',
            "rules.yaml, line 3: there is no question 'swollen'; name one of questions.yaml.",
        ),
        (
            "rules",
            "far:\n  level: urgent\n  when: {place: moon}\n  sources: guide\n",
            "rules.yaml, line 3: 'place' has no answer 'moon'; name one of its answers.",
        ),
        (
            "rules",
            'clot: {level: urgent, when: {swelling: "yes"}, sources: hearsay}',
            "rules.yaml, line 1: there is no source 'hearsay'; add it to sources.yaml.",
        ),
        (
            "rules",
            'clot: {level: urgent, when: {swelling: "yes"}, sources: []}',
            "rules.yaml, line 1: no source is named; name at least one of sources.yaml.",
        ),
        (
            "rules",
            'clot: {level: dire, when: {swelling: "yes"}, sources: guide}',
            "rules.yaml, line 1: 'dire' is not known; use one of self_care, soon, urgent, emergency.",
        ),
        (
            "rules",
            'odd: {level: soon, when: {place: back, swelling: "yes"}, sources: guide}',
            "rules.yaml, line 1: 'odd' can never apply; its answers exclude each other: mend its conditions.",
        ),
        (
            "rules",
            'lower: {level: soon, when: {swelling: "no"}, sources: guide}',
            "rules.yaml, line 1: a no to the red flag 'swelling' would count for something; use \"yes\".",
        ),
        (
            "rules",
            'doubt: {level: soon, when: {swelling: "unsure"}, sources: guide}',
            "rules.yaml, line 1: 'unsure' counts as the worse answer by itself; leave it out.",
        ),
        (
            "rules",
            "none: {level: soon, when: {all: []}, sources: guide}",
            "rules.yaml, line 1: the rule 'none' looks at no question; name one below `when`.",
        ),
        (
            "rules",
            'clot: {level: urgent, when: {not: {swelling: "yes"}}, sources: guide}',
            "rules.yaml, line 1: there is no question 'not'; name one of questions.yaml.",
        ),
        (
            "rules",
            'clot: {level: urgent, unless: calf, when: {swelling: "yes"}, sources: guide}',
            "rules.yaml, line 1: 'unless' means nothing here; use level, when, sources.",
        ),
        (
            "rules",
            "clot:\n  level: urgent\n  sources: guide\n",
            "rules.yaml, line 2: 'when' is missing; add `when: …`.",
        ),
        (
            "rules",
            "clot: {level: urgent, when: calf, sources: guide}\nclot: {level: soon, when: calf, sources: guide}\n",
            "rules.yaml, line 2: 'clot' stands twice; remove one of the two.",
        ),
        (
            "rules",
            "stubborn: {level: soon, when: {how_long: {at_least: ten}}, sources: guide}",
            "rules.yaml, line 1: a whole number is expected here; write digits without quotes.",
        ),
        (
            "rules",
            "clot: {level: urgent, when: shin, sources: guide}",
            "rules.yaml, line 1: there is no condition 'shin'; name one of conditions.yaml.",
        ),
        (
            "remedies",
            "rest: {fits: calf, steps: [a while], sources: guide}",
            "remedies.yaml, line 1: a whole number is expected here; write digits without quotes.",
        ),
        (
            "remedies",
            'rest: {fits: calf, never: {eased: "no"}, steps: [0], coached: true, sources: guide}',
            "remedies.yaml, line 1: eased is asked after the remedy; give it the stage first or during.",
        ),
        (
            "remedies",
            "rest: {fits: calf, steps: [0], coached: maybe, sources: guide}",
            "remedies.yaml, line 1: true or false is expected here; write one of the two without quotes.",
        ),
        (
            "questions",
            "how: {kind: yes_no, stage: first, when: calf}\nplace: {kind: choice, stage: first, choices: [calf]}\n",
            "questions.yaml, line 1: 'how' depends on place, which comes later; move it below.",
        ),
        (
            "questions",
            "place: {kind: choice, stage: first}",
            "questions.yaml, line 1: 'place' is of kind choice; give `choices` to a choice and to nothing else.",
        ),
        ("sources", "", "sources.yaml is empty: reinstall Charley."),
        (
            "sources",
            "guide: 2022",
            "sources.yaml, line 1: '2022' is not text; write \"2022\".",
        ),
        (
            "sources",
            "guide: [a, b]",
            "sources.yaml, line 1: one word or sentence is expected here; write it as plain text.",
        ),
        (
            "sources",
            "a guideline",
            "sources.yaml, line 1: names with values are expected here; write `name: value`.",
        ),
    ],
)
def test_a_mistake_is_reported_where_it_stands(protocol_with: ProtocolWith, file: str, text: str, message: str) -> None:
    with pytest.raises(InstallationError, match=f"^{re.escape(message)}$"):
        protocol_with(**{file: text})


def test_broken_yaml_is_reported_with_its_line(protocol_with: ProtocolWith) -> None:
    with pytest.raises(InstallationError, match=r"^sources\.yaml, line 2: .*; mend indentation or quotes\.$"):
        protocol_with(sources="guide: A guideline\n  other: Another\n")


def test_a_clock_that_would_be_asked_is_reported(protocol_with: ProtocolWith) -> None:
    relief = """\
        cramping: {cramping: "yes"}
        eased: eased
        most_coached: 2
        most_remedies: 2
        limit: {seconds: 600, question: eased}
        signs: {}
        alarms: {}
        """
    with pytest.raises(InstallationError, match="'eased' is put to the person; give it the stage clock"):
        protocol_with(relief=relief)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"sources\.yaml cannot be read: reinstall Charley\.$"):
        read_protocol(tmp_path)
