"""Which country this is: what people call countries, and what the system's locale says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: What everybody understands, though ISO 3166 has another code for it.
_COLLOQUIAL: Final[Mapping[str, str]] = {
    "UK": "GB",
    "GREAT BRITAIN": "GB",
    "BRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERN IRELAND": "GB",
    "UNITED KINGDOM": "GB",
    "AMERICA": "US",
    "UNITED STATES": "US",
}
#: `language_TERRITORY`, then perhaps a codeset and a modifier, as glibc writes locales. "C.UTF-8" and "en" name no
#: country.
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}_([A-Za-z]{2})(?:\.[^@]*)?(?:@.*)?")
#: Variables in which a locale may stand, the most telling first: whose telephone numbers and addresses are written here
#: says more of the country than the language of the messages does.
_VARIABLES: Final = ("LC_ALL", "LC_TELEPHONE", "LC_ADDRESS", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class LocaleRegion:
    """A country, and the variable that names it, as in `LANG=en_GB.UTF-8`."""

    territory: str
    source: str


def territory(name: str) -> str | None:
    """The ISO 3166 alpha-2 code of what somebody calls a country: "gb", "UK", "USA", "U.S.", "Ireland"; or None."""
    from iso3166 import countries

    wanted = " ".join(name.upper().replace(".", "").split())
    wanted = _COLLOQUIAL.get(wanted, wanted)
    known = None if wanted.isdigit() else countries.get(wanted, None)  # 112 is Belarus to statisticians
    return None if known is None else str(known.alpha2)


def locale_region(environment: Mapping[str, str]) -> LocaleRegion | None:
    """The country of the system's locale; None where no locale names one."""
    for variable in _VARIABLES:
        value = environment.get(variable, "")
        named = _LOCALE.fullmatch(value)
        if named and (code := territory(named[1])):
            return LocaleRegion(code, f"{variable}={value}")
    return None
