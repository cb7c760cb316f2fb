"""Reading one grammar file: YAML with hassil's sentence templates.

rules: {subject: "(it|he|she)"}             # optional: <subject> in the templates below
lists: {n: {from: 1, to: 60}}               # optional: {n} in `numbers`, said in words; or a list [5, 10, 15]
telephones: {number: ["999", "112"]}        # optional: {number} in any template, its digits said one by one
measures: [seconds, times]                  # optional: words that make an amount of a telephone number before them
spellings: {mins: minutes}                  # optional: what typed words stand for
fillers: ["[it's] about"]                   # optional: templates that mean nothing
likely: ["(yes|yeah)"]                      # optional: which of its sentences most people say
answers: {"yes": ["(yes|yeah) [please]"]}   # the key is the value
numbers:                                    # the value is `value`, plus {n} times `unit`
  - {say: "{n} minutes", unit: 60}
  - {say: "half an hour", value: 1800}
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.intents import SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.sample import sample_sentence

from skill.errors import InstallationError
from skill.language.dialling import Telephones
from skill.language.grammar import Grammar, Sense
from skill.language.normalise import normalise
from skill.language.numerals import dialled, spoken
from skill.system.yaml_file import LinedList, LinedMap, YAMLError, error_line, load_yaml
from skill.triage.model import Value

_SECTIONS: Final = frozenset(
    {"rules", "lists", "telephones", "measures", "spellings", "fillers", "likely", "answers", "numbers"}
)
#: A number inside an expanded template, before it is said in words; a telephone's has two signs.
_NUMBER: Final = re.compile(r"(##?)(\d+)")


def read_grammar(path: Path, common_fillers: frozenset[str] = frozenset()) -> Grammar:
    """The grammar in `path`, named after the file. Raises InstallationError naming file, line and remedy."""
    return _File(path).grammar(common_fillers)


class _File:
    """One grammar file while it is read; knows how to complain."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tree = self._parse()
        if unknown := [key for key in self._tree if key not in _SECTIONS]:
            self._fail(self._line(self._tree, unknown[0]), f"{unknown[0]!r} is no section; use {sorted(_SECTIONS)}")
        self._rules = {name: self._template(text, line) for name, text, line in self._pairs("rules")}
        self._lists: dict[str, SlotList] = {name: self._range(spec, line) for name, spec, line in self._pairs("lists")}
        self._telephones: set[str] = set()
        for name, spec, line in self._pairs("telephones"):
            self._lists[name] = self._numbers_to_dial(spec, line)
        self._sentences: dict[str, Sense] = {}
        self._lines: dict[str, int] = {}

    def grammar(self, common_fillers: frozenset[str]) -> Grammar:
        topic = self._path.stem
        for key, templates, line in self._pairs("answers"):
            for template, at in self._items(templates, line):
                for sentence, _ in self._expand(template, at):
                    self._add(sentence, Sense(topic, key), at)
        for entry, line in self._items(self._tree.get("numbers", LinedList()), 1):
            for sentence, value in self._number_sentences(entry, line):
                self._add(sentence, Sense(topic, value), line)
        spellings = {str(typed): normalise(str(said)) for typed, said, _ in self._pairs("spellings")}
        fillers = (common_fillers | self._listed("fillers").keys()) - self._sentences.keys()
        likely = self._listed("likely")
        for sentence, line in likely.items():
            if sentence not in self._sentences:
                self._fail(line, f"{sentence!r} is likely but no answer; add it to `answers`")
        measures = frozenset(str(word) for word, _ in self._items(self._tree.get("measures", LinedList()), 1))
        telephones = Telephones(frozenset(self._telephones), measures)
        return Grammar(topic, self._sentences, fillers, spellings, frozenset(likely), telephones)

    def _listed(self, section: str) -> dict[str, int]:
        """Every sentence of a list of templates, with its line."""
        items = self._items(self._tree.get(section, LinedList()), 1)
        return {sentence: line for template, line in items for sentence, _ in self._expand(template, line)}

    def _number_sentences(self, entry: object, line: int) -> Iterator[tuple[str, Value]]:
        if not isinstance(entry, Mapping) or "say" not in entry or not entry.keys() <= {"say", "value", "unit"}:
            self._fail(line, 'write a number as {say: "{n} minutes", unit: 60} or {say: "half an hour", value: 1800}')
        unit, base = entry.get("unit"), entry.get("value", 0)
        if unit is None and "value" not in entry:
            self._fail(line, "a number needs a unit, a value or both")
        said = entry["say"]
        for template, at in self._items(said, line) if isinstance(said, list) else [(said, line)]:
            for sentence, number in self._expand(template, at):
                if (number is None) != (unit is None):
                    self._fail(at, f"{template!r} must name a list such as {{n}} exactly when it has a unit")
                yield sentence, round(base + (number or 0) * (unit or 0))

    def _expand(self, template: object, line: int) -> Iterator[tuple[str, int | None]]:
        """Every sentence of a template, and the number in it if it names a list."""
        sentence = self._template(template, line)
        try:
            sampled = list(sample_sentence(sentence, self._lists, self._rules))
        except HassilError as error:
            self._fail(line, f"{error}; define it under `rules` or `lists`")
        for text in sampled:
            numbers = _NUMBER.findall(text)
            if len(numbers) > 1:
                self._fail(line, f"{template!r} names more than one list; write one template for each")
            sign, digits = numbers[0] if numbers else ("", "")
            number = int(digits) if sign == "#" else None
            for said in ("",) if not sign else dialled(digits) if number is None else spoken(number):
                words = normalise(_NUMBER.sub(said, text))
                if not words:
                    self._fail(line, f"{template!r} can be empty; leave one of its words outside the brackets")
                yield words, number

    def _template(self, template: object, line: int) -> Sentence:
        if not isinstance(template, str) or not template.strip():
            self._fail(line, f"{template!r} is no template; put it in double quotes")
        try:
            return parse_sentence(template)
        except (ParseError, AssertionError) as error:
            self._fail(line, f"{template!r} is no template ({error}); close every bracket")

    def _range(self, spec: object, line: int) -> SlotList:
        match spec:
            case {"from": int(first), "to": int(last), **rest} if not rest:
                numbers = list(range(first, last + 1))
            case [*listed]:
                numbers = [number for number in listed if isinstance(number, int)]
            case _:
                self._fail(line, "write a list as {from: 1, to: 60} or [5, 10, 15]")
        return TextSlotList.from_strings([f"#{number}" for number in numbers])

    def _numbers_to_dial(self, spec: object, line: int) -> SlotList:
        numbers = [number for number, _ in self._items(spec, line)]
        if not all(isinstance(number, str) and number.isdecimal() for number in numbers):
            self._fail(line, 'write telephone numbers in quotes, as in ["999", "112"]')
        self._telephones.update(numbers)
        return TextSlotList.from_strings([f"##{number}" for number in numbers])

    def _add(self, sentence: str, sense: Sense, line: int) -> None:
        known = self._sentences.setdefault(sentence, sense)
        if known != sense:
            before = self._lines[sentence]
            self._fail(line, f"{sentence!r} means {sense.value!r} here and {known.value!r} on line {before}; keep one")
        self._lines.setdefault(sentence, line)

    def _pairs(self, section: str) -> Iterator[tuple[str, Any, int]]:
        """Key, value and line of every entry of a section that is a mapping."""
        mapping = self._tree.get(section, LinedMap())
        if not isinstance(mapping, LinedMap):
            self._fail(self._line(self._tree, section), f"`{section}` must be a mapping, one `key: value` a line")
        for key, value in mapping.items():
            line = self._line(mapping, key)
            if not isinstance(key, str):
                self._fail(line, f"the key {key!r} is no text; put it in double quotes")
            yield key, value, line

    def _items(self, sequence: object, line: int) -> Iterator[tuple[Any, int]]:
        """Every item of a list with its line; `line` is the list's own."""
        if not isinstance(sequence, LinedList):
            self._fail(line, "expected a list, one `- item` a line")
        for number, item in enumerate(sequence):
            yield item, sequence.lines[number]

    def _parse(self) -> LinedMap:
        try:
            tree = load_yaml(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InstallationError(f"The grammar {self._path} is missing; install Charley again.") from None
        except YAMLError as error:
            problem = getattr(error, "problem", None) or "this is no text"
            self._fail(error_line(error) or 1, f"{problem}; correct the YAML")
        if not isinstance(tree, LinedMap):
            self._fail(1, "the file must hold sections such as `answers`")
        return tree

    @staticmethod
    def _line(mapping: LinedMap, key: object) -> int:
        return mapping.lines[key]

    def _fail(self, line: int, problem: str) -> NoReturn:
        raise InstallationError(f"{self._path}, line {line}: {problem}.")
