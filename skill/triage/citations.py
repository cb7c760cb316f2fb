"""Which sources each text rests on: a text of a rule on those of the rule, and so on."""

from collections.abc import Iterator

from skill.triage.condition import questions
from skill.triage.definition import Protocol, Stage

#: Files of prompts in which every text makes a clinical statement.
CLINICAL = (
    "questions", "reasons", "remedies", "causes", "prevention", "first_aid", "watch", "levels", "faq", "numbers",
    "advice_lines",
)  # fmt: skip


def sources_of(prompt: str, protocol: Protocol) -> tuple[str, ...]:
    """The ids of the sources of a prompt, such as `questions.cold.ask`; empty where there is none."""
    topic, name, *_ = (*prompt.split("."), "")
    for kind, entries in (
        ("reasons", protocol.rules),
        ("causes", protocol.causes),
        ("prevention", protocol.prevention),
        ("first_aid", protocol.first_aid),
        ("watch", protocol.watch),
        ("remedies", protocol.remedies.values()),
    ):
        if topic == kind:
            return next((entry.sources for entry in entries if entry.id == name), ())
    if topic == "questions" and (bearing := sources_of_question(name, protocol)):
        return bearing
    parts = prompt.split(".")
    beginnings = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((protocol.cited[beginning] for beginning in beginnings if beginning in protocol.cited), ())


def sources_of_question(name: str, protocol: Protocol) -> tuple[str, ...]:
    """Those of all that looks at its answer; else of the questions that it leads to; else of the doctor's interview."""
    if name not in protocol.questions:
        return ()
    for reach in (frozenset({name}), protocol.opens[name]):
        found = dict.fromkeys(source for bearing in _bearing(reach, protocol) for source in bearing)
        if found:
            return tuple(found)
    asked_for_doctor = protocol.stages[name] in (Stage.OFFER, Stage.DOCTOR)
    return protocol.doctor.sources if protocol.doctor and asked_for_doctor else ()


def _bearing(reach: frozenset[str], protocol: Protocol) -> Iterator[tuple[str, ...]]:
    """The sources of whatever looks at one of these questions: rules first, else all else."""
    rules = [rule.sources for rule in protocol.rules if reach & rule.looks_at]
    if rules:
        yield from rules
        return
    yield from (offer.remedy.sources for offer in protocol.offers if reach & offer.looks_at)
    yield from (cause.sources for cause in protocol.causes if any(reach & questions(one) for one in cause.supports))
    for said in (*protocol.prevention, *protocol.first_aid, *protocol.watch):
        if reach & (questions(said.when) | questions(said.never)):
            yield said.sources
