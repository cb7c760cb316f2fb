import itertools
from pathlib import Path

import pytest

from skill.errors import InstallationError
from skill.language.grammar import Grammar, Sense
from skill.language.shipped import load_grammar
from skill.listening.lexicon import Lexicon
from skill.system import resources
from skill.triage.model import NO, UNSURE, YES
from tests.conftest import GENERAL, Write


def values(grammar: Grammar, text: str) -> list[object]:
    return [sense.value for sense in grammar.read(text).senses]


# templates


def test_templates_expand_to_sentences(write_grammar: Write) -> None:
    grammar = write_grammar("""
        rules: {subject: "(it|she)"}
        answers:
          "yes": ["(yes|yeah) [<subject> is]"]
    """)
    assert set(grammar.sentences) == {"yes", "yeah", "yes it is", "yes she is", "yeah it is", "yeah she is"}
    assert grammar.sentences["yeah she is"] == Sense("spoken", "yes")


def test_numbers_are_said_in_words_and_counted_in_their_unit(write_grammar: Write) -> None:
    grammar = write_grammar("""
        lists: {n: {from: 1, to: 21}, round: [5, 100]}
        numbers:
          - {say: "{n} (minute|minutes)", unit: 60}
          - {say: "over {round} minutes", unit: 60, value: 1}
          - {say: ["half an hour", "a half hour"], value: 1800}
    """)
    assert grammar.sentences["twenty one minutes"].value == 21 * 60
    assert grammar.sentences["over a hundred minutes"].value == 6001
    assert grammar.sentences["over one hundred minutes"].value == 6001
    assert grammar.sentences["a half hour"].value == 1800


def test_the_recogniser_listens_for_fillers_too(write_grammar: Write) -> None:
    grammar = write_grammar('{answers: {"left": ["left"]}, fillers: ["(um|uh)"]}')
    assert grammar.phrases == ("left", "uh", "um")


