"""Vosk, made safe: sound in, phrases out.

Charley's own model holds every phrase as one entry of its graph (see `graph`). A standard Vosk model gets the words of
the phrases instead; then the transcript must be read as a whole.
"""

import hashlib
import json
import math
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import vosk
from platformdirs import user_cache_path

from skill.errors import InstallationError
from skill.listening.ear import Phrase
from skill.listening.graph import NOISE_WORD, build_graph, label, phrase
from skill.listening.normalise import UNKNOWN
from skill.listening.source import Samples

if TYPE_CHECKING:
    from skill.listening.grammar import Grammar

_REQUIRED: Final = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
_GRAPH_SOURCES: Final = ("lexicon.txt", "phone_bigram.txt", "graph.yaml")
#: Hides the vocabulary warnings too, which -1 does not.
_SILENT: Final = -2
#: Transcripts that are weighed against each other.
_ALTERNATIVES: Final = 20
#: Graphs that are kept in the user's cache.
_KEPT_GRAPHS: Final = 8


class Recogniser:
    """A loaded model. One user at a time; one `Decoding` a turn."""

    def __init__(self, folder: Path, phrases: Iterable[str] = ()) -> None:
        """Load a Vosk model. `phrases` is everything that will ever be listened for, normalised.

        Charley's own model ships a graph of its grammars; where `phrases` holds more, a graph is built (about a second)
        and kept in the user's cache. Raises InstallationError.
        """
        self.own = (folder / "lexicon.txt").is_file()
        wanted = frozenset(phrases)
        self._model = _load(_with_graph(folder, wanted) if self.own else folder)
        entries = map(label, wanted) if self.own else {word for line in wanted for word in line.split()}
        self.unknown: tuple[str, ...] = tuple(sorted(word for word in entries if not self._has(word)))
        """What the model cannot hear: words missing from a standard model's vocabulary."""

    def open(self, grammar: "Grammar | None", rate: int) -> "Decoding":
        """Begin one utterance of sound at `rate` Hz, restricted to the phrases of a grammar; None decodes freely."""
        if grammar is None:
            return Decoding(vosk.KaldiRecognizer(self._model, float(rate)), None)
        weights = {label(text) if self.own else text: grammar.weights.get(text, 1) for text in grammar.phrases}
        weights |= {word: grammar.weights.get(word, 1) for word in (UNKNOWN, NOISE_WORD)}
        heard = {entry: weight for entry, weight in weights.items() if all(self._has(word) for word in entry.split())}
        # Vosk weighs the entries of a grammar by how often they stand in it.
        rows = [entry for entry, weight in heard.items() for _ in range(weight)]
        return Decoding(vosk.KaldiRecognizer(self._model, float(rate), json.dumps(rows)), grammar)

    def _has(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) != -1)


