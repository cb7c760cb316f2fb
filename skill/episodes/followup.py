"""What the memory answers, so that nobody is asked for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from skill.episodes.episode import Episode
from skill.triage.definition import Protocol
from skill.triage.interview import Interview
from skill.triage.model import UNANSWERED, Answer, Level

#: Cramps of so many days count as one row; the rules `recurs` and `returns` say how many are too many.
LATELY: Final = timedelta(days=30)


def known_answers(
    last: Episode, episodes: Iterable[Episode], now: datetime, protocol: Protocol
) -> tuple[Answer, Answer, Answer]:
    """Seconds since `last` began, cramps of the last thirty days, and the level of the last advice.

    Where the clock is behind what it showed then, as on a machine without a battery, nobody knows how long ago that is.
    `protocol` is that of the first conversation; it judges an episode that was cut off before its advice.
    """
    since = round((now - last.began).total_seconds())
    return (
        Answer("since", since if since >= 0 else UNANSWERED),
        Answer("lately", recent_cramps(episodes, now)),
        Answer("advised", int(_advised(last, protocol))),
    )


def recent_cramps(episodes: Iterable[Episode], now: datetime) -> int:
    """How many of the episodes were cramps of the last thirty days: a conversation that ended early is none.

    One that the clock places in the future counts: it may have been lately.
    """
    return sum(now - episode.began <= LATELY and episode.value("place") is not None for episode in episodes)


def _advised(episode: Episode, protocol: Protocol) -> Level:
    """The level of an episode: the advice, or what its answers amount to."""
    if episode.level is not None:
        return episode.level
    return Interview(protocol, history=episode.answers).verdict().level
