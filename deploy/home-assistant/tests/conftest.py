"""A real `charley serve` in the project's own environment, and a Home Assistant that is set up with it."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from custom_components.charley.const import DOMAIN
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

HERE = Path(__file__).parent
PYTHON = os.environ.get("CHARLEY_PYTHON", str(HERE.parents[2] / ".venv/bin/python"))
SERVE = ("-m", "skill", "serve", "--listen")
IMPATIENT = (str(HERE / "impatient.py"),)


@contextmanager
def charley(*arguments: str) -> Generator[int]:
    """The port of a `charley serve` that is there meanwhile, and complains of nothing."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2])}
    with subprocess.Popen([PYTHON, *arguments], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        try:
            yield int(said.partition("127.0.0.1:")[2].partition(";")[0])
        finally:
            process.terminate()
            _, errors = process.communicate()
    assert "Traceback" not in errors


@pytest.fixture(scope="session")
def port() -> Generator[int]:
    """Where Charley answers all the time."""
    with charley(*SERVE, "127.0.0.1:0") as here:
        yield here


@pytest.fixture(autouse=True)
def _wires(socket_enabled: None, enable_custom_integrations: None) -> None:
    """Loopback is allowed, and so is the integration."""


@pytest.fixture
async def home(hass: HomeAssistant) -> HomeAssistant:
    """A Home Assistant that can hold conversations."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    return hass


@pytest.fixture
async def agent(home: HomeAssistant, port: int) -> str:
    """The id of Charley's conversation entity."""
    return await set_up(home, port)


async def set_up(home: HomeAssistant, port: int) -> str:
    """Set the integration up with the Charley on `port`."""
    entry = MockConfigEntry(domain=DOMAIN, title="Charley", data={CONF_HOST: "127.0.0.1", CONF_PORT: port})
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    (agent,) = (name for name in home.states.async_entity_ids("conversation") if "charley" in name)
    return agent
