"""Which of several amounts somebody speaks of: now or then, this or another, really or only if."""

from collections.abc import Callable, Sequence

from skill.language.phrases import Phrases
from skill.understanding.amounts.mention import Mention
from skill.understanding.amounts.words import AmountWords

#: The words before an amount, and those after it, of its own clause.
Clause = tuple[Sequence[str], Sequence[str]]


def of_now(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> tuple[Mention, ...]:
    """The amounts said to be true now; where none is, those that are not said to be past; all where all are."""

    def is_past(clause: Clause) -> bool:
        if names.past.inside(clause[0]) is not None:
            return True
        return names.past_after.at(clause[1], 0) is not None and names.present.inside(clause[0]) is None

    def is_present(clause: Clause) -> bool:
        near = names.present.inside(clause[0]) or names.present.at(clause[1], 0)
        return near is not None and not is_past(clause)

    now = _those(words, mentions, names, is_present)
    return now or _those(words, mentions, names, lambda clause: not is_past(clause)) or tuple(mentions)


def without_comparisons(words: Sequence[str], mentions: Sequence[Mention], names: AmountWords) -> tuple[Mention, ...]:
    """All but those that only compare or suppose: "it felt like ten", "it would be six if I stood"; all if all do.

    One that is denied ("not ten") is never among them.
    """

    def is_own(clause: Clause) -> bool:
        before, after = clause
        if _ends(names.seeming, before):
            return False
        return names.supposing.inside(before) is None and names.anchors.at(after, 0) is None

    said = _those(words, mentions, names, lambda clause: not _ends(names.denying, clause[0]))
    return _those(words, said, names, is_own) or said


def _ends(phrases: Phrases[bool], before: Sequence[str]) -> bool:
    """Whether one of the phrases stands just before an amount or its article."""
    article = bool(before) and before[-1] in ("a", "an")
    return phrases.ends(before, len(before)) or (article and phrases.ends(before, len(before) - 1))


def _those(
    words: Sequence[str], mentions: Sequence[Mention], names: AmountWords, fits: Callable[[Clause], bool]
) -> tuple[Mention, ...]:
    return tuple(mention for index, mention in enumerate(mentions) if fits(_clause(words, mentions, index, names)))


def _clause(words: Sequence[str], mentions: Sequence[Mention], index: int, names: AmountWords) -> Clause:
    mention = mentions[index]
    start = mentions[index - 1].end if index else 0
    end = mentions[index + 1].start if index + 1 < len(mentions) else len(words)
    for at in range(start, mention.start):
        if words[at] in names.clause_starts:
            start = at
    for at in range(mention.end, end):
        if words[at] in names.clause_starts:
            end = at
            break
    return words[start : mention.start], words[mention.end : end]
