"""How somebody tells Home Assistant where Charley answers."""

from collections.abc import AsyncGenerator
from ipaddress import ip_address
from typing import Any

import pytest
from custom_components.charley.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, SOURCE_ZEROCONF, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry
from wyoming.event import Event, async_read_event, async_write_event

NOBODY = 9


@pytest.fixture
async def stranger() -> AsyncGenerator[int]:
    """The port of another Wyoming service."""
    import asyncio

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await async_read_event(reader)
        await async_write_event(Event("info", {"handle": []}), writer)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def tell(home: HomeAssistant, *places: dict[str, Any]) -> dict[str, Any]:
    """Fill the form in, again if it comes back."""
    flow = await home.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert flow["type"] is FlowResultType.FORM
    for place in places:
        flow = await home.config_entries.flow.async_configure(flow["flow_id"], place)
    await home.async_block_till_done()
    return dict(flow)


def place(port: int) -> dict[str, Any]:
    return {CONF_HOST: "127.0.0.1", CONF_PORT: port}


async def test_a_typed_place_is_tried_and_kept(home: HomeAssistant, port: int) -> None:
    flow = await tell(home, place(port))
    assert (flow["type"], flow["data"]) == (FlowResultType.CREATE_ENTRY, place(port))
    (entry,) = home.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED


async def test_where_nothing_answers_the_form_comes_back(home: HomeAssistant, port: int) -> None:
    flow = await tell(home, place(NOBODY))
    assert flow["errors"] == {"base": "cannot_connect"}
    assert (await tell(home, place(NOBODY), place(port)))["type"] is FlowResultType.CREATE_ENTRY


async def test_another_service_is_not_taken_for_charley(home: HomeAssistant, stranger: int) -> None:
    assert (await tell(home, place(stranger)))["errors"] == {"base": "not_charley"}


async def test_one_place_is_set_up_once(home: HomeAssistant, port: int) -> None:
    await tell(home, place(port))
    assert (await tell(home, place(port)))["reason"] == "already_configured"


async def test_an_announced_charley_is_offered(home: HomeAssistant, port: int) -> None:
    found = ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=port,
        hostname="hall.local.",
        type="_wyoming._tcp.local.",
        name="charley._wyoming._tcp.local.",
        properties={},
    )
    flow = await home.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_ZEROCONF}, data=found)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "confirm")
    flow = await home.config_entries.flow.async_configure(flow["flow_id"], {})
    assert (flow["type"], flow["data"]) == (FlowResultType.CREATE_ENTRY, place(port))


async def test_a_charley_that_is_not_there_yet_is_waited_for(home: HomeAssistant) -> None:
    entry = MockConfigEntry(domain=DOMAIN, data=place(NOBODY))
    entry.add_to_hass(home)
    await home.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