class Decoding:
    """One utterance under way."""

    def __init__(self, recogniser: vosk.KaldiRecognizer, grammar: "Grammar | None") -> None:
        recogniser.SetWords(True)
        recogniser.SetMaxAlternatives(_ALTERNATIVES)
        self._recogniser = recogniser
        self._grammar = grammar

    def feed(self, samples: Samples) -> bool:
        """Take mono sound in, shape (n,). True at an endpoint: the speaker has paused, and `result` is due."""
        return bool(self._recogniser.AcceptWaveform(samples.tobytes()))

    def partial(self) -> str:
        """What is heard so far; it may still change."""
        transcript = json.loads(self._recogniser.PartialResult()).get("partial", "")
        return " ".join(phrase(word) for word in transcript.split() if word != NOISE_WORD)

    def result(self) -> tuple[Phrase, ...]:
        """The likeliest meaning since the last result, in its likeliest wording; more sound may be fed afterwards.

        Wordings of one meaning ("yes", "yeah", "um yes") support each other: the confidence of every phrase is the
        posterior of the meaning. Noises, and fillers beside other phrases, are left out.
        """
        alternatives = json.loads(self._recogniser.FinalResult()).get("alternatives", [])
        best = max((alternative["confidence"] for alternative in alternatives), default=0.0)
        wordings: dict[Hashable, list[dict[str, Any]]] = {}
        shares: defaultdict[Hashable, float] = defaultdict(float)
        for alternative in alternatives:  # the likeliest first
            words = self._meaningful(alternative.get("result", []))
            meaning = self._meaning(words)
            wordings.setdefault(meaning, words)
            shares[meaning] += math.exp(alternative["confidence"] - best)
        if not shares:
            return ()
        meaning = max(shares, key=shares.__getitem__)
        confidence = shares[meaning] / sum(shares.values())
        return tuple(Phrase(phrase(w["word"]), confidence, w["start"], w["end"]) for w in wordings[meaning])

    def _meaningful(self, words: list[dict[str, Any]]) -> list[dict[str, Any]]:
        heard = [word for word in words if word["word"] not in ("", NOISE_WORD)]
        fillers = self._grammar.fillers if self._grammar else frozenset()
        return [word for word in heard if phrase(word["word"]) not in fillers] or heard

    def _meaning(self, words: list[dict[str, Any]]) -> Hashable:
        """Equal for wordings that mean the same; where nothing is understood, the words themselves."""
        text = " ".join(phrase(word["word"]) for word in words)
        reading = self._grammar.read(text) if self._grammar else None
        return reading if reading and reading.senses else text


def _load(folder: Path) -> vosk.Model:
    """Vosk says nothing of what is wrong with a model, and aborts on some: look first."""
    if not folder.is_dir():
        raise InstallationError(f"There is no folder {folder}: name a folder that holds a Vosk model.")
    for name in _REQUIRED:
        if not (folder / name).is_file():
            raise InstallationError(f"{folder} is no Vosk model, it lacks {name}: name a folder that holds one.")
    vosk.SetLogLevel(_SILENT)
    try:
        with _no_stderr():
            return vosk.Model(model_path=str(folder))
    except Exception as error:  # vosk raises nothing more precise
        raise InstallationError(f"The Vosk model in {folder} is damaged: unpack or install it again.") from error


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


def _with_graph(folder: Path, phrases: frozenset[str]) -> Path:
    """A folder with the model in `folder` and a graph that has all of `phrases`: the shipped one, or a built one."""
    if phrases <= _shipped_phrases(folder):
        return folder
    home = user_cache_path("charley") / "graphs"
    try:
        key = hashlib.sha256(json.dumps([str(folder.resolve()), sorted(phrases)]).encode())
        for name in _GRAPH_SOURCES:
            key.update((folder / name).read_bytes())
        built = home / key.hexdigest()[:24]
        if not built.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            _forget_old_graphs(home)
            with TemporaryDirectory(dir=home, prefix="building-") as scratch:
                model = Path(scratch) / "model"
                build_graph(folder, phrases, model / "graph")
                for part in ("am", "conf"):
                    (model / part).symlink_to((folder / part).resolve())
                if not built.is_dir():  # nobody else was faster
                    model.rename(built)
    except OSError as error:
        raise InstallationError(
            f"No graph can be built in {home} ({error}): make space there and try again."
        ) from error
    return built


def _forget_old_graphs(home: Path) -> None:
    """A graph of the whole lexicon takes 10 MB: keep the newest ones only."""
    graphs = sorted((graph for graph in home.iterdir() if graph.is_dir()), key=lambda graph: graph.stat().st_mtime)
    for graph in graphs[: 1 - _KEPT_GRAPHS]:
        shutil.rmtree(graph, ignore_errors=True)


def _shipped_phrases(folder: Path) -> frozenset[str]:
    table = folder / "graph" / "words.txt"
    if not table.is_file():
        return frozenset()
    return frozenset(phrase(line.split(" ")[0]) for line in table.read_text(encoding="utf-8").splitlines())
