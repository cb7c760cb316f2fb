"""A Vosk model in a child process (`worker`), which is started again when it aborts or hangs."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from skill.errors import HearingError, InstallationError
from skill.listening.vosk_model import damaged
from skill.system.child import Child, ChildError, ChildSilentError, Peer, module

#: Seconds for the model to load: 0.6 s here, so this is room for a slow memory card.
_LOADING: Final = 60.0
#: Seconds for a block of sound or a result, which take milliseconds; less than the 4 s that nobody is left in silence.
_PATIENCE: Final = 3.0
#: Seconds more for a second of sound that is decoded at once: what was heard while the machine could not follow.
_BACKLOG: Final = 8.0
#: How many times longer a child gets after it did not reply, and seconds that it gets at most: a machine may be slower
#: than anybody thought, and a child that is started again and again hears nothing.
_LONGER: Final = 3.0
_LONGEST: Final = 30.0


class ChildModel:
    """The same as `VoskModel`, out of harm's way."""

    def __init__(self, folder: Path, start: Callable[[Path], Peer] | None = None) -> None:
        """Start the child and wait until it has loaded the model. Raises InstallationError when it cannot, twice.

        `start`: starts a process of `worker` for a model folder; None takes one that nobody shares.
        """
        self._child = (start or _child)(folder)
        self._loaded = True
        self._patience = _PATIENCE
        self._asking = Lock()
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
        return ChildDecoder(self, rate)

    def alternatives(self, rate: int, weights: Mapping[str, int], sound: bytes) -> list[dict[str, Any]]:
        """What is heard in a whole utterance; the one under way is not disturbed."""
        request = {"do": "alternatives", "rate": rate, "weights": weights, "bytes": len(sound)}
        found: list[dict[str, Any]] = self.ask(request, sound, len(sound) / 2 / rate)["alternatives"]
        return found

    def sentence(self, model: Path, rate: int, sound: bytes) -> list[tuple[str, float]]:
        """The words of a whole utterance; the utterance under way is not disturbed."""
        request = {"do": "sentence", "model": str(model.resolve()), "rate": rate, "bytes": len(sound)}
        words = self.ask(request, sound, len(sound) / 2 / rate)["words"]
        return [(word, confidence) for word, confidence in words]

    def close(self) -> None:
        """End the child."""
        self._child.end()

    def ask(self, request: Mapping[str, object], sound: bytes = b"", seconds: float = 0.0) -> Any:
        """One request of `worker`, with so many `seconds` of sound to decode.

        Any thread may ask. Raises HearingError when the child fails; it is started again meanwhile.
        """
        with self._asking:
            return self._ask(request, sound, seconds)

    def _ask(self, request: Mapping[str, object], sound: bytes, seconds: float) -> Any:
        try:
            if not self._loaded:
                self._child.reply(_LOADING)
                self._loaded = True
            return self._child.ask(request, self._patience + _BACKLOG * seconds, sound)
        except ChildError as failure:
            if isinstance(failure, ChildSilentError):
                self._patience = min(_LONGER * self._patience, _LONGEST)
            self._loaded = False
            self._child.restart()
            slow = "; if that happens again, end other programs" if isinstance(failure, ChildSilentError) else ""
            raise HearingError(
                f"The recogniser has failed ({failure}): it is started again, then answer again{slow}."
            ) from failure


def _child(folder: Path) -> Peer:
    return Child(module("skill.listening.worker", str(folder.resolve())))


class ChildDecoder:
    """An utterance under way in the child."""

    def __init__(self, model: ChildModel, rate: int) -> None:
        self._model = model
        self._rate = rate
        self._partial = ""

    def accept(self, sound: bytes) -> bool:
        """Take in mono int16 sound. True at an endpoint."""
        seconds = len(sound) / 2 / self._rate
        reply = self._model.ask({"do": "accept", "bytes": len(sound)}, sound, seconds)
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
