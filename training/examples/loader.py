"""Reads and writes `en/QUESTION.tsv`: what is read is legal, or an error names file and line."""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.examples.meanings import NOBODY, NOBODY_BESIDE_NONE, Meanings, load_meanings

FOLDER: Final = Path(__file__).resolve().parent / "en"
HEADER: Final = ("question", "persona", "said", "meaning", "also")
#: Lower-case words, single spaces; apostrophes may stand in front, within and behind ("o' course", "'appen").
_WORDS: Final = re.compile(r"'?[^\W\d_]+(?:'[^\W\d_]+)*'?(?: '?[^\W\d_]+(?:'[^\W\d_]+)*'?)*")
#: One in so many personas is held out.
_HELD_OUT: Final = 6


class ExampleError(Exception):
    """A line that is no example: file, line, what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """What one person said at one question."""

    question: str
    persona: str
    said: str
    """Lower-case words, numbers in words: what a perfect hearing would give."""
    meaning: str
    """A value of the question, `none`, or `command:`, `alarm:`, `change:` or `question:` with an id (`README.md`)."""
    also: tuple[tuple[str, str], ...] = ()
    """What was said beside it: ids of other questions with their values."""

    @property
    def held_out(self) -> bool:
        """Whether this person is kept out of all training, with every line."""
        return is_held_out(self.persona)

    @property
    def nobodys(self) -> bool:
        """Whether it answers nothing: said to somebody else, read aloud, or mumbled."""
        return self.meaning == NOBODY_BESIDE_NONE or (
            self.meaning == NOBODY and NOBODY not in load_meanings().questions[self.question].choices
        )


def is_held_out(persona: str) -> bool:
    """A sixth of all people, whole, chosen by the name alone: the rule needs no list."""
    return zlib.crc32(persona.encode()) % _HELD_OUT == 0


def load_examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """All examples of `folder`, by question, in the order of the files. Raises ExampleError."""
    meanings = load_meanings()
    return tuple(example for file in sorted(folder.glob("*.tsv")) for example in _read(file, meanings))


def write_examples(examples: tuple[Example, ...], folder: Path = FOLDER) -> None:
    """Write the files of all questions that `examples` name, sorted, each line once."""
    for question in sorted({example.question for example in examples}):
        lines = {_line(example) for example in examples if example.question == question}
        text = "\n".join(("\t".join(HEADER), *sorted(lines, key=lambda line: line.split("\t")), ""))
        (folder / f"{question}.tsv").write_text(text, encoding="utf-8")


def _line(example: Example) -> str:
    also = " ".join(f"{question}={value}" for question, value in example.also)
    return "\t".join((example.question, example.persona, example.said, example.meaning, also))


def _read(file: Path, meanings: Meanings) -> list[Example]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as problem:
        raise ExampleError(f"{file.name} is not UTF-8 ({problem}).") from problem
    if not lines or tuple(lines[0].split("\t")) != HEADER:
        raise ExampleError(f"{file.name}, line 1: the columns are {', '.join(HEADER)}, separated by tabs.")
    examples = []
    for number, line in enumerate(lines[1:], start=2):
        example = line.split("\t")
        fault = _fault(example, file.stem, meanings)
        if fault:
            raise ExampleError(f"{file.name}, line {number}: {fault}.")
        question, persona, said, meaning, also = example
        examples.append(Example(question, persona, said, meaning, _pairs(also)))
    return examples


def _fault(columns: list[str], question: str, meanings: Meanings) -> str | None:
    if len(columns) != len(HEADER):
        return f"{len(columns)} columns instead of {len(HEADER)}"
    asked, persona, said, meaning, also = columns
    if asked != question or question not in meanings.questions:
        return f"the question {asked!r} does not belong here"
    if not persona or said != said.lower() or not _WORDS.fullmatch(said):
        return "persona and words are needed, the words in lower case without punctuation or digits"
    faults = [meanings.fault(question, meaning)]
    faults += [meanings.value_fault(beside, value) for beside, value in _pairs(also)]
    return next((fault for fault in faults if fault), None)


def _pairs(also: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in also.split())
    return tuple((question, value) for question, _, value in pairs)
