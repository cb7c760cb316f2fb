"""The proof holds for the shipped protocol, and fails for one that is not safe."""

from dataclasses import replace

from skill.triage.condition import Is
from skill.triage.definition import Protocol, Rule
from skill.triage.model import Level
from skill.triage.proof import Proof, prove
from tests.triage.conftest import ProtocolWith


def failed(proof: Proof) -> list[str]:
    return [failure for check in proof.checks for failure in check.failures]


def test_the_shipped_protocol_passes(proof: Proof) -> None:
    assert failed(proof) == []
    assert proof.passed


def test_every_red_flag_is_in_the_table(proof: Proof, protocol: Protocol) -> None:
    flagged = [question.id for question in protocol.questions.values() if question.red_flag is not None]
    assert [row.question for row in proof.flags] == flagged
    assert all(row.branches > 0 for row in proof.flags)


def test_an_emergency_alone_ends_as_an_emergency(proof: Proof) -> None:
    for row in proof.flags:
        if row.level is Level.EMERGENCY:
            assert (row.yes, row.unsure, row.unanswered) == (Level.EMERGENCY,) * 3, row.question


def test_the_small_protocol_passes(protocol_with: ProtocolWith) -> None:
    assert failed(prove(protocol_with())) == []


def test_a_red_flag_without_its_rule_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    without = replace(protocol, rules=tuple(rule for rule in protocol.rules if rule.id != "clot"))
    assert "swelling reaches only self_care, not urgent" in failed(prove(without))


def test_a_rule_below_the_level_of_its_red_flag_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    lowered = tuple(replace(rule, level=Level.SOON) if rule.id == "clot" else rule for rule in protocol.rules)
    assert "swelling reaches only soon, not urgent" in failed(prove(replace(protocol, rules=lowered)))


def test_a_rule_that_counts_a_no_to_a_red_flag_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    rule = Rule("calm", Level.SOON, Is("swelling", frozenset({"no"})), ("guide",))
    assert "rule calm counts a no to swelling" in failed(prove(replace(protocol, rules=(*protocol.rules, rule))))


def test_an_alarm_that_is_no_emergency_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    weak = replace(protocol, alarms={"breathing": protocol.signs["gone"]})
    assert "breathing" in failed(prove(weak))


def test_a_remedy_that_nobody_can_get_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with()
    crowded = replace(protocol, most_coached=0, most_remedies=0)
    assert {"remedy stretch", "remedy rest"} <= set(failed(prove(crowded)))


def test_a_source_that_nothing_rests_on_fails(protocol_with: ProtocolWith) -> None:
    protocol = protocol_with(sources="guide: A guideline\nhearsay: Somebody said so\n")
    assert "hearsay" in failed(prove(protocol))
