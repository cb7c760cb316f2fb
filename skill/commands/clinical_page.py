"""Writes the tables of docs/clinical.md from protocol, prompts and grammars:
`python -m skill.commands.clinical_page docs/clinical.md`.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from skill.dialogue.prompts import Prompts, load_prompts
from skill.language.shipped import load_grammar
from skill.system import resources
from skill.triage.citations import sources_of, sources_of_question
from skill.triage.condition import ALWAYS, NEVER, All, AtLeast, Condition, Is
from skill.triage.definition import Advice, Protocol
from skill.triage.loader import load_protocol
from skill.triage.model import Level
from skill.understanding.phrasebook import EMERGENCY

BEGIN: Final = "<!-- tables: written by `python -m skill.commands.clinical_page docs/clinical.md` -->"
END: Final = "<!-- end of tables -->"
#: Phrases of an alarm that are shown as examples.
_EXAMPLES: Final = 3
#: Hexadecimal digits by which a signature names the very text that was signed.
_FINGERPRINT: Final = 12


def tables(protocol: Protocol, followup: Protocol, prompts: Prompts) -> str:
    """All that is asked, decided and said, each with its source, as Markdown tables; at the end where to sign."""
    parts = (
        ("Levels", _levels(protocol, prompts)),
        ("Questions, in the order of asking", _questions(protocol, prompts)),
        ("Rules", _rules(protocol, prompts)),
        ("Alarms, understood at every moment", _alarms(protocol)),
        ("Remedies, the preferred first", _remedies(protocol, prompts)),
        ("First aid, with the level emergency", _said("first_aid", protocol.first_aid, prompts)),
        ("What to look out for, at the end of every other level", _said("watch", protocol.watch, prompts)),
        ("What may lie behind it", _causes(protocol, prompts)),
        ("Prevention", _said("prevention", protocol.prevention, prompts)),
        ("The doctor's interview", _doctor(protocol)),
        (
            "Questions of the follow-up; those of the turn clock are answered by the memory",
            _questions(followup, prompts),
        ),
        ("Rules of the follow-up", _rules(followup, prompts)),
        ("What to look out for after the follow-up", _said("watch", followup.watch, prompts)),
        ("Answers to people's own questions", _answers(protocol, prompts)),
        ("Numbers", _numbers(protocol, prompts)),
        ("Sources", _sources(protocol, followup)),
    )
    text = "\n\n".join(f"### {title}\n\n{table}" for title, table in parts)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT]
    return f"{text}\n\n### Reviewed by\n\nThe text above has the fingerprint `{fingerprint}`.\n\n{_signatures()}"


def with_tables(page: str, protocol: Protocol, followup: Protocol, prompts: Prompts) -> str:
    """The page with its tables renewed. Raises ValueError when the page has no place for them."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"The page has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n\n{tables(protocol, followup, prompts)}\n\n{END}{after}"


def _levels(protocol: Protocol, prompts: Prompts) -> str:
    said = ((level, f"levels.{level.id}.say") for level in reversed(Level))
    return _table(
        ("level", "what is said", "sources"),
        ((level.id, prompts.texts[prompt], _cited(sources_of(prompt, protocol))) for level, prompt in said),
    )


def _questions(protocol: Protocol, prompts: Prompts) -> str:
    return _table(
        ("question", "how it is put", "kind", "turn", "red flag", "asked when", "sources"),
        (
            (
                f"`{one.id}`",
                prompts.texts.get(f"questions.{one.id}.ask", ""),
                one.kind,
                item.stage,
                one.red_flag.id if one.red_flag else "",
                _words(item.when),
                _cited(sources_of(f"questions.{one.id}", protocol)),
            )
            for item in protocol.items
            for one in (item.question,)
        ),
    )


