"""Whole conversations under Home Assistant: no answer lost, the microphone open, verdicts told, ends told too."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from custom_components.charley.const import DOMAIN, EVENT_VERDICT
from custom_components.charley.lines import Line
from homeassistant.components import conversation
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry, entity_registry
from pytest_homeassistant_custom_component.common import async_capture_events, async_mock_service

from .conftest import IMPATIENT, SERVE, charley, set_up

OPENING = "I have a cramp in my calf"
INTERVIEWS = 20


def reply_to(said: str) -> str:
    """What somebody answers who has a plain cramp."""
    if said.endswith("better, or worse?"):
        return "done"
    return "it is cramping" if said.startswith("Is it cramping right now") else "no"


class Person:
    """Somebody at a satellite."""

    def __init__(self, home: HomeAssistant, agent: str, device: str | None = None) -> None:
        self._home, self._agent, self._device = home, agent, device
        self._conversation: str | None = None
        self.open = True
        """Whether the microphone opens again."""

    async def say(self, text: str) -> str:
        """What is said back."""
        result = await conversation.async_converse(
            self._home,
            text,
            self._conversation,
            Context(),
            language="en",
            agent_id=self._agent,
            device_id=self._device,
        )
        self._conversation, self.open = result.conversation_id, result.continue_conversation
        return str(result.response.speech["plain"]["speech"])

    async def interview(self) -> list[str]:
        """All that Charley says from the first word to the last."""
        said = [await self.say(OPENING)]
        while self.open:
            said.append(await self.say(reply_to(said[-1])))
        return said


async def by_wire(port: int) -> list[str]:
    """The same conversation without Home Assistant."""
    line = Line("127.0.0.1", port, "by wire", lambda _: None)
    reply = await line.say(OPENING)
    said = [reply.text]
    while reply.expects:
        reply = await line.say(reply_to(said[-1]))
        said.append(reply.text)
    await line.close()
    return said


async def test_twenty_interviews_lose_no_answer(home: HomeAssistant, agent: str, port: int) -> None:
    verdicts = async_capture_events(home, EVENT_VERDICT)
    expected = await by_wire(port)
    for _ in range(INTERVIEWS):
        assert await Person(home, agent).interview() == expected
    assert len(verdicts) == INTERVIEWS
    assert len(expected) > 10


async def test_two_people_at_once_do_not_mix(home: HomeAssistant, agent: str) -> None:
    calf, hand = Person(home, agent), Person(home, agent)
    verdicts = async_capture_events(home, EVENT_VERDICT)
    await asyncio.gather(calf.say("my calf is cramping"), hand.say("my hand is cramping"))
    await asyncio.gather(calf.say("yes"), hand.say("yes"))
    await home.async_block_till_done()
    assert sorted(event.data["place"] for event in verdicts) == ["calf", "hand"]


async def test_a_verdict_is_an_event_to_act_on(home: HomeAssistant, agent: str) -> None:
    verdicts, person = async_capture_events(home, EVENT_VERDICT), Person(home, agent, "hall")
    await person.say("my left calf is cramping")
    said = await person.say("yes")
    await home.async_block_till_done()
    (told,) = (event.data for event in verdicts)
    assert (told["level"], told["place"], told["device_id"], told["text"]) == ("emergency", "calf", "hall", said)
    assert told["reasons"][0].keys() == {"rule", "text", "sources"}
    assert person.open


async def test_a_charley_that_goes_away_is_told_of_and_found_again(home: HomeAssistant) -> None:
    with charley(*SERVE, "127.0.0.1:0") as port:
        person = Person(home, await set_up(home, port))
        await person.say(OPENING)
    assert "emergency number" in await person.say("no")
    assert not person.open
    with charley(*SERVE, f"127.0.0.1:{port}"):
        assert "safety check" in await person.say(OPENING)
        assert person.open


async def told(home: HomeAssistant) -> dict[str, Any]:
    """The next verdict."""
    verdict: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    @callback
    def take(event: Event) -> None:
        if not verdict.done():
            verdict.set_result(dict(event.data))

    stop: Callable[[], None] = home.bus.async_listen(EVENT_VERDICT, take)
    try:
        return await asyncio.wait_for(verdict, 60)
    finally:
        stop()


async def test_who_says_nothing_more_is_told_what_is_safest_where_they_are(home: HomeAssistant) -> None:
    announced = async_mock_service(home, "assist_satellite", "announce")
    with charley(*IMPATIENT) as port:
        agent = await set_up(home, port)
        (entry,) = home.config_entries.async_entries(DOMAIN)
        device = device_registry.async_get(home).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={("esphome", "hall")}
        )
        satellite = entity_registry.async_get(home).async_get_or_create(
            "assist_satellite", "esphome", "hall", device_id=device.id
        )
        await Person(home, agent, device.id).say("my calf is cramping")
        verdict = await told(home)
        await home.async_block_till_done()
    assert (verdict["level"], verdict["place"]) == ("emergency", "calf")
    (announcement,) = announced
    assert announcement.data["entity_id"] == [satellite.entity_id]
    assert announcement.data["message"] == verdict["text"]


async def test_unloading_hangs_up(home: HomeAssistant, agent: str) -> None:
    await Person(home, agent).say(OPENING)
    (entry,) = home.config_entries.async_entries(DOMAIN)
    assert await home.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ValueError, match=agent):
        await Person(home, agent).say(OPENING)
