"""Every shipped patient through the real recogniser and the real dialogue, and by typing."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skill.demo.patient import Patient, load_patient, patient_names
from skill.episodes.store import EpisodeStore
from skill.listening.moonshine import installed
from skill.triage.model import Level
from tests.end_to_end.conftest import Charley, without_sound


def parsed(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def come_back(patient: Patient, home: Path) -> tuple[str, ...]:
    """The command for this patient; what a follow-up asks about is put into the memory first."""
    if patient.remembered is None:
        return ("type",)
    now = datetime.now(UTC)
    episode = patient.remembered.episode(now)
    with closing(EpisodeStore(home / "data" / "charley" / "episodes.sqlite")) as store:
        number = store.begin(episode.began)
        store.keep(number, episode.answers)
        store.conclude(number, episode.level)
    return ("followup", "--type")


def is_right(level: str, patient: Patient) -> bool:
    """Whether that is the advice for this story; where sentences are heard less well it may be graver, never milder."""
    talks = patient.id.startswith("talks_")
    graver = talks and not installed() and Level[level.upper()] > Level[patient.level.upper()]
    return level == patient.level or graver


def last_verdict(events: list[dict[str, Any]]) -> str:
    return str([event for event in events if event["event"] == "verdict"][-1]["level"])


@pytest.mark.parametrize("name", patient_names())
def test_the_patient_gets_the_right_advice_by_voice(charley: Charley, name: str) -> None:
    finished = charley("demo", name, "--events")
    assert finished.returncode == 0, finished.stderr
    events = parsed(finished.stdout)
    assert is_right(last_verdict(events), load_patient(name)), last_verdict(events)
    assert events[-1]["event"] == "end"


@pytest.mark.parametrize("name", patient_names())
def test_the_patient_gets_the_right_advice_by_typing(name: str, tmp_path: Path) -> None:
    patient, asked = load_patient(name), Counter[str]()
    events = []
    command = [sys.executable, "-m", "skill", *come_back(patient, tmp_path), "--events"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=without_sound(tmp_path)
    ) as charley:
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


def prompts_said(lines: str) -> list[str]:
    return [event["prompt"] for event in parsed(lines) if event["event"] == "say"]


def test_questions_of_the_patient_are_answered_in_between(charley: Charley) -> None:
    said = prompts_said(charley("demo", "questions_in_between", "--events").stdout)
    assert {"faq.charley_horse.answer", "faq.worry.answer", "faq.causes.answer"} <= {*said}


def test_the_doctors_interview_is_read_back_and_corrected_by_voice(charley: Charley) -> None:
    events = parsed(charley("demo", "getting_ready_for_the_doctor", "--events").stdout)
    answers = [(event["question"], event["value"]) for event in events if event["event"] == "answer"]
    assert answers[-3:] == [("lasts", 300), ("side", "both"), ("confirmed", "yes")]
    assert "One lasts five minutes." in [event["text"] for event in events if event["event"] == "say"]


def test_whoever_wants_it_is_told_how_to_prevent_the_next_one(charley: Charley) -> None:
    assert "prevention.calf_exercise" in prompts_said(charley("demo", "cramp_prevention", "--events").stdout)


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
