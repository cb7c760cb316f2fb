"""The words of amounts, from `grammars/en/words/amounts.yaml`, ready to be looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, get_origin

from skill.errors import InstallationError
from skill.language.phrases import Phrases
from skill.language.word_tables import word_tables


@dataclass(frozen=True, slots=True)
class AmountWords:
    """Every table; what each is for stands in the data file."""

    vague_numbers: Phrases[float]
    fractions: Phrases[float]
    added_fractions: Phrases[float]
    units: Mapping[str, int]
    before_unit: Phrases[bool]
    bare_units: frozenset[str]
    not_before_unit: frozenset[str]
    spans: Phrases[int]
    less_than: Phrases[bool]
    more_than: Phrases[bool]
    hold_before: frozenset[str]
    hold_after: frozenset[str]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    ordinals: Mapping[str, int]
    days_ago: Phrases[int]
    ago: Phrases[int]
    parts: Phrases[int]
    before_noon: Phrases[bool]
    after_noon: Phrases[bool]
    clock_past: frozenset[str]
    clock_to: frozenset[str]
    o_clock: Phrases[bool]
    since: Phrases[bool]
    around: frozenset[str]
    clock_lead: Phrases[bool]
    no_correction: Phrases[bool]
    past_after: Phrases[bool]
    supposing: Phrases[bool]
    seeming: Phrases[bool]
    conditions: Phrases[bool]
    scale_names: Phrases[bool]
    almost: Phrases[bool]
    begins: Phrases[bool]
    denying: Phrases[bool]
    trailing: Phrases[bool]
    of_them: Phrases[bool]
    now: Phrases[bool]
    feasts: Phrases[str]
    conclusions: Phrases[bool]
    beside: frozenset[str]
    corrects: frozenset[str]
    correcting: frozenset[str]
    range: Phrases[bool]
    present: Phrases[bool]
    past: Phrases[bool]
    anchors: Phrases[bool]
    out_of: Phrases[bool]
    off_the_scale: Phrases[bool]
    degrees: Phrases[int]
    asks_now: frozenset[str]
    asks_usual: frozenset[str]
    asks_minutes: frozenset[str]
    no_second: frozenset[str]
    not_counted: frozenset[str]
    ended_in: frozenset[str]
    hold_one_after: frozenset[str]
    frequency_of: frozenset[str]
    copulas: frozenset[str]
    until: frozenset[str]
    before_month: frozenset[str]
    before_one: frozenset[str]
    after_one: frozenset[str]
    excepting: frozenset[str]
    clause_starts: frozenset[str]
    corrects_alone: frozenset[str]
    signs: frozenset[str]
    not_degrees: frozenset[str]
    count_words: Phrases[int]
    frequencies: Phrases[int]
    per: Phrases[int]
    times: frozenset[str]
    no_amount: Phrases[bool]
    no_plural: frozenset[str]
    age_before: frozenset[str]
    row: int


@cache
def amount_words() -> AmountWords:
    """The tables. Raises InstallationError naming the section that is missing or wrong."""
    data = word_tables()
    tables: dict[str, Any] = {}
    for field in fields(AmountWords):
        try:
            tables[field.name] = _table(data[field.name], get_origin(field.type) or field.type)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise InstallationError(
                f"The section {field.name!r} of grammars/en/words/amounts.yaml is missing or damaged ({problem!r}); "
                "install Charley again."
            ) from problem
    return AmountWords(**tables)


def _table(section: Any, kind: Any) -> Any:
    """A section as `kind`."""
    if kind is Phrases:
        return Phrases(section if isinstance(section, dict) else dict.fromkeys(section, True))
    return dict(section) if kind is Mapping else kind(section)
