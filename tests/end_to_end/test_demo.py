"""Every shipped patient through the real recogniser and the real dialogue, and by typing."""

import json
import subprocess
import sys
from collections import Counter
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
def test_the_patient_gets_the_right_advice_by_typing(name: str) -> None:
    patient, asked = load_patient(name), Counter[str]()
    events = []
    command = [sys.executable, "-m", "skill", "type", "--events"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as charley:
        assert charley.stdin is not None
        assert charley.stdout is not None
        for line in charley.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "ask":
                question = events[-1]["question"]
                replies = patient.replies.get(question, (patient.otherwise,))
                charley.stdin.write(f"{replies[min(asked[question], len(replies) - 1)]}\n")
                charley.stdin.flush()
                asked[question] += 1
    assert last_verdict(events) == patient.level


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
