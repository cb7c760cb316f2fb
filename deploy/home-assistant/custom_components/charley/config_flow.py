"""Asks where `charley serve` answers."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from .const import DEFAULT_PORT, DOMAIN
from .lines import UnreachableError, answers

_NAME = "Charley"


class CharleyConfigFlow(ConfigFlow, domain=DOMAIN):
    """One entry for each place where Charley answers."""

    VERSION = 1

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The host and the port, as somebody types them."""
        problems: dict[str, str] = {}
        if user_input is not None:
            self._async_abort_entries_match(user_input)
            problem = await _problem(user_input)
            if problem is None:
                return self.async_create_entry(title=_NAME, data=user_input)
            problems["base"] = problem
        form = vol.Schema({vol.Required(CONF_HOST): str, vol.Required(CONF_PORT, default=DEFAULT_PORT): cv.port})
        form = self.add_suggested_values_to_schema(form, user_input)
        return self.async_show_form(step_id="user", data_schema=form, errors=problems)

    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """A Charley that announces itself with `charley serve --zeroconf`."""
        self._found = {CONF_HOST: discovery_info.host, CONF_PORT: discovery_info.port}
        await self.async_set_unique_id(discovery_info.name)
        self._abort_if_unique_id_configured(updates=self._found)
        self._async_abort_entries_match(self._found)
        problem = await _problem(self._found)
        if problem is not None:
            return self.async_abort(reason=problem)
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Whether the Charley that was found is to be used."""
        if user_input is not None:
            return self.async_create_entry(title=_NAME, data=self._found)
        self._set_confirm_only()
        place = {"place": f"{self._found[CONF_HOST]}:{self._found[CONF_PORT]}"}
        return self.async_show_form(step_id="confirm", description_placeholders=place)


async def _problem(place: dict[str, Any]) -> str | None:
    """Why this place will not do; None where Charley answers there."""
    try:
        return None if await answers(place[CONF_HOST], place[CONF_PORT]) else "not_charley"
    except UnreachableError:
        return "cannot_connect"
