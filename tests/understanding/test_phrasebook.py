import weakref

from skill.triage.loader import load_protocol
from skill.understanding.phrasebook import Phrasebook


def test_the_grammars_of_a_moment_are_made_once() -> None:
    protocol = load_protocol()
    phrasebook = Phrasebook(protocol)
    question = protocol.questions["place"]
    assert phrasebook.at(question) is phrasebook.at(question)


def test_a_phrasebook_is_freed_with_its_conversation_and_waits_for_no_collector() -> None:
    protocol = load_protocol()
    phrasebook = Phrasebook(protocol)
    phrasebook.at(protocol.questions["place"])
    known = weakref.ref(phrasebook)
    del phrasebook
    assert known() is None
