"""Where a conversation begins: afresh, where it was cut off, or at an earlier cramp."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from skill.dialogue.looking_back import last_time
from skill.dialogue.prompts import Prompts, Utterance
from skill.dialogue.summary import summary_of
from skill.episodes.episode import Episode
from skill.episodes.followup import known_answers, recent_cramps
from skill.episodes.remembrance import remembered_answers, what_helped
from skill.listening.ear import SILENCE, Heard
from skill.triage.definition import Protocol
from skill.triage.interview import Interview, takes
from skill.triage.model import NO, Answer, Level

#: A conversation that began longer ago is not gone on with: too much may have changed.
RESUMABLE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The interview to start with, and what is said before its first question."""

    interview: Interview
    opening: tuple[Utterance, ...] = ()
    cut_off: Episode | None = None
    """An unfinished conversation that the person may wish to go on with."""
    said: Heard = SILENCE
    """What the person has said already, to be taken as the answer to the first question."""
    volunteered: tuple[Answer, ...] = ()
    """What the person has told already of other questions than the first one."""
    told: tuple[Utterance, ...] = ()
    """What the doctor's summary says of the earlier cramp that a follow-up is about."""
    doubtful: bool = False
    """Whether nothing but the name was heard, which may have been a mistake: perhaps nobody is there."""
    keeping: bool = True
    """Whether this is a cramp of its own, to be remembered; a follow-up is none."""


def afresh(episodes: tuple[Episode, ...], now: datetime, protocol: Protocol) -> Beginning:
    """A fresh interview that knows how many of `episodes` (the oldest first) were lately, this cramp included.

    The newest one may be gone on with if it was cut off a short while ago.
    """
    newest = episodes[-1] if episodes else None
    cut_off = newest if newest is not None and not newest.ended and _just_now(newest.began, now) else None
    earlier = (episode for episode in episodes if episode is not cut_off)
    lately = Answer("lately", recent_cramps(earlier, now) + 1)
    remembered = remembered_answers(episodes, now, protocol)
    helped = what_helped(episodes, now, protocol)
    return Beginning(Interview(protocol, known=(lately,), remembered=remembered, helped=helped), cut_off=cut_off)


def kept(interview: Interview, prompts: Prompts) -> Utterance:
    """What is remembered of the person, in one sentence."""
    remembrance = interview.protocol.remembrance
    names = remembrance.kept if remembrance else ()
    facts = (f"questions.{one.question}.kept.{one.value}" for one in interview.remembered if one.question in names)
    return prompts.utterance("dialogue.kept", facts=", ".join(prompts.utterance(fact).text for fact in facts))


def _just_now(began: datetime, now: datetime) -> bool:
    """Whether it is a short while ago; what lies in the future began at a time that nobody knows."""
    return timedelta(0) <= now - began < RESUMABLE


def resumed(episode: Episode, interview: Interview) -> Interview:
    """The interview with the episode's answers.

    Denied signs of an emergency are asked anew, because they may have come since; so is what this protocol cannot read.
    """
    protocol = interview.protocol
    return replace(interview, history=tuple(answer for answer in episode.answers if _still_holds(answer, protocol)))


def _still_holds(answer: Answer, protocol: Protocol) -> bool:
    question = protocol.questions.get(answer.question)
    if question is None or not takes(question, answer.value):
        return False
    return question.red_flag is not Level.EMERGENCY or answer.value != NO


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
    told = summary_of(last, first, prompts)
    return Beginning(Interview(followup, known=known), (last_time(last, now, prompts),), told=told, keeping=False)