def test_the_usual_words_of_the_question_weigh_most(write_grammar: Write) -> None:
    grammar = write_grammar('{answers: {"yes": ["yes", "indeed"], "no": ["no"]}, likely: ["(yes|no)"]}')
    at_the_question = grammar.expected(30, 5).union(
        Grammar("others", {"no": Sense("others", 1), "stop": Sense("others", 2)})
    )
    assert at_the_question.weights == {"yes": 30, "no": 30, "indeed": 5}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("answers:\n  left: [left\n", 3, "correct the YAML"),
        ("answers:\n  left:\n    - left\n    - (one|two\n", 4, "close every bracket"),
        ("answers:\n  left:\n    - left <leg>\n", 3, "define it under `rules`"),
        ("answers:\n  left:\n    - '[left]'\n", 3, "can be empty"),
        ("answers:\n  left: [left]\n  right: [left]\n", 3, "on line 2; keep one"),
        ("answers:\n  true: [yes]\n", 2, "put it in double quotes"),
        ("answers:\n  left:\n    - 7\n", 3, "put it in double quotes"),
        ("answers:\n  left: left\n", 2, "expected a list"),
        ("answers:\n  left: [left]\nlikely:\n  - right\n", 4, "add it to `answers`"),
        ("answers: left\n", 1, "must be a mapping"),
        ("answer:\n  left: [left]\n", 1, "'answer' is no section"),
        ("- left\n", 1, "must hold sections"),
        ("lists: {n: {from: 1}}\n", 1, "write a list as"),
        ("lists: {n: [1, 2]}\nnumbers:\n  - {say: '{n} days'}\n", 3, "needs a unit, a value or both"),
        ("lists: {n: [1, 2]}\nnumbers:\n  - {say: 'a day', unit: 60}\n", 3, "exactly when it has a unit"),
        ("lists: {n: [1, 2]}\nnumbers:\n  - {say: '{n} to {n}', unit: 60}\n", 3, "more than one list"),
        ("numbers:\n  - a day\n", 2, "write a number as"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_the_remedy(
    write_grammar: Write, text: str, line: int, problem: str
) -> None:
    with pytest.raises(InstallationError) as error:
        write_grammar(text)
    assert f"spoken.yaml, line {line}: " in str(error.value)
    assert problem in str(error.value)


def test_a_missing_grammar_is_one_sentence() -> None:
    with pytest.raises(InstallationError, match=r"no_such\.yaml is missing; install Charley again\."):
        load_grammar("no_such")


# reading


@pytest.fixture
def yes_no(write_grammar: Write) -> Grammar:
    return write_grammar("""
        spellings: {y: "yes"}
        fillers: ["(um|ow|well)"]
        answers:
          "yes": ["yes", "i can"]
          "no": ["no", "not really", "i can't"]
          unsure: ["no idea"]
    """)


def test_fillers_and_repetition_change_nothing(yes_no: Grammar) -> None:
    assert values(yes_no, "ow um yes YES well yes!") == [YES]


def test_the_longest_sentence_wins(yes_no: Grammar) -> None:
    assert values(yes_no, "no idea") == [UNSURE]
    assert yes_no.read("no idea").complete


def test_contradictions_are_visible(yes_no: Grammar) -> None:
    reading = yes_no.read("yes no")
    assert [sense.value for sense in reading.senses] == [YES, NO]
    assert reading.complete
    assert reading.sole is None


@pytest.mark.parametrize("text", ["[unk] no", "no chance in hell", "no [unk]"])
def test_what_was_not_understood_makes_a_reading_incomplete(yes_no: Grammar, text: str) -> None:
    reading = yes_no.read(text)
    assert [sense.value for sense in reading.senses] == [NO]
    assert not reading.complete
    assert reading.sole is None


@pytest.mark.parametrize("text", ["", "um", "[unk]", "hello there", "not"])
def test_nothing_understood_has_no_sense(yes_no: Grammar, text: str) -> None:
    assert yes_no.read(text).senses == ()
    assert not yes_no.read(text).complete


@pytest.mark.parametrize("typed", ["I can\u2019t", "i cant", "I CAN'T."])
def test_an_apostrophe_may_be_typed_in_any_way_or_left_out(yes_no: Grammar, typed: str) -> None:
    assert values(yes_no, typed) == [NO]


def test_a_union_means_what_its_first_grammar_says(write_grammar: Write, yes_no: Grammar) -> None:
    both = yes_no.union(
        Grammar("other", {"yes": Sense("other", 1), "stop": Sense("other", 2), "um": Sense("other", 3)})
    )
    assert both.read("yes").senses == (Sense("spoken", "yes"),)
    assert both.read("stop y").senses == (Sense("other", 2), Sense("spoken", "yes"))
    assert both.read("um").senses == (Sense("other", 3),)
    assert "um" not in both.fillers


# the shipped grammars


@pytest.mark.parametrize("name", GENERAL)
def test_every_shipped_sentence_is_read_as_itself(name: str) -> None:
    grammar = load_grammar(name)
    for sentence, sense in grammar.sentences.items():
        assert grammar.read(sentence).sole == sense, sentence


@pytest.mark.parametrize("name", GENERAL)
def test_shipped_grammars_stay_small_enough_to_listen_for(name: str) -> None:
    assert 1 <= len(load_grammar(name).sentences) <= 1200


def test_yes_never_reads_as_no_however_it_is_cut_or_padded(everything: Grammar) -> None:
    yes_no = load_grammar("yes_no")
    for filler in ("", "um ", "ow ", "well ", "i think ", "it's "):
        for sentence, sense in yes_no.sentences.items():
            opposite = {YES: NO, NO: YES}.get(str(sense.value))
            assert opposite not in values(yes_no, filler + sentence), filler + sentence


@pytest.mark.parametrize(
    "doubt", ["a bit", "a little", "I think so", "maybe", "sort of", "sometimes", "probably", "not much", "I guess so"]
)
def test_doubt_is_never_a_no(doubt: str) -> None:
    assert values(load_grammar("yes_no"), doubt)[0] in (YES, UNSURE)


@pytest.mark.parametrize("name", GENERAL)
def test_sentences_that_differ_in_meaning_never_sound_the_same(name: str) -> None:
    grammar = load_grammar(name).union(load_grammar("command"), load_grammar("emergency"))
    lexicon = Lexicon(resources.MODEL / "lexicon.txt")
    lexicon.cover({word for phrase in grammar.phrases for word in phrase.split()})
    sounds: dict[tuple[str, ...], tuple[str, Sense]] = {}
    for sentence, sense in grammar.sentences.items():
        for forms in itertools.product(*map(lexicon.pronunciations, sentence.split())):
            other, meaning = sounds.setdefault(tuple(itertools.chain(*forms)), (sentence, sense))
            assert meaning == sense, (sentence, other)


@pytest.mark.parametrize(
    ("grammar", "typed", "value"),
    [
        ("duration", "10 min", 600),
        ("duration", "1/2 hour", 1800),
        ("duration", "about an hour and 20 minutes", 4800),
        ("duration", "it's been like two days now", 2 * 86400),
        ("duration", "2-3 days", 216000),
        ("duration", "all night", 36000),
        ("duration", "a fortnight", 14 * 86400),
        ("scale", "7/10", 7),
        ("scale", "it's about an eight out of ten", 8),
        ("scale", "seven or eight", 8),
        ("scale", "unbearable", 10),
        ("count", "3 times", 3),
        ("count", "I'm 67", 67),
        ("count", "never", 0),
        ("side", "it's my left calf", "left"),
        ("side", "both legs", "both"),
        ("coaching", "it's easing off", "better"),
        ("coaching", "still there", "same"),
        ("emergency", "I cant breathe", "breathing"),
        ("emergency", "call 999", "call_help"),
        ("emergency", "I can't feel my legs", "legs_numb"),
        ("command", "say that again please", "repeat"),
        ("command", "I don't know", "dont_know"),
        ("wake", "Hey Charlie", "wake"),
    ],
)
def test_people_say_it_their_own_way(grammar: str, typed: str, value: object) -> None:
    sole = load_grammar(grammar).read(typed).sole
    assert sole is not None
    assert sole.value == value


def test_a_denied_emergency_raises_no_alarm() -> None:
    assert load_grammar("emergency").read("no chest pain").senses == ()


def test_every_word_that_may_be_said_can_be_pronounced(everything: Grammar) -> None:
    lexicon = Lexicon(resources.MODEL / "lexicon.txt")
    lexicon.cover({word for phrase in everything.phrases for word in phrase.split()})


def test_grammars_are_found_beside_the_package() -> None:
    assert {path.stem for path in Path(resources.GRAMMARS).glob("*.yaml")} >= {*GENERAL, "filler"}


# contractions


@pytest.mark.parametrize(
    ("grammar", "typed", "value"),
    [
        ("happening", "it is over", "over"),
        ("happening", "it is gone", "over"),
        ("happening", "it is", "cramp"),
        ("emergency", "i can not breathe", "breathing"),
        ("place", "it is my calf", "calf"),
    ],
)
def test_the_full_form_means_what_the_contraction_means(grammar: str, typed: str, value: str) -> None:
    assert values(load_grammar(grammar), typed) == [value]


def test_a_long_row_of_digits_is_no_answer_and_takes_no_time() -> None:
    assert load_grammar("scale").read("9" * 100_000).senses == ()
