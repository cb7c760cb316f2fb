"""What earlier conversations have told of the person, so that it need not be asked every night."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from skill.episodes.episode import Effect, Episode
from skill.triage.definition import Protocol
from skill.triage.interview import takes
from skill.triage.model import NO, UNSURE, YES, Answer, Helped, Value

#: Older answers are asked anew: children grow, and people fall ill.
KEPT_FOR: Final = timedelta(days=365)


def what_helped(episodes: Iterable[Episode], now: datetime, protocol: Protocol) -> tuple[Helped, ...]:
    """For each kind of cramp what eased it last time, unless it made one worse since. `episodes`: the oldest first."""
    remembrance = protocol.remembrance
    if remembrance is None:
        return ()
    helped: dict[Value, Helped] = {}
    worse: set[tuple[Value, str]] = set()
    for episode in reversed([one for one in episodes if now - one.began <= KEPT_FOR]):
        where = episode.value(remembrance.alike)
        if where is None:
            continue
        for tried in reversed(episode.tried):
            if tried.effect is Effect.WORSE:
                worse.add((where, tried.remedy))
            elif tried.effect is Effect.EASED and tried.seconds is not None and (where, tried.remedy) not in worse:
                helped.setdefault(where, Helped(tried.remedy, where, tried.seconds))
    return tuple(helped.values())


def remembered_answers(episodes: Iterable[Episode], now: datetime, protocol: Protocol) -> tuple[Answer, ...]:
    """What does not change from night to night, and the no to what nothing has changed about, by the newest telling.

    `episodes`: the oldest first. Nothing where nothing lasting is known. Doubts are not kept: they are asked anew.
    """
    remembrance = protocol.remembrance
    if remembrance is None:
        return ()
    told: dict[str, Value] = {}
    for episode in reversed([one for one in episodes if now - one.began <= KEPT_FOR]):
        for question in (*remembrance.kept, *remembrance.denied):
            value = episode.value(question)
            if value is not None and takes(protocol.questions[question], value):
                told.setdefault(question, value)
        if episode.value(remembrance.changed) not in (None, NO):
            break  # what was told before has changed since
    kept = tuple(Answer(one, told[one]) for one in remembrance.kept if told.get(one, UNSURE) != UNSURE)
    denied = tuple(Answer(one, NO) for one in remembrance.denied if told.get(one, NO) not in (YES, UNSURE))
    return (*kept, *denied) if kept else ()
