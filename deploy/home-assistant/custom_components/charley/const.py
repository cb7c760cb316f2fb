"""Names that the parts of the integration share."""

from typing import Final

DOMAIN: Final = "charley"
#: The port of `charley serve`.
DEFAULT_PORT: Final = 10600
#: Fired with each verdict: level, place, reasons, text, conversation_id, device_id.
EVENT_VERDICT: Final = "charley_verdict"
