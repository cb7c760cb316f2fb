"""Which number is said in an emergency, and why that one; which line gives medical advice."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from skill.dialogue.prompts import Contacts, Prompts
from skill.settings import PATH, UNKNOWN_REGION, Settings
from skill.system.folders import NOWHERE
from skill.system.region import locale_region

_FILE: Final = "the settings" if PATH.is_relative_to(NOWHERE) else PATH


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number, and where it comes from."""

    digits: str
    reason: str
    """For whoever looks after this machine, as in "region GB in the settings"."""

    @property
    def spoken(self) -> str:
        """As a voice reads it, its digits apart."""
        return " ".join(self.digits)


def emergency_number(
    settings: Settings, prompts: Prompts, environment: Mapping[str, str] = os.environ
) -> EmergencyNumber:
    """The number of the settings, else of their region, else of the locale, else the one most countries know."""
    if settings.emergency_number:
        return EmergencyNumber(settings.emergency_number, f"emergency_number in {_FILE}")
    if settings.region == UNKNOWN_REGION:
        return _unlisted(prompts, f"the region in {_FILE} is no country")
    if settings.region:
        return _listed(prompts, settings.region, f"region {settings.region} in {_FILE}")
    here = locale_region(environment)
    if here is None:
        return _unlisted(prompts, f"no locale here names a country: write a region in {_FILE}")
    return _listed(prompts, here.territory, f"{here.source}: where that is wrong, write a region in {_FILE}")


def contacts(settings: Settings, prompts: Prompts, environment: Mapping[str, str] = os.environ) -> Contacts:
    """Whom the advice names: the emergency number, and the advice line of the same country."""
    here = locale_region(environment)
    territory = settings.region or (here.territory if here else "default")
    line = prompts.texts.get(f"advice_lines.{territory}", prompts.texts["advice_lines.default"])
    return Contacts(emergency_number(settings, prompts, environment).spoken, line)


def _listed(prompts: Prompts, territory: str, reason: str) -> EmergencyNumber:
    if prompts.has(f"numbers.{territory}"):
        return EmergencyNumber(prompts.texts[f"numbers.{territory}"], reason)
    return _unlisted(prompts, f"{reason}; no number of {territory} is listed, and this one is known in most countries")


def _unlisted(prompts: Prompts, reason: str) -> EmergencyNumber:
    return EmergencyNumber(prompts.texts["numbers.default"], reason)
