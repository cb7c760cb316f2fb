"""The Vosk model that hears sentences: Charley's acoustic model with a graph of single words and a language model of
how people answer, which `training/sentences.py` makes; or a standard model as it is.
"""

import hashlib
import io
import lzma
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from platformdirs import user_cache_path

from skill.listening.sentence import Sentence
from skill.listening.source import Samples
from skill.listening.vosk_model import Model

#: Words, graph and language model, packed.
PACKED: Final = Path(__file__).resolve().parent / "model" / "sentences.tar.xz"


class VoskSentences:
    """A SentenceHearing of a model that is loaded already: it costs a second graph, and no process."""

    def __init__(self, model: Model, folder: Path) -> None:
        """`folder`: what `sentence_model` gives."""
        self._model = model
        self._folder = folder

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """What is said, in words that people say to Charley; the confidence is the mean posterior of the words."""
        del moment
        words = self._model.sentence(self._folder, rate, sound.tobytes())
        confidence = sum(sure for _, sure in words) / len(words) if words else 0.0
        return Sentence(" ".join(word for word, _ in words), confidence, "vosk")

    def close(self) -> None:
        """The model belongs to the recogniser."""


def sentence_model(folder: Path) -> Path | None:
    """The folder to hear sentences with beside the phrases of `folder`; None where it cannot be unpacked.

    Unpacking takes 0.2 s, once; it is kept in the user's cache.
    """
    if not (folder / "lexicon.txt").is_file():
        return folder
    try:
        packed = PACKED.read_bytes()
        key = hashlib.sha256(packed + str(folder.resolve()).encode()).hexdigest()[:24]
        home = user_cache_path("charley") / "sentences"
        unpacked = home / key
        if not unpacked.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=home, prefix="unpacking-") as scratch:
                model = Path(scratch) / "model"
                with tarfile.open(fileobj=io.BytesIO(lzma.decompress(packed))) as tar:
                    tar.extractall(model, filter="data")
                (model / "am").symlink_to((folder / "am").resolve())
                if not unpacked.is_dir():  # nobody else was faster
                    model.rename(unpacked)
    except (OSError, lzma.LZMAError, tarfile.TarError):
        return None
    return unpacked
