"""Charley, a companion for muscle cramps and spasms, as a conversation agent of Home Assistant."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady

from .const import DOMAIN
from .lines import UnreachableError, answers

_PLATFORMS = [Platform.CONVERSATION]


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up the agent, once Charley answers."""
    try:
        there = await answers(entry.data[CONF_HOST], entry.data[CONF_PORT])
    except UnreachableError:
        there = False
    if not there:
        raise ConfigEntryNotReady(translation_domain=DOMAIN, translation_key="not_there")
    await hass.config_entries.async_forward_entry_setups(entry, _PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Take the agent away."""
    return await hass.config_entries.async_unload_platforms(entry, _PLATFORMS)
