from collections.abc import Callable, Iterable, Iterator

import pytest

from training.check_examples import (
    against_the_grammar,
    alarms_as_answers,
    beside_the_grammar,
    contradictions,
    doubles,
    faults,
    main,
    thin,
)
from training.examples.loader import Example, load_examples


def said(question: str, words: str, meaning: str, persona: str = "a nurse", *also: tuple[str, str]) -> Example:
    return Example(question, persona, words, meaning, also)


def test_the_shipped_examples_are_without_a_fault() -> None:
    assert list(faults(load_examples())) == []


def unambiguous(examples: Iterable[Example]) -> Iterator[str]:
    return against_the_grammar(examples, frozenset({"fine"}))


LONG = "it went when i stood up and put my foot flat on the floor"


@pytest.mark.parametrize(
    ("check", "examples", "words"),
    [
        (doubles, [said("gone", "it has", "yes"), said("gone", "it has", "yes")], "twice by one person"),
        (doubles, [said("gone", LONG, "yes"), said("gone", LONG, "yes", "a cook")], "by 2 people"),
        (
            contradictions,
            [said("gone", "um nearly", "yes"), said("gone", "nearly", "no", "a cook")],
            "means no and yes",
        ),
        (unambiguous, [said("swelling", "aye", "no")], "reads yes"),
        (unambiguous, [said("place", "my left calf", "foot")], "reads calf"),
        (beside_the_grammar, [said("place", "left calf", "calf", "a nurse", ("side", "right"))], "reads left"),
        (alarms_as_answers, [said("emergency", "my chest hurts", "alarm:chest")], "is a yes"),
    ],
)
def test_a_fault_is_found(
    check: Callable[[Iterable[Example]], Iterator[str]], examples: list[Example], words: str
) -> None:
    (found,) = check(examples)
    assert words in found
    assert examples[0].said in found


@pytest.mark.parametrize(
    ("check", "examples"),
    [
        (doubles, [said("gone", "it has", "yes"), said("gone", "it has", "yes", "a cook")]),
        (contradictions, [said("began", "monday", "86400"), said("began", "monday", "172800", "a cook")]),
        (unambiguous, [said("swelling", "fine", "no")]),
        (unambiguous, [said("swelling", "not much", "no")]),
        (alarms_as_answers, [said("place", "my chest hurts", "alarm:chest")]),
    ],
)
def test_what_people_may_say_is_no_fault(
    check: Callable[[Iterable[Example]], Iterator[str]], examples: list[Example]
) -> None:
    assert list(check(examples)) == []


def test_thin_counts_people_in_training_and_names_their_hands() -> None:
    examples = [said("gone", "it has", "yes", f"w{number}_cook") for number in range(1, 9)]
    training = [example for example in examples if not example.held_out]
    (line,) = thin(examples, 10)
    assert line.startswith(f"gone\tyes\t{len(training)} people (")
    assert list(thin(examples, len(training))) == []


def test_the_command_counts_examples_and_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.endswith("without a fault.\n")
