"""Puts a verdict into words: what to do first, then why, then what may ease it."""

from collections.abc import Iterator
from typing import Final

from skill.dialogue.events import Concluded, ReasonGiven
from skill.dialogue.prompts import Contacts, Prompts, Utterance
from skill.settings import Detail
from skill.triage.interview import Interview
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
    verdict: Verdict, interview: Interview, prompts: Prompts, contacts: Contacts, detail: Detail
) -> tuple[Utterance, ...]:
    """What is spoken, the most important first; the last of it, short of an emergency, is what to look out for.

    The short form of `detail` only names remedies and leaves out causes; the full form says what each is good for.
    """
    said = [prompts.utterance(f"levels.{verdict.level.id}.say", number=contacts.number, line=contacts.line)]
    weighty = [reason for reason in verdict.reasons if reason.level is verdict.level]
    for position, reason in enumerate(weighty[: SPOKEN_REASONS[detail]]):
        words = prompts.utterance(f"reasons.{reason.rule}")
        said.append(Utterance(words.prompt, f"{prompts.utterance(_lead(reason, position)).text} {words.text}"))
    if verdict.level is Level.EMERGENCY:
        said += [prompts.utterance(f"first_aid.{aid.id}") for aid in interview.first_aid()]
        return (*said, prompts.utterance("dialogue.undo_hint"))
    said += _eased_by(verdict.remedies, prompts, detail)
    if verdict.level <= Level.SOON and detail is not Detail.BRIEF:
        said += [prompts.utterance(f"causes.{cause.id}") for cause in interview.causes()[:SPOKEN_CAUSES]]
    said += [prompts.utterance(f"watch.{sign.id}", number=contacts.number) for sign in interview.watch()]
    return tuple(said)


def _eased_by(remedies: tuple[Remedy, ...], prompts: Prompts, detail: Detail) -> Iterator[Utterance]:
    """The remedies: those that are coached by name, the others with what to do, the caution before it."""
    told = () if detail is Detail.BRIEF else tuple(one for one in remedies if not _coached(one))
    named = [prompts.utterance(f"remedies.{one.id}.name").text for one in remedies if one not in told]
    if named:
        yield prompts.utterance("dialogue.remedies", names="; ".join(named))
    for remedy in remedies:
        caution = f"remedies.{remedy.id}.caution"
        if not _coached(remedy) and prompts.has(caution):
            yield prompts.utterance(caution)
        if remedy in told:
            yield from (prompts.utterance(f"remedies.{remedy.id}.steps.{n}") for n in range(len(remedy.steps)))
        if detail is Detail.FULL:
            yield prompts.utterance(f"remedies.{remedy.id}.why")


def _coached(remedy: Remedy) -> bool:
    """Whether something is held in it, so that whoever needs it has been led through it, cautions and all."""
    return any(step.seconds for step in remedy.steps)


def _lead(reason: Reason, position: int) -> str:
    """What goes before a reason; one that rests on a doubtful answer says so."""
    if reason.assumed:
        return "dialogue.assumed"
    return "dialogue.also" if position else "dialogue.because"
