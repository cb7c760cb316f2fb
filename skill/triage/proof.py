"""The safety proof: plays every branch of the protocol and shows that no red flag ends below its level.

A branch is one place together with one course (cramping, twitching, over). In every branch that can ask for it, each
red flag is raised alone, with all else benign: with a yes, with a doubt, and with silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from skill.triage.condition import All, Is, holds, leaves
from skill.triage.definition import Item, Protocol
from skill.triage.findings import Findings
from skill.triage.interview import Interview
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Coach, Conclude, Level
from skill.triage.scenarios import Scenarios
from skill.triage.walk import Walk

#: What a person in pain can bear: answers in the median branch, with one red flag, and with nearly everything wrong.
MEDIAN_ANSWERS: Final = 11
MOST_ANSWERS: Final = 20
LONGEST: Final = 26
#: Answers that a doctor's interview may add to the advice, the last one included: is all of that right?
MOST_COLLECTED: Final = 9


@dataclass(frozen=True, slots=True)
class Check:
    """One statement about the protocol, and what contradicts it."""

    name: str
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing contradicts it."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class FlagRow:
    """What one red flag reaches alone, all else benign: the least level over all branches that ask for it."""

    question: str
    level: Level
    """The level that it must reach."""
    branches: int
    yes: Level
    unsure: Level
    unanswered: Level


@dataclass(frozen=True, slots=True)
class Proof:
    """The report."""

    checks: tuple[Check, ...]
    flags: tuple[FlagRow, ...]
    branches: int
    walks: int
    median_answers: float
    """In the median branch, all benign."""
    most_answers: int
    """In the longest branch, all benign or with one red flag."""
    longest: int
    """In the longest interview played, with nearly everything wrong."""

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


def prove(protocol: Protocol) -> Proof:
    """Play and check everything; takes seconds."""
    scenarios = Scenarios(protocol)
    benign = [scenarios.play(branch) for branch in scenarios.branches]
    walks = [*benign]
    flags = tuple(_raise_alone(item, scenarios, walks) for item in protocol.items if item.question.red_flag is not None)
    middle, most = median(one.count for one in benign), max(one.count for one in walks)
    walks.extend(_extremes(scenarios))
    longest = max(one.count for one in walks)
    collected = max(one.collected for one in walks)
    checks = (
        _check("each red flag alone reaches its level, with a yes, a doubt or silence", _below(flags)),
        _check("every question, rule, remedy, cause and advice is reached", _unreached(protocol, walks)),
        _check("every source is cited", sorted(protocol.sources.keys() - _cited(protocol))),
        _check("no rule counts a no to a red flag, so more worry never lowers the level", _reversed(protocol)),
        _check("no remedy is given, not even begun, before all that forbids it was asked", _unready(protocol, walks)),
        _check("every emergency phrase concludes as an emergency", _weak_alarms(protocol)),
        _check(f"at most {MEDIAN_ANSWERS} answers in the median branch", [f"{middle}"][: middle > MEDIAN_ANSWERS]),
        _check(f"at most {MOST_ANSWERS} answers with any one red flag", [f"{most}"][: most > MOST_ANSWERS]),
        _check(f"at most {MOST_COLLECTED} more answers for a doctor", [f"{collected}"][: collected > MOST_COLLECTED]),
        _check(f"at most {LONGEST} answers with nearly everything wrong", [f"{longest}"][: longest > LONGEST]),
    )
    return Proof(checks, flags, len(scenarios.branches), len(walks), middle, most, longest)


def _check(name: str, failures: Iterable[str]) -> Check:
    return Check(name, tuple(dict.fromkeys(failures)))


def _extremes(scenarios: Scenarios) -> Iterator[Walk]:
    """Long interviews, each remedy where it fits but must not be given, and an example of everything else."""
    protocol = scenarios.protocol
    for branch in scenarios.branches:
        yield scenarios.play({**scenarios.burdened, **branch})
        if protocol.doctor is not None:
            yield scenarios.play({protocol.doctor.offer: YES, **branch})
        yield scenarios.play_again(branch)
    for offer in protocol.offers:
        for facts in scenarios.bringing_about(All((offer.fits, offer.never))):
            yield scenarios.play(facts)
    conditions = (
        *(rule.when for rule in protocol.rules),
        *(offer.fits for offer in protocol.offers),
        *(support for cause in protocol.causes for support in cause.supports),
        *(said.when for said in (*protocol.prevention, *protocol.first_aid, *protocol.watch)),
    )
    for condition in conditions:
        for facts in scenarios.examples(condition):
            yield scenarios.play(facts)


def _raise_alone(item: Item, scenarios: Scenarios, walks: list[Walk]) -> FlagRow:
    """Play one red flag in every branch that asks for it; the walks are added to `walks`."""
    flag, name = item.question.red_flag, item.question.id
    assert flag is not None
    situations = list(scenarios.bringing_about(item.when))
    asked, least = 0, {}
    for value in (YES, UNSURE, UNANSWERED):
        played = [scenarios.play({**facts, name: value}) for facts in situations]
        told = [one for one in played if name in one.end.answers]
        asked, least[value] = len(told), min((one.verdict.level for one in told), default=Level.SELF_CARE)
        walks.extend(played)
    return FlagRow(name, flag, asked, least[YES], least[UNSURE], least[UNANSWERED])


def _below(flags: Iterable[FlagRow]) -> Iterator[str]:
    for row in flags:
        reached = min(row.yes, row.unsure, row.unanswered)
        if reached < row.level:
            yield f"{row.question} reaches only {reached.id}, not {row.level.id}"


def _unreached(protocol: Protocol, walks: Iterable[Walk]) -> list[str]:
    wanted = {
        *(f"question {name}" for name in protocol.questions),
        *(f"rule {rule.id}" for rule in protocol.rules),
        *(f"remedy {name}" for name in protocol.remedies),
        *(f"cause {cause.id}" for cause in protocol.causes),
        *(f"plan step {step.id}" for step in protocol.prevention),
        *(f"first aid {one.id}" for one in protocol.first_aid),
        *(f"watch {one.id}" for one in protocol.watch),
    }
    at_once = {offer.remedy.id for offer in protocol.offers if offer.opening and not offer.coached}
    for one in walks:
        wanted.difference_update(f"question {name}" for name in one.end.answers)
        wanted.difference_update(f"rule {reason.rule}" for reason in one.verdict.reasons)
        wanted.difference_update(f"remedy {remedy.id}" for remedy in one.verdict.remedies)
        wanted.difference_update(f"remedy {said.remedy}" for said in one.coached if said.remedy in at_once)
        wanted.difference_update(f"cause {cause.id}" for cause in one.end.causes())
        wanted.difference_update(f"plan step {step.id}" for step in one.end.plan())
        wanted.difference_update(f"first aid {aid.id}" for aid in one.end.first_aid())
        wanted.difference_update(f"watch {sign.id}" for sign in one.end.watch())
    return sorted(wanted)


def _cited(protocol: Protocol) -> frozenset[str]:
    cites = (
        *(rule.sources for rule in protocol.rules),
        *(remedy.sources for remedy in protocol.remedies.values()),
        *(cause.sources for cause in protocol.causes),
        *(said.sources for said in (*protocol.prevention, *protocol.first_aid, *protocol.watch)),
        protocol.doctor.sources if protocol.doctor else (),
        *protocol.cited.values(),
    )
    return frozenset(source for one in cites for source in one)


def _reversed(protocol: Protocol) -> Iterator[str]:
    for rule in protocol.rules:
        for leaf in leaves(rule.when):
            flagged = protocol.questions[leaf.question].red_flag is not None
            if flagged and isinstance(leaf, Is) and NO in leaf.values:
                yield f"rule {rule.id} counts a no to {leaf.question}"


def _unready(protocol: Protocol, walks: Iterable[Walk]) -> Iterator[str]:
    """Remedies that were said while an answer speaks against them, or one that may is still missing."""
    offers = {offer.remedy.id: offer for offer in protocol.offers}
    for one in walks:
        for interview, step in one.steps:
            match step:
                case Coach(remedy):
                    given: tuple[str, ...] = (remedy.id,)
                case Conclude(verdict):
                    given = tuple(remedy.id for remedy in verdict.remedies)
                case _:
                    continue
            findings = Findings(protocol, interview.answers)
            for name in given:
                never = offers[name].never
                if findings.undecided(never) or holds(never, interview.answers):
                    yield name


def _weak_alarms(protocol: Protocol) -> Iterator[str]:
    for name, answer in protocol.alarms.items():
        step = Interview(protocol).answer(answer.question, answer.value).next()
        if not (isinstance(step, Conclude) and step.verdict.level is Level.EMERGENCY):
            yield name
