"""What the memory answers by voice: how often it cramped, and what helped."""

from collections import Counter
from datetime import datetime, timedelta

from skill.dialogue.amounts import spoken_amount, spoken_span
from skill.dialogue.prompts import Prompts, Utterance
from skill.episodes.episode import Episode
from skill.episodes.followup import recent_cramps
from skill.episodes.memory import Past
from skill.triage.model import Kind


def how_often(past: Past | None, prompts: Prompts) -> tuple[Utterance, ...]:
    """How many cramps there were this month and lately, and when the last one was."""
    cramps = _cramps(past)
    if past is None or not cramps:
        return (prompts.utterance("dialogue.diary.nothing"),)
    local = (episode.began.astimezone(past.now.tzinfo) for episode in cramps)
    month = sum((began.year, began.month) == (past.now.year, past.now.month) for began in local)
    year = sum(past.now - episode.began <= timedelta(days=365) for episode in cramps)
    return (
        prompts.utterance(
            "dialogue.diary.how_often",
            month=spoken_amount(Kind.COUNT, month, prompts),
            lately=spoken_amount(Kind.COUNT, recent_cramps(cramps, past.now), prompts),
            year=spoken_amount(Kind.COUNT, year, prompts),
        ),
        last_time(cramps[-1], past.now, prompts),
    )


def what_helped(past: Past | None, prompts: Prompts) -> tuple[Utterance, ...]:
    """What eased the last cramp that anything has eased, and what eased most of them."""
    eased = [(episode, tried) for episode in _cramps(past) if (tried := episode.eased_by) is not None]
    if past is None or not eased:
        return (prompts.utterance("dialogue.diary.nothing_helped"),)
    episode, tried = eased[-1]
    name = prompts.utterance(f"remedies.{tried.remedy}.name").text
    time = spoken_span(tried.seconds or 0, prompts)
    said = [last_time(episode, past.now, prompts), prompts.utterance("dialogue.diary.helped", name=name, time=time)]
    ((most, number),) = Counter(one.remedy for _, one in eased).most_common(1)
    if number > 1:
        times = spoken_amount(Kind.COUNT, number, prompts)
        often = prompts.utterance(f"remedies.{most}.name").text
        said.append(prompts.utterance("dialogue.diary.helped_most", name=often, times=times))
    return tuple(said)


def last_time(episode: Episode, now: datetime, prompts: Prompts) -> Utterance:
    """When and where it cramped. `now` carries the person's time zone, because "yesterday" depends on it."""
    days = (now.date() - episode.began.astimezone(now.tzinfo).date()).days
    name = "unknown" if now < episode.began else "today" if days < 1 else "yesterday" if days == 1 else "days"
    when = prompts.utterance(f"dialogue.followup.when.{name}", days=str(days)).text
    place = f"questions.place.values.{episode.value('place')}"
    if not prompts.has(place):
        return prompts.utterance("dialogue.followup.last_time_somewhere", when=when)
    return prompts.utterance("dialogue.followup.last_time", when=when, place=prompts.utterance(place).text)


def _cramps(past: Past | None) -> tuple[Episode, ...]:
    """Those of which the place is known: a conversation that ended before is none."""
    return tuple(episode for episode in past.episodes if episode.value("place") is not None) if past else ()