def _rules(protocol: Protocol, prompts: Prompts) -> str:
    return _table(
        ("rule", "level", "fires when", "the reason that is said", "sources"),
        (
            (
                f"`{rule.id}`",
                rule.level.id,
                _words(rule.when),
                prompts.texts[f"reasons.{rule.id}"],
                _cited(rule.sources),
            )
            for rule in protocol.rules
        ),
    )


def _alarms(protocol: Protocol) -> str:
    said: dict[str, list[str]] = {}
    for sentence, sense in load_grammar(EMERGENCY).sentences.items():
        said.setdefault(str(sense.value), []).append(sentence)
    return _table(
        ("alarm", "such as", "counts as", "sources"),
        (
            (
                f"`{name}`",
                "; ".join(said[name][:: max(1, len(said[name]) // _EXAMPLES)][:_EXAMPLES]),
                f"{answer.question} is {answer.value}",
                _cited(sources_of_question(answer.question, protocol)),
            )
            for name, answer in protocol.alarms.items()
        ),
    )


def _remedies(protocol: Protocol, prompts: Prompts) -> str:
    return _table(
        ("remedy", "for", "never when", "up to", "what is said, the caution first", "sources"),
        (
            (
                f"`{offer.remedy.id}`",
                _words(offer.fits),
                _words(offer.never),
                offer.up_to.id,
                " ".join(_instructions(offer.remedy.id, prompts)),
                _cited(offer.remedy.sources),
            )
            for offer in protocol.offers
        ),
    )


def _instructions(remedy: str, prompts: Prompts) -> Iterator[str]:
    if prompts.has(f"remedies.{remedy}.caution"):
        yield prompts.texts[f"remedies.{remedy}.caution"]
    yield from (prompts.texts[step] for step in prompts.variants(f"remedies.{remedy}.steps"))


def _said(kind: str, advice: tuple[Advice, ...], prompts: Prompts) -> str:
    if not advice:
        return "None."
    return _table(
        ("id", "for", "never when", "what is said", "sources"),
        (
            (
                f"`{one.id}`",
                _words(one.when),
                _words(one.never),
                prompts.texts[f"{kind}.{one.id}"],
                _cited(one.sources),
            )
            for one in advice
        ),
    )


def _causes(protocol: Protocol, prompts: Prompts) -> str:
    return _table(
        ("cause", "what speaks for it", "what is said", "sources"),
        (
            (
                f"`{cause.id}`",
                "; ".join(_words(support) for support in cause.supports),
                prompts.texts[f"causes.{cause.id}"],
                _cited(cause.sources),
            )
            for cause in protocol.causes
        ),
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


def _answers(protocol: Protocol, prompts: Prompts) -> str:
    return _table(
        ("question", "answer", "sources"),
        (
            (prompts.texts[f"{name}.title"], prompts.texts[f"{name}.answer"], _cited(sources))
            for name, sources in protocol.cited.items()
            if name.startswith("faq.")
        ),
    )


def _numbers(protocol: Protocol, prompts: Prompts) -> str:
    places = (prompt.partition(".")[2] for prompt in prompts.texts if prompt.startswith("numbers."))
    sources = (*sources_of("numbers", protocol), *sources_of("advice_lines", protocol))
    return _table(
        ("territory", "emergency number", "advice line", "sources"),
        (
            (
                place,
                prompts.texts[f"numbers.{place}"],
                prompts.texts.get(f"advice_lines.{place}", prompts.texts["advice_lines.default"]),
                _cited(sources),
            )
            for place in sorted(places)
        ),
    )


def _sources(protocol: Protocol, followup: Protocol) -> str:
    every = {**followup.sources, **protocol.sources}
    return _table(("id", "source"), ((f"`{source.id}`", source.title) for source in every.values()))


def _signatures() -> str:
    return _table(("name, profession, register", "date", "fingerprint", "approved, or what has to change"), [("",) * 4])


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
    shipped = (load_protocol(), load_protocol(resources.FOLLOWUP), load_prompts())
    file.write_text(with_tables(file.read_text(encoding="utf-8"), *shipped), encoding="utf-8")
