"""Writes the tables of docs/clinical.md from the protocol: `python -m skill.triage.clinical_page docs/clinical.md`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from skill.system import resources
from skill.triage.condition import ALWAYS, NEVER, All, AtLeast, Condition, Is
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol

BEGIN: Final = "<!-- tables: written by `python -m skill.triage.clinical_page docs/clinical.md` -->"
END: Final = "<!-- end of tables -->"


def tables(protocol: Protocol, followup: Protocol) -> str:
    """Questions, rules, remedies, causes, prevention, the follow-up and sources as Markdown tables."""
    return "\n\n".join(
        (
            "### Questions, in the order of asking",
            _questions(protocol),
            "### Rules",
            _rules(protocol),
            "### Remedies, the preferred first",
            _table(
                ("remedy", "for", "never when", "up to", "sources"),
                (
                    (
                        f"`{offer.remedy.id}`",
                        _words(offer.fits),
                        _words(offer.never),
                        offer.up_to.id,
                        _cited(offer.remedy.sources),
                    )
                    for offer in protocol.offers
                ),
            ),
            "### What may lie behind it",
            _table(
                ("cause", "what speaks for it", "sources"),
                (
                    (f"`{cause.id}`", "; ".join(_words(support) for support in cause.supports), _cited(cause.sources))
                    for cause in protocol.causes
                ),
            ),
            "### Prevention",
            _table(
                ("step", "for", "never when", "sources"),
                (
                    (f"`{step.id}`", _words(step.when), _words(step.never), _cited(step.sources))
                    for step in protocol.prevention
                ),
            ),
            "### The doctor's interview",
            _doctor(protocol),
            "### Questions of the follow-up; those of the turn clock are answered by the memory",
            _questions(followup),
            "### Rules of the follow-up",
            _rules(followup),
            "### Sources",
            _table(("id", "source"), ((f"`{source.id}`", source.title) for source in protocol.sources.values())),
        )
    )


def with_tables(page: str, protocol: Protocol, followup: Protocol) -> str:
    """The page with its tables renewed. Raises ValueError when the page has no place for them."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"The page has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n\n{tables(protocol, followup)}\n\n{END}{after}"


def _questions(protocol: Protocol) -> str:
    return _table(
        ("question", "kind", "turn", "red flag", "asked when"),
        (
            (f"`{one.id}`", one.kind, item.stage, one.red_flag.id if one.red_flag else "", _words(item.when))
            for item in protocol.items
            for one in (item.question,)
        ),
    )


def _rules(protocol: Protocol) -> str:
    return _table(
        ("rule", "level", "fires when", "sources"),
        ((f"`{rule.id}`", rule.level.id, _words(rule.when), _cited(rule.sources)) for rule in protocol.rules),
    )


def _doctor(protocol: Protocol) -> str:
    """Which answers are read back, in which order, and what they say about earlier ones."""
    doctor = protocol.doctor
    if doctor is None:
        return "None."
    lines = [
        f"Offered after the advice {_cited(tuple(level.id for level in doctor.offered_at))}.",
        f"What a doctor asks: {_cited(doctor.sources)}.",
        f"Read back in this order: {_cited(doctor.read_back)}.",
        *(f"`{one}` is not put where `{other}` is answered." for one, other in doctor.instead_of.items()),
        *(f"`{earlier}` becomes yes when {_words(when)}." for earlier, when in doctor.yes_to.items()),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _words(condition: Condition) -> str:
    if condition == ALWAYS:
        return "always"
    if condition == NEVER:
        return ""
    if isinstance(condition, Is):
        return f"{condition.question} is {' / '.join(sorted(map(str, condition.values)))}"
    if isinstance(condition, AtLeast):
        return f"{condition.question} is {condition.least} or more"
    inner = [_words(part) if not getattr(part, "parts", ()) else f"({_words(part)})" for part in condition.parts]
    return (" and " if isinstance(condition, All) else " or ").join(inner)


def _cited(sources: tuple[str, ...]) -> str:
    return ", ".join(f"`{source}`" for source in sources)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    page = with_tables(file.read_text(encoding="utf-8"), load_protocol(), load_protocol(resources.FOLLOWUP))
    file.write_text(page, encoding="utf-8")
