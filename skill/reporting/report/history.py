"""Remembered cramps as the report needs them: what counted then, and why it was advised."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from skill.episodes.episode import Effect, Episode, Note, Tried
from skill.triage.definition import Protocol
from skill.triage.interview import Interview, takes
from skill.triage.model import UNANSWERED, Answer, Level, Value


@dataclass(frozen=True, slots=True)
class Told:
    """One conversation about a cramp."""

    id: int
    began: datetime
    """In the person's time zone."""
    answers: Mapping[str, Value]
    """What was answered and counts, by question; UNANSWERED where somebody was asked in vain."""
    level: Level | None
    """What was advised; None where the conversation broke off before."""
    ended: bool
    """Whether it came to its end."""
    reasons: tuple[str, ...]
    """The rules that reached this level; none where this protocol no longer has them."""
    remedies: tuple[str, ...]
    """What the advice named to ease it."""
    tried: tuple[Tried, ...]
    """What the person was told or led through."""
    notes: tuple[Note, ...]
    """What was written down later, in the person's own words."""

    def given(self, question: str) -> bool:
        """Whether there is an answer of use."""
        return self.answers.get(question, UNANSWERED) != UNANSWERED

    @property
    def eased_by(self) -> Tried | None:
        """What eased it; None where nothing did, or nobody said."""
        return next((one for one in reversed(self.tried) if one.effect is Effect.EASED), None)


def histories(episodes: Iterable[Episode], protocol: Protocol, since: datetime | None = None) -> tuple[Told, ...]:
    """Every conversation since then in which something was answered; `episodes` and the result: the oldest first."""
    return tuple(
        _told(episode, protocol)
        for episode in episodes
        if episode.answers and (since is None or episode.began >= since)
    )


def _told(episode: Episode, protocol: Protocol) -> Told:
    answers = tuple(_readable(episode.answers, protocol))
    reasons, remedies = episode.reasons, episode.remedies
    if not reasons and episode.level is not None:  # an older Charley has kept it
        verdict = Interview(protocol, history=answers).verdict()
        reasons = tuple(reason.rule for reason in verdict.reasons)
        remedies = tuple(remedy.id for remedy in verdict.remedies)
    weighty = {rule.id for rule in protocol.rules if rule.level is episode.level}
    return Told(
        episode.id,
        episode.began.astimezone(),
        {answer.question: answer.value for answer in answers},
        episode.level,
        episode.ended,
        tuple(rule for rule in reasons if rule in weighty),
        tuple(remedy for remedy in remedies if remedy in protocol.remedies),
        tuple(one for one in episode.tried if one.remedy in protocol.remedies),
        episode.notes,
    )


def _readable(answers: Iterable[Answer], protocol: Protocol) -> Iterator[Answer]:
    """The answers that this protocol can read; another Charley may have asked otherwise."""
    questions = protocol.questions
    return (one for one in answers if one.question in questions and takes(questions[one.question], one.value))
