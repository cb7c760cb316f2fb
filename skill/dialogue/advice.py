"""Puts a verdict into words: what to do first, then why, then what may ease it."""

from typing import Final

from skill.dialogue.events import Concluded, ReasonGiven
from skill.dialogue.prompts import Prompts, Utterance
from skill.settings import Detail
from skill.triage.definition import Cause
from skill.triage.model import Level, Reason, Remedy, Verdict

#: Reasons that are spoken; a frightened person remembers two, the event and the screen carry all of them.
SPOKEN_REASONS: Final = {Detail.BRIEF: 1, Detail.NORMAL: 2, Detail.FULL: 4}
#: Causes that are spoken, the best supported ones; each is said as "may".
SPOKEN_CAUSES: Final = 2


def concluded(verdict: Verdict, prompts: Prompts) -> Concluded:
    """The verdict as an event, every reason with its text and sources."""
    return Concluded(
        verdict.level.id,
        tuple(
            ReasonGiven(reason.rule, prompts.utterance(f"reasons.{reason.rule}").text, reason.sources)
            for reason in verdict.reasons
        ),
        tuple(remedy.id for remedy in verdict.remedies),
    )


def advice(
    verdict: Verdict, causes: tuple[Cause, ...], prompts: Prompts, number: str, detail: Detail
) -> tuple[Utterance, ...]:
    """What is spoken, the most important first. `number` is the emergency number as the voice reads it.

    The short form of `detail` leaves out causes; the full form says what each remedy is good for.
    """
    said = [prompts.utterance(f"levels.{verdict.level.id}.say", number=number)]
    weighty = [reason for reason in verdict.reasons if reason.level is verdict.level]
    for position, reason in enumerate(weighty[: SPOKEN_REASONS[detail]]):
        words = prompts.utterance(f"reasons.{reason.rule}")
        said.append(Utterance(words.prompt, f"{prompts.utterance(_lead(reason, position)).text} {words.text}"))
    if verdict.level is Level.EMERGENCY:
        said.append(prompts.utterance("dialogue.undo_hint"))
    elif verdict.remedies:
        names = [prompts.utterance(f"remedies.{remedy.id}.name").text for remedy in verdict.remedies]
        said.append(prompts.utterance("dialogue.remedies", names="; ".join(names)))
        said += [prompts.utterance(caution) for caution in _cautions(verdict.remedies) if prompts.has(caution)]
        if detail is Detail.FULL:
            said += [prompts.utterance(f"remedies.{remedy.id}.why") for remedy in verdict.remedies]
    if verdict.level <= Level.SOON and detail is not Detail.BRIEF:
        said += [prompts.utterance(f"causes.{cause.id}") for cause in causes[:SPOKEN_CAUSES]]
    return tuple(said)


def _cautions(remedies: tuple[Remedy, ...]) -> tuple[str, ...]:
    """The prompts of the cautions that no coaching has said: those of remedies in which nothing is held."""
    return tuple(f"remedies.{one.id}.caution" for one in remedies if not any(step.seconds for step in one.steps))


def _lead(reason: Reason, position: int) -> str:
    """What goes before a reason; one that rests on a doubtful answer says so."""
    if reason.assumed:
        return "dialogue.assumed"
    return "dialogue.also" if position else "dialogue.because"
