"""A phrase and a sentence heard in the same sound: where they sound alike the phrase counts, else the sentence."""

from skill.commands.read import interpreter_at, question_named
from skill.listening.ear import Ending, Heard, Phrase
from skill.listening.sentence import Sentence
from skill.understanding.meanings import Alarmed, Meant, Understanding, Wondered


def understood(question_id: str, phrase: str, sentence: str) -> Understanding:
    question = question_named(question_id)
    heard = Heard(Ending.SPEECH, (Phrase(phrase, 1.0),), Sentence(sentence, None, "script"))
    return interpreter_at(question).understand(heard, question)


def test_a_long_phrase_that_the_second_hearing_only_misspells_counts() -> None:
    assert understood("place", "what is a charley horse", "what in a tally horse") == Wondered("charley_horse")


def test_an_alarm_that_the_second_hearing_does_not_share_is_never_acted_on() -> None:
    found = understood("how_long", "i've lost control of my bladder", "it was locked up for an hour i would say")
    assert not isinstance(found, Alarmed)


def test_an_alarm_in_one_word_of_two_hearings_that_sound_alike_is_judged_by_the_sentence() -> None:
    found = understood("emergency", "no nothing like that my chest is tight", "no nothing like that my chest is fine")
    assert found == Meant("no", sure=True)


def test_an_alarm_that_both_hear_is_acted_on() -> None:
    found = understood("recurs", "i can't breathe properly", "i can't breathe popperly")
    assert isinstance(found, Alarmed)
    assert found.sure


def test_a_phrase_that_the_sentence_contradicts_is_not_taken_at_once() -> None:
    found = understood("swelling", "no it isn't swollen", "well it is swollen and it is puffier than the other one")
    assert not (isinstance(found, Meant) and found.value == "no" and found.sure)
