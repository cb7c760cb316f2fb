"""What people say in their own words, each standing for a kind, comes out right."""

import csv
from pathlib import Path

import pytest

from skill.commands.read import Read, interpreter_at, question_named, reading_of
from skill.listening.ear import typed

FILE = Path(__file__).with_name("sayings.tsv")


def sayings() -> list[tuple[str, str, str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [(row["question"], row["said"], row["kind"], row["answer"]) for row in rows]


def read(question_id: str, said: str) -> Read:
    question = question_named(question_id)
    return reading_of(typed(said), question, interpreter_at(question))


@pytest.mark.parametrize(("question", "said", "kind", "answer"), sayings())
def test_a_saying_means_what_people_mean_by_it(question: str, said: str, kind: str, answer: str) -> None:
    found = read(question, said)
    assert (found.kind, str(found.answer or "")) == (kind, answer)


def test_what_is_said_on_the_way_is_kept() -> None:
    assert read("place", "my left calf, started in bed two hours ago").also == {"side": "left"}


@pytest.mark.parametrize("said", ["it's cramping so badly i can't breathe", "no my leg and now i can't feel my legs"])
def test_a_real_alarm_in_a_sentence_is_heard(said: str) -> None:
    assert read("illness", said).kind == "alarm"


@pytest.mark.parametrize(
    "said",
    [
        "my grandad had chest pain once but that was years ago",
        "i can breathe just fine thank you",
        "when i was a boy i could not feel my legs for a week, that's long over",
    ],
)
def test_an_alarm_that_is_denied_past_or_another_persons_is_never_acted_on(said: str) -> None:
    found = read("illness", said)
    assert not (found.kind == "alarm" and found.decision == "accept")


@pytest.mark.parametrize("said", ["little by little since i woke up", "it crept up on me bit by bit"])
def test_what_came_slowly_is_not_acted_on_as_something_sudden(said: str) -> None:
    found = read("tearing", said)
    assert not (found.answer == "yes" and found.decision == "accept")
