from training.examples.loader import Example
from training.examples.meanings import load_meanings
from training.reader.mishear import Misheard, confusions, load_misheard


def heard(said: str, heard_as: str) -> Misheard:
    return Misheard(Example("eased", "1_t01 somebody", said, "yes"), heard_as)


def test_a_word_is_confused_with_what_was_heard_in_its_place() -> None:
    found = confusions([heard("aye it has eased", "i it has eased"), heard("no it has not", "know it has not")])
    assert found == {"aye": ["i"], "no": ["know"]}


def test_a_word_may_be_heard_as_two_and_what_is_lost_or_scrambled_teaches_nothing() -> None:
    found = confusions([heard("only advil", "only had will"), heard("a wee bit maybe", "maybe"), heard("yes", "yes")])
    assert found == {"advil": ["had will"]}


def test_what_was_heard_is_of_people_who_may_be_learnt_from() -> None:
    meanings = load_meanings()
    lines = load_misheard()
    assert len(lines) > 400
    for line in lines:
        assert not line.example.held_out
        assert meanings.fault(line.example.question, line.example.meaning) is None
        assert line.heard == line.heard.lower()
