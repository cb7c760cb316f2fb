"""A Vosk model in this process, and the small part of Vosk that Charley uses."""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from skill.errors import InstallationError

_REQUIRED: Final = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
#: Hides the vocabulary warnings too, which -1 does not.
_SILENT: Final = -2
#: Transcripts that are weighed against each other.
_ALTERNATIVES: Final = 20

#: The library that the loader misses, as in `libatomic.so.1: cannot open …`; Debian's package of it is libatomic1.
_LIBRARY: Final = re.compile(r"lib([\w+-]+)\.so\.(\d+)")


class Decoder(Protocol):
    """One utterance under way, as Vosk sees it. Every method raises HearingError when the recogniser breaks down."""

    def accept(self, sound: bytes) -> bool:
        """Take in mono int16 sound. True at an endpoint."""
        ...

    def partial(self) -> str:
        """The words so far."""
        ...

    def final(self) -> list[dict[str, Any]]:
        """Vosk's alternatives since the last one, the likeliest first; more sound may follow."""
        ...


class Model(Protocol):
    """A loaded model. One decoder at a time."""

    def missing(self, words: Iterable[str]) -> set[str]:
        """Those of `words` that the model does not have. Raises HearingError."""
        ...

    def decoder(self, rate: int, weights: Mapping[str, int] | None) -> Decoder:
        """Begin an utterance of sound at `rate` Hz that says the entries of `weights`; None stands for anything.

        The weight says how likely an entry is. An entry with a missing word is left out; Vosk would listen for the rest
        of it. Raises HearingError.
        """
        ...

    def alternatives(self, rate: int, weights: Mapping[str, int], sound: bytes) -> list[dict[str, Any]]:
        """Vosk's alternatives for the whole of `sound`, mono int16 at `rate` Hz. Raises HearingError.

        The utterance under way is not disturbed.
        """
        ...

    def sentence(self, model: Path, rate: int, sound: bytes) -> list[tuple[str, float]]:
        """The words of mono int16 `sound` at `rate` Hz and their posteriors, 0..1, by the language of another `model`.

        That one is loaded when it is first asked for. Raises HearingError.
        """
        ...

    def close(self) -> None:
        """Release the model."""
        ...


class VoskModel:
    """A model folder, loaded."""

    def __init__(self, folder: Path) -> None:
        """Raises InstallationError for a damaged model, or a Vosk that cannot be loaded.

        Vosk aborts on some models; `ChildModel` survives that.
        """
        self._vosk = _vosk()
        self._vosk.SetLogLevel(_SILENT)
        self._folder = folder
        self._model = self._load(folder)
        self._of_sentences: tuple[Path, Any] | None = None

    def missing(self, words: Iterable[str]) -> set[str]:
        """Those of `words` that the model does not have."""
        return {word for word in words if self._model.vosk_model_find_word(word) == -1}

    def decoder(self, rate: int, weights: Mapping[str, int] | None) -> "VoskDecoder":
        """Begin an utterance."""
        recogniser = self._vosk.KaldiRecognizer
        if weights is None:
            return VoskDecoder(recogniser(self._model, float(rate)))
        missing = self.missing(word for entry in weights for word in entry.split())
        heard = {entry: weight for entry, weight in weights.items() if missing.isdisjoint(entry.split())}
        # Vosk weighs the entries of a grammar by how often they stand in it.
        rows = [entry for entry, weight in heard.items() for _ in range(weight)]
        return VoskDecoder(recogniser(self._model, float(rate), json.dumps(rows)))

    def alternatives(self, rate: int, weights: Mapping[str, int], sound: bytes) -> list[dict[str, Any]]:
        """What is heard in a whole utterance."""
        decoder = self.decoder(rate, weights)
        decoder.accept(sound)
        return decoder.final()

    def sentence(self, model: Path, rate: int, sound: bytes) -> list[tuple[str, float]]:
        """The words of a whole utterance."""
        if self._of_sentences is None or self._of_sentences[0] != model:
            loaded = self._model if model == self._folder else self._load(model)
            self._of_sentences = model, loaded
        recogniser = self._vosk.KaldiRecognizer(self._of_sentences[1], float(rate))
        recogniser.SetWords(True)
        recogniser.AcceptWaveform(sound)
        words = json.loads(recogniser.FinalResult()).get("result", [])
        return [(word["word"], min(1.0, word["conf"])) for word in words]

    def _load(self, folder: Path) -> Any:
        try:
            with _no_stderr():
                return self._vosk.Model(model_path=str(folder))
        except Exception as error:  # vosk raises nothing more precise
            raise damaged(folder) from error

    def close(self) -> None:
        """Nothing to release."""


class VoskDecoder:
    """Vosk's recogniser of one utterance."""

    def __init__(self, recogniser: Any) -> None:
        recogniser.SetWords(True)
        recogniser.SetMaxAlternatives(_ALTERNATIVES)
        self._recogniser = recogniser

    def accept(self, sound: bytes) -> bool:
        """Take in mono int16 sound. True at an endpoint."""
        return bool(self._recogniser.AcceptWaveform(sound))

    def partial(self) -> str:
        """The words so far."""
        return str(json.loads(self._recogniser.PartialResult()).get("partial", ""))

    def final(self) -> list[dict[str, Any]]:
        """Vosk's alternatives since the last one."""
        alternatives: list[dict[str, Any]] = json.loads(self._recogniser.FinalResult()).get("alternatives", [])
        return alternatives


def require_model(folder: Path) -> None:
    """Raises InstallationError for a folder that holds no model: Vosk itself does not say what is wrong."""
    if not folder.is_dir():
        raise InstallationError(f"There is no folder {folder}: name a folder that holds a Vosk model.")
    for name in _REQUIRED:
        if not (folder / name).is_file():
            raise InstallationError(f"{folder} is no Vosk model, it lacks {name}: name a folder that holds one.")


def damaged(folder: Path) -> InstallationError:
    """What to say of a model that cannot be loaded."""
    return InstallationError(f"The Vosk model in {folder} is damaged: unpack or install it again.")


def _vosk() -> Any:
    """The library. Raises InstallationError where it, or a library that it needs, is not there."""
    try:
        Path.home()
    except RuntimeError:  # HOME is not set, and nobody knows this user; vosk asks for it when it is imported
        os.environ["HOME"] = os.devnull
    try:
        import vosk
    except (OSError, ImportError) as missing:
        library = _LIBRARY.match(str(missing))
        package = f"`sudo apt install lib{library[1]}{library[2]}`" if library else "`pip install vosk`"
        raise InstallationError(f"Vosk, which hears, cannot be loaded ({missing}): type {package}.") from missing
    return vosk


@contextmanager
def _no_stderr() -> Iterator[None]:
    """Kaldi writes its own account of a damaged model to the process's standard error; the user gets one sentence."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
