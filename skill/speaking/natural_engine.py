"""The optional voice hibari: a natural one, in this process, with the model inside its package."""

import os
import threading
from typing import Any, Final

from skill.errors import InstallationError, SpeechError
from skill.speaking.shaping import amplify
from skill.speaking.voice import Clip, Delivery

#: hibari's other voices would be fetched from the network.
_VOICE: Final = "heart"
_RATE: Final = 24_000


class NaturalEngine:
    """hibari's voice "heart", an American woman's."""

    def __init__(self) -> None:
        """Raises InstallationError when the extra is not installed."""
        try:
            os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime 1.32 would send some
            from hibari import Hibari

            self._voice: Any = Hibari(voice=_VOICE)
        except ImportError as missing:
            raise InstallationError("The natural voice is not installed: pip install 'charley[natural]'.") from missing
        except Exception as damage:  # whatever its runtime raises
            raise InstallationError(
                "The natural voice is damaged: pip install --force-reinstall 'charley[natural]'."
            ) from damage
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        """There is one voice."""
        return f"natural {_VOICE}"

    def render(self, text: str, delivery: Delivery) -> Clip:
        """Mono at 24 kHz. Raises SpeechError."""
        try:
            with self._lock:
                samples = self._voice(text, speed=delivery.pace, seed=0)
        except Exception as failure:  # whatever its runtime raises
            raise SpeechError("The natural voice has failed: choose another of `charley voices`.") from failure
        return Clip(amplify(samples, delivery.volume), _RATE)

    def close(self) -> None:
        """Nothing to release."""
