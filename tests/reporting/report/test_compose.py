"""What stands in the report: all that a doctor asks, and every sign of danger that was told."""

from datetime import timedelta

from skill.episodes.episode import Effect, Episode, Note, Tried
from skill.reporting.report.as_text import as_text
from skill.reporting.report.compose import compose
from skill.reporting.report.document import Document, Table
from skill.reporting.report.history import histories
from skill.reporting.report.wording import Wording
from skill.triage.definition import Protocol
from skill.triage.model import NO, UNANSWERED, YES, Answer, Kind, Level
from tests.support.remembered import NOW

CALF = (Answer("emergency", NO), Answer("place", "calf"), Answer("happening", "cramp"))


def text_of(protocol: Protocol, *episodes: Episode) -> str:
    """The whole report in one line."""
    document = compose(histories(episodes, protocol), protocol, Wording(), NOW)
    return " ".join(as_text(document).split())


def test_every_answer_and_red_flag_has_written_words(protocol: Protocol, wording: Wording) -> None:
    for question in protocol.questions.values():
        if question.kind is Kind.YES_NO and question.red_flag is not None:
            assert wording.topic(question.id)
        for choice in question.choices:
            assert wording.answer(question, choice)
    for rule in protocol.rules:
        assert wording.reason(rule.id)


def test_amounts_are_short(protocol: Protocol, wording: Wording) -> None:
    lasts = protocol.questions["lasts"]
    written = [wording.answer(lasts, seconds) for seconds in (45, 60, 90, 601, 599, 7200, 86_400, 31_536_000)]
    assert written == ["45 s", "1 min", "1.5 min", "over 10 min", "under 10 min", "2 h", "1 day", "1 year"]


def test_a_red_flag_told_long_ago_is_not_lost_among_a_hundred(protocol: Protocol) -> None:
    urgent = Episode(1, NOW - timedelta(days=300), (*CALF, Answer("swelling", YES)), Level.URGENT, ended=True)
    later = (Episode(n, NOW - timedelta(days=299 - n), CALF, Level.SELF_CARE, ended=True) for n in range(2, 101))
    report = text_of(protocol, urgent, *later)
    assert "Yes: swollen, red or hot (1×, last 30 Jan 2026)." in report
    assert "be seen the same day, on 30 Jan 2026" in report
    assert "A swollen, red or hot limb can be a clot in a vein" in report


def test_silence_at_a_red_flag_is_told_as_a_possible_yes(protocol: Protocol) -> None:
    silent = Episode(1, NOW, (*CALF, Answer("illness", UNANSWERED)), Level.URGENT, ended=True)
    assert "counts as a possible yes: snap or blow, fever, overheating, dark urine" in text_of(protocol, silent)


def test_a_later_no_does_not_hide_a_yes(protocol: Protocol) -> None:
    yes = Episode(1, NOW - timedelta(days=9), (*CALF, Answer("new_medicine", YES)), Level.SOON, ended=True)
    no = Episode(2, NOW, (*CALF, Answer("new_medicine", NO)), Level.SELF_CARE, ended=True)
    report = text_of(protocol, yes, no)
    assert "New or changed before it: yes (17 Nov 2026)" in report
    assert "Yes: a new or changed medicine before it (1×, last 17 Nov 2026)" in report


def test_what_eased_it_and_what_was_noted_are_told(protocol: Protocol) -> None:
    eased = Episode(
        1,
        NOW,
        CALF,
        Level.SELF_CARE,
        ended=True,
        tried=(Tried("calf_stretch", Effect.EASED, 45),),
        notes=(Note(NOW, "it was after football"),),
    )
    report = text_of(protocol, eased)
    assert "stretching the calf, 45 s" in report
    assert "stretching the calf (1×, eased 1×)" in report
    assert "it was after football" in report


def test_what_another_charley_asked_is_left_out(protocol: Protocol) -> None:
    strange = (*CALF, Answer("weather", "fine"), Answer("swelling", "purple"))
    assert "calf 1" in text_of(protocol, Episode(1, NOW, strange, Level.SELF_CARE, ended=True, remedies=("dance",)))


def test_a_conversation_that_broke_off_is_told_as_such(protocol: Protocol) -> None:
    report = text_of(protocol, Episode(1, NOW, CALF, None, ended=False))
    assert "broken off" in report
    assert "No advice was given" in report


def test_it_says_what_it_is_not(document: Document) -> None:
    assert "Charley follows published advice and is not a clinician" in document.closing


def test_the_newest_cramps_are_listed_and_the_rest_counted(document: Document) -> None:
    table = next(block for section in document.sections for block in section.blocks if isinstance(block, Table))
    assert table.caption.startswith("The 12 newest of 100 cramps")
    assert len(table.rows) == 12
