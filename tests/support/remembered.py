"""Remembered cramps as real interviews leave them, to report on."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from skill.episodes.episode import Effect, Episode, Tried
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Answer, Coached, Kind, Question, Value
from skill.triage.scenarios import Scenarios
from skill.triage.walk import walk

NOW: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

#: Mostly a calf at night, as in life.
PLACES: Final = ("calf", "calf", "calf", "foot")
_AMOUNTS: Final[Mapping[Kind, tuple[int, ...]]] = {
    Kind.DURATION: (20, 90, 300, 540, 601, 1800, 86_400, 5_184_000),
    Kind.COUNT: (1, 3, 8),
    Kind.SCALE: (2, 5, 7, 9),
}


def cramps(count: int, *, seed: int = 7, days: int = 200) -> tuple[Episode, ...]:
    """So many whole conversations over so many days before NOW, the oldest first; some with all a doctor asks."""
    chance = random.Random(seed)
    ages = sorted((chance.uniform(0.5, days) for _ in range(count)), reverse=True)
    return tuple(_cramps(ages, chance))


def _cramps(ages: list[float], chance: random.Random) -> Iterator[Episode]:
    protocol = load_protocol()
    benign = Scenarios(protocol).benign

    def respond(question: Question) -> Value:
        if question.kind is Kind.YES_NO:
            weights = (1, 97, 1, 1) if question.red_flag is not None else (40, 55, 3, 2)
            return chance.choices((YES, NO, UNSURE, UNANSWERED), weights)[0]
        if question.id == "place":
            return chance.choice(PLACES)
        if question.kind is Kind.CHOICE:
            return chance.choice(question.choices)
        return chance.choice(_AMOUNTS[question.kind])

    for number, age in enumerate(ages, 1):
        start = Interview(protocol).answer("emergency", benign["emergency"])
        end = walk(start, respond)
        interview = end.end
        if chance.random() < 0.3:
            interview = walk(interview.answer("trigger", "exercise").answer("doctor", YES), respond).end
        verdict = interview.verdict()
        yield Episode(
            number,
            (NOW - timedelta(days=age)).replace(microsecond=0),
            tuple(entry for entry in interview.history if isinstance(entry, Answer)),
            verdict.level,
            ended=True,
            tried=tuple(_tried(interview, chance)),
            reasons=tuple(reason.rule for reason in verdict.reasons),
            remedies=tuple(remedy.id for remedy in verdict.remedies),
        )


def _tried(interview: Interview, chance: random.Random) -> Iterator[Tried]:
    eased = interview.value("eased") == YES
    led = [entry.remedy for entry in interview.history if isinstance(entry, Coached) and not entry.opening]
    for remedy in led:
        effect = Effect.EASED if eased and remedy == led[-1] else Effect.NOT_EASED
        yield Tried(remedy, effect, chance.choice((20, 45, 130)))
