"""Every shipped patient through the real recogniser and the real dialogue, and by typing."""

import json
from typing import Any

import pytest

from skill.demo.patient import load_patient, patient_names
from tests.end_to_end.conftest import Charley


def parsed(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def last_verdict(events: list[dict[str, Any]]) -> str:
    return str([event for event in events if event["event"] == "verdict"][-1]["level"])


@pytest.mark.parametrize("name", patient_names())
def test_the_patient_gets_the_right_advice_by_voice(charley: Charley, name: str) -> None:
    finished = charley("demo", name, "--events")
    assert finished.returncode == 0, finished.stderr
    events = parsed(finished.stdout)
    assert last_verdict(events) == load_patient(name).level
    assert events[-1]["event"] == "end"


@pytest.mark.parametrize("name", patient_names())
def test_the_patient_gets_the_right_advice_by_typing(charley: Charley, name: str) -> None:
    spoken = parsed(charley("demo", name, "--events").stdout)
    asked = [event for event in spoken if event["event"] == "ask"]
    heard = {event["question"]: event["value"] for event in spoken if event["event"] == "answer"}
    said = load_patient(name).replies
    lines = [said.get(event["question"], (str(heard[event["question"]]),))[0] for event in asked]
    finished = charley("type", "--events", typed="\n".join(lines) + "\n")
    assert last_verdict(parsed(finished.stdout)) == load_patient(name).level


def test_events_are_all_that_is_printed_and_each_is_one_line_of_json(charley: Charley) -> None:
    events = parsed(charley("demo", "calf_at_night", "--events").stdout)
    assert {event["event"] for event in events} == {"say", "ask", "heard", "answer", "coach", "verdict", "end"}
    assert [event["event"] for event in events].count("end") == 1


def test_without_events_the_conversation_is_captioned(charley: Charley) -> None:
    finished = charley("demo", "chest_pain")
    assert "1 1 2" in finished.stdout or "9 1 1" in finished.stdout or "9 9 9" in finished.stdout
    assert finished.stderr == ""


def test_the_list_names_every_patient(charley: Charley) -> None:
    finished = charley("demo", "--list")
    assert all(name in finished.stdout for name in patient_names())


def test_a_session_needs_no_network(charley: Charley) -> None:
    finished = charley("demo", "calf_at_night", "--events", before=("unshare", "--map-root-user", "--net"))
    assert last_verdict(parsed(finished.stdout)) == "self_care"
