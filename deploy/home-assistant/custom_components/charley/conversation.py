"""The agent: passes on what is said, keeps the microphone open while Charley expects an answer, tells of advice."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, Literal

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry, intent
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN, EVENT_VERDICT
from .lines import Line, Reply, UnreachableError

_SATELLITE = "assist_satellite"


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the agent."""
    del hass
    async_add_entities([CharleyAgent(entry)])


class CharleyAgent(conversation.ConversationEntity):
    """Charley at the other end of a line."""

    _attr_has_entity_name = True
    _attr_name = "Charley"
    _attr_supports_streaming = True

    def __init__(self, entry: ConfigEntry) -> None:
        self._attr_unique_id = entry.entry_id
        self._place = (entry.data[CONF_HOST], entry.data[CONF_PORT])
        self._lines: dict[str, Line] = {}

    @property
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Charley speaks English."""
        return ["en"]

    async def async_will_remove_from_hass(self) -> None:
        """Hang up everywhere."""
        for line in self._lines.values():
            await line.close()
        self._lines.clear()

    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """One turn."""
        name, device = chat_log.conversation_id, user_input.device_id
        if name not in self._lines:
            self._lines = {other: line for other, line in self._lines.items() if not line.dead}
            self._lines[name] = Line(*self._place, name, partial(self._ended, name, device))
        response = intent.IntentResponse(language=user_input.language)
        try:
            reply = await self._lines[name].say(user_input.text)
        except UnreachableError:
            problem = HomeAssistantError(translation_domain=DOMAIN, translation_key="unreachable")
            response.async_set_error(intent.IntentResponseErrorCode.UNKNOWN, str(problem))
            return conversation.ConversationResult(response=response, conversation_id=name)
        self._tell(reply, name, device)
        async for _ in chat_log.async_add_delta_content_stream(self.entity_id, _deltas(reply)):
            pass
        if not reply.expects:
            await self._lines.pop(name).close()
        response.async_set_speech(reply.text)
        return conversation.ConversationResult(
            response=response, conversation_id=name, continue_conversation=reply.expects
        )

    def _tell(self, reply: Reply, name: str, device: str | None) -> None:
        """An event for each verdict."""
        for advice in reply.advice:
            about = {**advice, "text": reply.text, "conversation_id": name, "device_id": device}
            self.hass.bus.async_fire(EVENT_VERDICT, about)

    def _ended(self, name: str, device: str | None, reply: Reply) -> None:
        """Nobody has gone on: tell what is safest then, and say it where the person is."""
        line = self._lines.pop(name, None)
        if line is not None:
            self.hass.async_create_task(line.close())
        self._tell(reply, name, device)
        satellites = self._satellites(device) if reply.advice else []
        if satellites:
            announcement: dict[str, Any] = {"entity_id": satellites, "message": reply.text}
            self.hass.async_create_task(self.hass.services.async_call(_SATELLITE, "announce", announcement))

    def _satellites(self, device: str | None) -> list[str]:
        """The voice satellite through which the person spoke."""
        if device is None:
            return []
        found = entity_registry.async_entries_for_device(entity_registry.async_get(self.hass), device)
        return [entity.entity_id for entity in found if entity.domain == _SATELLITE]


async def _deltas(reply: Reply) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
    """An utterance at a time, so that speech can begin with the first."""
    yield {"role": "assistant"}
    for number, utterance in enumerate(reply.said):
        yield {"content": f" {utterance}" if number else utterance}
