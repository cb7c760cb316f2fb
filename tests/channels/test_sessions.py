"""Conversations found by their session: lines, silence, and the end, from any thread."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from skill.app import text_sessions
from skill.channels.desk import Reply
from skill.channels.sessions import Conversations, patience
from skill.dialogue.events import EndReason
from skill.settings import Settings

#: Seconds that a busy machine may take for a reply.
SLOW = 20.0


class Heard:
    """What was delivered to each session."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self._changed = threading.Condition()

    def deliver(self, session: str, reply: Reply) -> None:
        with self._changed:
            self.replies.setdefault(session, []).append(reply)
            self._changed.notify_all()

    def wait_for(self, session: str, count: int) -> Reply:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.replies.get(session, ())) >= count, SLOW)
        return self.replies[session][count - 1]


def never(_: Reply) -> float:
    return 3600.0


@pytest.fixture(name="heard")
def _heard() -> Heard:
    return Heard()


@pytest.fixture(name="open_with")
def _open_with(heard: Heard) -> Iterator[Callable[[Callable[[Reply], float]], Conversations]]:
    opened = []

    def make(waits: Callable[[Reply], float]) -> Conversations:
        opened.append(Conversations(text_sessions(Settings(emergency_number="999")), heard.deliver, waits))
        return opened[-1]

    yield make
    for conversations in opened:
        conversations.close()


Open = Callable[[Callable[[Reply], float]], Conversations]


def test_the_first_line_begins_a_conversation_and_the_next_one_answers(open_with: Open, heard: Heard) -> None:
    conversations = open_with(never)
    assert not conversations.under_way("hall")
    conversations.say("hall", "my calf is cramping")
    assert conversations.under_way("hall")
    conversations.say("hall", "yes")
    assert [advice.level for advice in heard.wait_for("hall", 2).advice] == ["emergency"]
    conversations.say("hall", "stop")
    assert heard.wait_for("hall", 3).ended is not None
    assert not conversations.under_way("hall")


def test_who_says_nothing_is_asked_again_and_at_last_given_the_safe_advice(open_with: Open, heard: Heard) -> None:
    conversations = open_with(lambda _: 0.05)
    conversations.say("hall", "talk to charley")
    last = heard.wait_for("hall", 4)
    assert [reply.awaits for reply in heard.replies["hall"][:3]] == ["emergency"] * 3
    assert (last.ended, [advice.level for advice in last.advice]) == (EndReason.SILENCE, ["emergency"])
    time.sleep(0.3)
    assert len(heard.replies["hall"]) == 4
    assert not conversations.under_way("hall")


def test_a_silence_that_somebody_else_has_measured_counts_at_once(open_with: Open, heard: Heard) -> None:
    conversations = open_with(never)
    conversations.silence("hall")
    conversations.say("hall", "i have a cramp")
    conversations.silence("hall")
    assert heard.wait_for("hall", 2).awaits == "emergency"
    assert heard.wait_for("hall", 2).said != heard.wait_for("hall", 1).said


def test_an_answer_in_time_ends_the_waiting(open_with: Open, heard: Heard) -> None:
    conversations = open_with(lambda _: 2.0)
    conversations.say("hall", "i have a cramp in my calf")
    for count in range(2, 5):
        time.sleep(0.8)
        conversations.say("hall", "no")
        assert heard.wait_for("hall", count).awaits != heard.wait_for("hall", count - 1).awaits
    assert len(heard.replies["hall"]) == 4


def test_sessions_do_not_mix_though_their_lines_come_at_once(open_with: Open, heard: Heard) -> None:
    conversations = open_with(never)
    places = {f"{place} {number}": place for number in range(5) for place in ("calf", "hand", "neck")}

    def hold(session: str, place: str) -> None:
        conversations.say(session, f"my {place} is cramping")
        conversations.say(session, "yes")

    people = [threading.Thread(target=hold, args=item) for item in places.items()]
    for person in people:
        person.start()
    for person in people:
        person.join(SLOW)
    told = {session: replies[1].advice[0].place for session, replies in heard.replies.items()}
    assert told == places


def test_people_have_the_time_that_speaking_takes_and_then_some() -> None:
    short, long = (
        Reply(("Where?",)),
        Reply(("Straighten that leg, and slowly pull your toes up toward your knee.",) * 5),
    )
    assert patience(short) > 20
    assert patience(long) - patience(short) > 20
