"""Many conversations at once: found again by their ids, and never left hanging."""

import asyncio
from collections.abc import Callable

import pytest

from skill.app import text_sessions
from skill.channels.switchboard import Line, Spoken, Switchboard
from skill.channels.text_session import TextSession
from skill.dialogue.events import EndReason
from skill.settings import Settings

Open = Callable[[str], TextSession]
BUSY = "Too many. Call 9 9 9."
CALF, HAND = "my calf is cramping", "my hand is cramping"


@pytest.fixture(scope="module", name="open_session")
def _open_session() -> Open:
    return text_sessions(Settings(emergency_number="999"))


class Told:
    """Hears how conversations ended that nobody went on with."""

    def __init__(self) -> None:
        self.spoken: asyncio.Queue[Spoken] = asyncio.Queue()

    async def __call__(self, spoken: Spoken) -> None:
        self.spoken.put_nowait(spoken)


def test_ids_keep_callers_apart(open_session: Open) -> None:
    async def both() -> list[str | None]:
        board, told = Switchboard(open_session, BUSY), Told()
        await asyncio.gather(board.say(Line(CALF, "a", None), told), board.say(Line(HAND, "b", None), told))
        await asyncio.gather(board.say(Line("no", "a", None), told), board.say(Line("no", "b", None), told))
        await board.close()
        ends = {spoken.conversation: spoken for spoken in (told.spoken.get_nowait(), told.spoken.get_nowait())}
        return [ends[name].reply.advice[0].place for name in "ab"]

    assert asyncio.run(both()) == ["calf", "hand"]


def test_without_an_id_one_is_handed_out_to_be_brought_back(open_session: Open) -> None:
    async def twice() -> tuple[Spoken, Spoken, Spoken]:
        board, told = Switchboard(open_session, BUSY), Told()
        first = await board.say(Line(CALF, None, None), told)
        other = await board.say(Line(HAND, None, None), told)
        second = await board.say(Line("no", first.conversation, first.turn), told)
        await board.close()
        return first, other, second

    first, other, second = asyncio.run(twice())
    assert first.conversation == second.conversation != other.conversation
    assert (first.turn, second.turn, other.turn) == (1, 2, 1)
    assert first.reply.awaits == other.reply.awaits == "emergency" != second.reply.awaits


def test_who_missed_a_reply_hears_it_once_more_and_answers_nothing_unheard(open_session: Open) -> None:
    async def missed() -> tuple[Spoken, Spoken, Spoken]:
        board, told = Switchboard(open_session, BUSY), Told()
        await board.say(Line(CALF, "a", 0), told)
        lost = await board.say(Line("no", "a", 1), told)
        again = await board.say(Line("no", "a", 1), told)
        on = await board.say(Line("it is over", "a", 2), told)
        await board.close()
        return lost, again, on

    lost, again, on = asyncio.run(missed())
    assert again == lost
    assert (on.turn, on.reply.awaits != lost.reply.awaits) == (3, True)


def test_nobody_goes_on_and_the_safe_word_is_told(open_session: Open) -> None:
    async def idle() -> tuple[Spoken, Spoken]:
        board, told = Switchboard(open_session, BUSY, idle=0.3), Told()
        await board.say(Line(CALF, "a", None), told)
        ended = await asyncio.wait_for(told.spoken.get(), 30)
        fresh = await board.say(Line(HAND, "a", None), told)
        await board.close()
        return ended, fresh

    ended, fresh = asyncio.run(idle())
    assert ended.reply.ended is EndReason.SILENCE
    assert [(advice.level, advice.place) for advice in ended.reply.advice] == [("emergency", "calf")]
    assert (fresh.turn, fresh.reply.awaits) == (1, "emergency")


def test_who_goes_on_in_time_is_not_cut_off(open_session: Open) -> None:
    async def slowly() -> Spoken:
        board, told = Switchboard(open_session, BUSY, idle=1.0), Told()
        await board.say(Line(CALF, "a", None), told)
        await asyncio.sleep(0.7)
        await board.say(Line("what", "a", None), told)
        await asyncio.sleep(0.7)
        spoken = await board.say(Line("no", "a", None), told)
        await board.close()
        return spoken

    assert asyncio.run(slowly()).turn == 3


def test_an_ended_conversation_makes_room_for_a_new_one_under_its_id(open_session: Open) -> None:
    async def again() -> tuple[Spoken, Spoken]:
        board, told = Switchboard(open_session, BUSY, most=1), Told()
        await board.say(Line(CALF, "a", None), told)
        ended = await board.say(Line("stop", "a", None), told)
        fresh = await board.say(Line(HAND, "a", None), told)
        await board.close()
        return ended, fresh

    ended, fresh = asyncio.run(again())
    assert ended.reply.ended is EndReason.STOPPED
    assert (fresh.turn, fresh.reply.ended) == (1, None)


def test_too_many_are_told_so_and_whom_to_call(open_session: Open) -> None:
    async def crowd() -> tuple[Spoken, Spoken]:
        board, told = Switchboard(open_session, BUSY, most=1), Told()
        await board.say(Line(CALF, "a", None), told)
        turned_away = await board.say(Line(HAND, "b", None), told)
        goes_on = await board.say(Line("no", "a", None), told)
        await board.close()
        return turned_away, goes_on

    turned_away, goes_on = asyncio.run(crowd())
    assert (turned_away.reply.text, turned_away.reply.ended) == (BUSY, EndReason.ERROR)
    assert goes_on.turn == 2


def test_two_lines_at_once_for_one_conversation_are_taken_one_after_the_other(open_session: Open) -> None:
    async def at_once() -> list[int]:
        board, told = Switchboard(open_session, BUSY), Told()
        lines = [Line(CALF, "a", None), Line("", "a", None), Line("", "a", None)]
        spoken = await asyncio.gather(*(board.say(line, told) for line in lines))
        await board.close()
        return sorted(one.turn for one in spoken)

    assert asyncio.run(at_once()) == [1, 2, 3]
