"""A Vosk model in a child process (`worker`), which is started again when it aborts or hangs."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from skill.errors import HearingError, InstallationError
from skill.listening.vosk_model import damaged
from skill.system.child import Child, ChildError, module

#: Seconds for the model to load: 0.6 s here, so this is room for a slow memory card.
_LOADING: Final = 60.0
#: Seconds for a block of sound or a result, which take milliseconds; less than the 4 s that nobody is left in silence.
_PATIENCE: Final = 3.0


class ChildModel:
    """The same as `VoskModel`, out of harm's way."""

    def __init__(self, folder: Path) -> None:
        """Start the child and wait until it has loaded the model. Raises InstallationError when it cannot, twice."""
        self._child = Child(module("skill.listening.worker", str(folder.resolve())))
        self._loaded = True
        try:
            reply = self._child.reply(_LOADING)
        except ChildError:  # the system may have ended it, for want of memory
            self._child.restart()
            try:
                reply = self._child.reply(_LOADING)
            except ChildError as failure:
                self.close()
                raise damaged(folder) from failure
        if "error" in reply:
            self.close()
            raise InstallationError(reply["error"])

    def missing(self, words: Iterable[str]) -> set[str]:
        """Those of `words` that the model does not have."""
        return set(self.ask({"do": "missing", "words": list(words)})["missing"])

    def decoder(self, rate: int, weights: Mapping[str, int] | None) -> "ChildDecoder":
        """Begin an utterance; a model that is being loaded again is waited for."""
        self.ask({"do": "decoder", "rate": rate, "weights": weights})
        return ChildDecoder(self)

    def close(self) -> None:
        """End the child."""
        self._child.end()

    def ask(self, request: Mapping[str, object], sound: bytes = b"") -> Any:
        """One request of `worker`. Raises HearingError when the child fails; it is started again meanwhile."""
        try:
            if not self._loaded:
                self._child.reply(_LOADING)
                self._loaded = True
            return self._child.ask(request, _PATIENCE, sound)
        except ChildError as failure:
            self._loaded = False
            self._child.restart()
            raise HearingError(
                f"The recogniser has failed ({failure}): it is started again, then answer again."
            ) from failure


class ChildDecoder:
    """An utterance under way in the child."""

    def __init__(self, model: ChildModel) -> None:
        self._model = model
        self._partial = ""

    def accept(self, sound: bytes) -> bool:
        """Take in mono int16 sound. True at an endpoint."""
        reply = self._model.ask({"do": "accept", "bytes": len(sound)}, sound)
        self._partial = reply["partial"]
        return bool(reply["endpoint"])

    def partial(self) -> str:
        """The words so far; they came with the last reply."""
        return self._partial

    def final(self) -> list[dict[str, Any]]:
        """Vosk's alternatives since the last one."""
        alternatives: list[dict[str, Any]] = self._model.ask({"do": "final"})["alternatives"]
        self._partial = ""
        return alternatives
