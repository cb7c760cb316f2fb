"""Where a conversation begins: afresh, or at an earlier cramp."""

from dataclasses import dataclass
from datetime import datetime

from skill.dialogue.prompts import Prompts, Utterance
from skill.episodes.episode import Episode
from skill.episodes.followup import known_answers
from skill.triage.definition import Protocol
from skill.triage.interview import Interview


@dataclass(frozen=True, slots=True)
class Beginning:
    """The interview to start with, and what is said before its first question."""

    interview: Interview
    opening: tuple[Utterance, ...] = ()
    keeping: bool = True
    """Whether this is a cramp of its own, to be remembered; a follow-up is none."""


def follow_up(
    episodes: tuple[Episode, ...], now: datetime, first: Protocol, followup: Protocol, prompts: Prompts
) -> Beginning:
    """Ask about the newest of `episodes` (the oldest first); without any, hold the ordinary conversation.

    `now` carries the person's time zone, because "yesterday" depends on it.
    """
    if not episodes:
        return Beginning(Interview(first), (prompts.utterance("dialogue.followup.none"),))
    last = episodes[-1]
    known = known_answers(last, episodes, now, first)
    return Beginning(Interview(followup, known=known), (_last_time(last, now, prompts),), keeping=False)


def _last_time(episode: Episode, now: datetime, prompts: Prompts) -> Utterance:
    """When and where it cramped."""
    days = (now.date() - episode.began.astimezone(now.tzinfo).date()).days
    name = "today" if days < 1 else "yesterday" if days == 1 else "days"
    when = prompts.utterance(f"dialogue.followup.when.{name}", days=str(days)).text
    place = f"questions.place.values.{episode.value('place')}"
    if not prompts.has(place):
        return prompts.utterance("dialogue.followup.last_time_somewhere", when=when)
    return prompts.utterance("dialogue.followup.last_time", when=when, place=prompts.utterance(place).text)
