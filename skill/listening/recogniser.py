"""Vosk, made safe: sound in, phrases out.

Charley's own model holds every phrase as one entry of its graph (see `graph`). A standard Vosk model gets the words of
the phrases instead; then the transcript must be read as a whole.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill.language.normalise import UNKNOWN
from skill.listening.ear import Phrase
from skill.listening.graph import NOISE_WORD, label, phrase
from skill.listening.graph_cache import with_graph
from skill.listening.sentence_model import VoskSentences, sentence_model
from skill.listening.source import Samples
from skill.listening.vosk_model import Decoder, Model, VoskModel, require_model

if TYPE_CHECKING:
    from skill.language.grammar import Grammar


class Recogniser:
    """A loaded model. One user at a time; one `Decoding` a turn."""

    def __init__(self, folder: Path, phrases: Iterable[str] = (), *, load: Callable[[Path], Model] = VoskModel) -> None:
        """Load a Vosk model. `phrases` is everything that will ever be listened for, normalised.

        Charley's own model ships a graph of its grammars; where `phrases` holds more, a graph is built (about a second)
        and kept in the user's cache. `load`: where the model lives. Raises InstallationError.
        """
        self.own = (folder / "lexicon.txt").is_file()
        wanted = frozenset(phrases)
        require_model(folder)
        self._source = folder
        self.folder = with_graph(folder, wanted) if self.own else folder
        """What `load` was given."""
        self._model = load(self.folder)
        entries = map(label, wanted) if self.own else {word for line in wanted for word in line.split()}
        self.unknown: tuple[str, ...] = tuple(sorted(self._model.missing(entries)))
        """What the model cannot hear: words missing from a standard model's vocabulary."""

    def another(self, model: Model) -> "Recogniser":
        """The same for another user, with a `model` of its own that was loaded from the same `folder`."""
        other = copy(self)
        other._model = model
        return other

    def open(self, grammar: "Grammar | None", rate: int) -> "Decoding":
        """Begin one utterance of sound at `rate` Hz, restricted to the phrases of a grammar; None decodes freely.

        Raises HearingError when the recogniser breaks down; the next turn finds it restored.
        """
        if grammar is None:
            return Decoding(self._model.decoder(rate, None), None)
        weights = {label(text) if self.own else text: grammar.weights.get(text, 1) for text in grammar.phrases}
        weights |= {word: grammar.weights.get(word, 1) for word in (UNKNOWN, NOISE_WORD)}
        return Decoding(self._model.decoder(rate, weights), grammar)

    def sentences(self) -> VoskSentences | None:
        """What hears sentences with the same model; None where there is nowhere to unpack its language."""
        folder = sentence_model(self._source)
        return VoskSentences(self._model, folder) if folder else None

    def close(self) -> None:
        """Release the model."""
        self._model.close()


class Decoding:
    """One utterance under way. Every method raises HearingError when the recogniser breaks down."""

    def __init__(self, decoder: Decoder, grammar: "Grammar | None") -> None:
        self._decoder = decoder
        self._grammar = grammar

    def feed(self, samples: Samples) -> bool:
        """Take mono sound in, shape (n,). True at an endpoint: the speaker has paused, and `result` is due."""
        return self._decoder.accept(samples.tobytes())

    def partial(self) -> str:
        """What is heard so far; it may still change."""
        return " ".join(phrase(word) for word in self._decoder.partial().split() if word != NOISE_WORD)

    def result(self) -> tuple[Phrase, ...]:
        """The likeliest meaning since the last result, in its likeliest wording; more sound may be fed afterwards.

        Wordings of one meaning ("yes", "yeah", "um yes") support each other: the confidence of every phrase is the
        posterior of the meaning. Noises, and fillers beside other phrases, are left out.
        """
        alternatives = self._decoder.final()
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
