"""Looks for faults in the examples, and for what is thin: `python -m training.check_examples [--thin N]`.

Without a fault it says how many examples of how many people there are, and exits with 0; otherwise it prints one fault
a line and exits with 1. `--thin N`: instead, every meaning of a question that fewer than N people in training express.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from skill.language.shipped import load_grammar
from skill.triage.loader import load_protocol
from skill.triage.model import UNSURE, Kind
from training.examples.loader import FOLDER, Example, ExampleError, load_examples
from training.examples.meanings import load_meanings

#: So many words in a row are nobody's usual phrase: two people who say them were copied.
_COPIED: Final = 8
#: No whole reading of the phrase grammar is longer.
_PHRASE: Final = 8
#: Short answers of which the phrase grammar and people make different things: "fine" is how it is, not whether.
_AMBIGUOUS: Final = FOLDER / "ambiguous.txt"


def doubles(examples: Iterable[Example]) -> Iterator[str]:
    """What one person says twice at one question, and long sentences that two people share."""
    said: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        said[example.question, example.said].append(example)
    for same in said.values():
        people = Counter(example.persona for example in same)
        if max(people.values()) > 1:
            yield _fault(same[0], "is said twice by one person")
        elif len(people) > 1 and len(same[0].said.split()) >= _COPIED:
            yield _fault(same[0], f"is said word for word by {len(people)} people")


def contradictions(examples: Iterable[Example]) -> Iterator[str]:
    """The same words, but for fillers, at the same question, with two meanings.

    A time depends on the clock of the person, so durations may differ.
    """
    meanings: dict[tuple[str, str], dict[str, Example]] = defaultdict(dict)
    for example in examples:
        if load_meanings().questions[example.question].kind is not Kind.DURATION:
            meanings[example.question, _plain(example.said)].setdefault(example.meaning, example)
    for by_meaning in meanings.values():
        if len(by_meaning) > 1:
            yield _fault(next(iter(by_meaning.values())), f"means {' and '.join(sorted(by_meaning))}")


def against_the_grammar(examples: Iterable[Example], ambiguous: frozenset[str]) -> Iterator[str]:
    """Answers that the phrase grammar reads whole, as something else than they are labelled.

    Doubt is left out, because some words of doubt are a yes at one question and a no at another; numbers are, because
    what a range or "a week" comes to depends on the question.
    """
    for example in examples:
        question = load_meanings().questions[example.question]
        if question.kind in (Kind.YES_NO, Kind.CHOICE) and ":" not in example.meaning and example.said not in ambiguous:
            read = _read_whole(question.grammar, example.said)
            if read not in (None, UNSURE, example.meaning) and example.meaning != UNSURE:
                yield _fault(example, f"the phrase grammar reads {read}")


def beside_the_grammar(examples: Iterable[Example]) -> Iterator[str]:
    """What was said on the way, where the phrase grammar reads something else in all of the words."""
    for example in examples:
        for beside, value in example.also:
            question = load_meanings().questions[beside]
            read = _read_whole(question.grammar, example.said) if question.kind is Kind.CHOICE else None
            if read not in (None, value):
                yield _fault(example, f"{beside} is {value}, the phrase grammar reads {read}")


def alarms_as_answers(examples: Iterable[Example]) -> Iterator[str]:
    """Alarms that say yes to the very question: they are its yes."""
    alarms = load_protocol().alarms
    for example in examples:
        topic, _, name = example.meaning.partition(":")
        if topic == "alarm" and name != "call_help" and alarms[name].question == example.question:
            yield _fault(example, f"is a {alarms[name].value} to this question")


def thin(examples: Iterable[Example], least: int) -> Iterator[str]:
    """Meanings that fewer than `least` people in training express, with the hands that wrote them."""
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for example in examples:
        if not example.held_out:
            people[example.question, example.meaning].add(example.persona)
    free = {(question, meaning) for question, meaning in people if ":" in meaning}
    anywhere: dict[str, set[str]] = defaultdict(set)
    for question, meaning in free:
        anywhere[meaning] |= people.pop((question, meaning))
    numbers = {
        name for name, question in load_meanings().questions.items() if question.kind not in (Kind.YES_NO, Kind.CHOICE)
    }
    counted = {key: found for key, found in people.items() if key[0] not in numbers}
    counted.update({("anywhere", meaning): found for meaning, found in anywhere.items()})
    for (question, meaning), found in sorted(counted.items(), key=lambda item: (len(item[1]), item[0])):
        if len(found) < least:
            hands = Counter(person.partition("_")[0] for person in found)
            spread = ", ".join(f"{hand}: {number}" for hand, number in sorted(hands.items()))
            yield f"{question}\t{meaning}\t{len(found)} people ({spread})"


def faults(examples: tuple[Example, ...]) -> Iterator[str]:
    """Everything that the checks find, one line each."""
    ambiguous = frozenset(_AMBIGUOUS.read_text(encoding="utf-8").splitlines())
    yield from doubles(examples)
    yield from contradictions(examples)
    yield from against_the_grammar(examples, ambiguous)
    yield from beside_the_grammar(examples)
    yield from alarms_as_answers(examples)


def _read_whole(grammar: str, said: str) -> str | None:
    """The value that a phrase grammar is certain of; None when it reads only a part, or several."""
    if len(said.split()) > _PHRASE:
        return None
    sense = load_grammar(grammar).read(said).sole
    return str(sense.value) if sense else None


def _plain(said: str) -> str:
    """Without the sounds that mean nothing; words such as "only" and "I think" stay."""
    fillers = load_grammar("filler").fillers
    return " ".join(word for word in said.split() if word not in fillers) or said


def _fault(example: Example, what: str) -> str:
    return f"{example.question}.tsv: {example.said!r} ({example.meaning}, {example.persona}): {what}"


def main(arguments: list[str]) -> int:
    """Run the command with `arguments`; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.check_examples", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--thin", type=int, metavar="N")
    chosen = parser.parse_args(arguments)
    try:
        examples = load_examples()
    except ExampleError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    found = list(faults(examples) if chosen.thin is None else thin(examples, chosen.thin))
    sys.stdout.writelines(f"{line}\n" for line in found)
    if chosen.thin is None and not found:
        people = {example.persona for example in examples}
        sys.stdout.write(f"{len(examples)} examples of {len(people)} people, without a fault.\n")
    return 1 if found and chosen.thin is None else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
