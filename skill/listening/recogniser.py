"""Vosk, made safe: sound in, phrases out.

Charley's own model holds every phrase as one entry of its graph (see `graph`). A standard Vosk model gets the words of
the phrases instead; then the transcript must be read as a whole.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from skill.language.normalise import UNKNOWN
from skill.listening.confidence import Confidence, Evidence, load_confidence
from skill.listening.ear import Phrase
from skill.listening.graph import NOISE_WORD, label, phrase
from skill.listening.graph_cache import with_graph
from skill.listening.sentence_model import VoskSentences, sentence_model
from skill.listening.source import Samples
from skill.listening.vosk_model import Decoder, Model, VoskModel, require_model
from skill.listening.weighing import Alternatives, Meaning, candidates, evidence, gather, mean, span

if TYPE_CHECKING:
    from skill.language.grammar import Grammar

#: How much faster and slower doubtful speech is heard again.
_SPEEDS: Final = (16 / 15, 15 / 16)
#: Seconds of the longest speech that is heard again: it takes a tenth of that for either speed.
_SHORT: Final = 4.0
#: Seconds of sound that are kept for that.
_KEPT: Final = 12.0
#: From which probability on a phrase is taken for what was said, though something unknown is likelier.
_LIKELIER: Final = 0.5


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
        self.confidence = load_confidence(folder)
        """What makes a probability of what is known; None where the posterior stands for it."""
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

    def open(self, grammar: "Grammar | None", rate: int, *, hurried: bool = False) -> "Decoding":
        """Begin one utterance of sound at `rate` Hz, restricted to the phrases of a grammar; None decodes freely.

        `hurried`: nothing is heard again at other speeds, however doubtful it is.
        Raises HearingError when the recogniser breaks down; the next turn finds it restored.
        """
        weights = self._weights(grammar) if grammar is not None else None
        return Decoding(_Utterance(self._model, weights, rate, grammar), self.confidence, hurried=hurried)

    def _weights(self, grammar: "Grammar") -> dict[str, int]:
        weights = {label(text) if self.own else text: grammar.weights.get(text, 1) for text in grammar.phrases}
        return weights | {word: grammar.weights.get(word, 1) for word in (UNKNOWN, NOISE_WORD)}

    def sentences(self) -> VoskSentences | None:
        """What hears sentences with the same model; None where there is nowhere to unpack its language."""
        folder = sentence_model(self._source)
        return VoskSentences(self._model, folder) if folder else None

    def close(self) -> None:
        """Release the model."""
        self._model.close()


class Decoding:
    """One utterance under way. Every method raises HearingError when the recogniser breaks down."""

    def __init__(self, utterance: "_Utterance", confidence: Confidence | None, *, hurried: bool) -> None:
        self._utterance = utterance
        self._decoder: Decoder = utterance.decoder()
        self._confidence = confidence
        self._hurried = hurried
        self._sound: deque[Samples] = deque()
        self._samples = self._dropped = 0

    def feed(self, samples: Samples) -> bool:
        """Take mono sound in, shape (n,). True at an endpoint: the speaker has paused, and `result` is due."""
        self._sound.append(samples)
        self._samples += len(samples)
        while len(self._sound) > 1 and self._samples - self._dropped > _KEPT * self._utterance.rate:
            self._dropped += len(self._sound.popleft())
        return self._decoder.accept(samples.tobytes())

    def partial(self) -> str:
        """What is heard so far; it may still change."""
        return " ".join(phrase(word) for word in self._decoder.partial().split() if word != NOISE_WORD)

    def result(self) -> tuple[Phrase, ...]:
        """The likeliest meaning since the last result, in its likeliest wording; more sound may be fed afterwards.

        The confidence of every phrase is the probability of the meaning.
        """
        hearing = self.hearing()
        if not hearing.meanings:
            return ()
        weights = self._confidence
        if weights is None or self._utterance.grammar is None:
            return hearing.told(hearing.meanings[0], hearing.meanings[0].share)
        meaning, probability = hearing.judged(weights)
        if not self._hurried and hearing.is_short and weights.is_doubtful(probability):
            meaning, probability = hearing.again.judged(weights)
        return hearing.told(meaning, probability)

    def hearing(self) -> "Hearing":
        """What was heard since the last time that this, or the result, was asked for."""
        return Hearing(self._utterance, gather(self._decoder.final(), self._utterance.grammar), self._sounding)

    def _sounding(self, begin: float, end: float) -> Samples:
        """What was fed from second to second, as far as it is still there."""
        sound = np.concatenate(self._sound) if self._sound else np.zeros(0, np.int16)
        first, last = (max(0, round(second * self._utterance.rate) - self._dropped) for second in (begin, end))
        return sound[first:last]


@dataclass(frozen=True)
class _Utterance:
    """How one utterance is heard."""

    model: Model
    weights: Mapping[str, int] | None
    rate: int
    grammar: "Grammar | None"

    def decoder(self) -> Decoder:
        """Begin it."""
        return self.model.decoder(self.rate, self.weights)

    def faster(self, sound: Samples, speed: float) -> Alternatives:
        """What is heard in `sound` at another speed: Vosk makes its own rate of whatever rate it is told."""
        return self.model.alternatives(round(self.rate * speed), self.weights or {}, sound.tobytes())


@dataclass(frozen=True)
class Hearing:
    """What the recogniser made of one utterance, by one hearing or by several together."""

    _utterance: _Utterance
    meanings: tuple[Meaning, ...]
    """The likeliest first; none where nothing was said."""
    _sound: Callable[[float, float], Samples]
    _others: tuple[tuple[Meaning, ...], ...] = ()

    @property
    def likeliest(self) -> tuple[str, float]:
        """The words of the likeliest meaning, and its posterior, 0..1."""
        if not self.meanings:
            return "", 0.0
        return " ".join(word.text for word in self.meanings[0].words), self.meanings[0].share

    @property
    def is_short(self) -> bool:
        """Whether it may be heard again at other speeds without keeping anybody waiting."""
        begin, end = span(self.meanings[0])
        return bool(self.meanings[0].words) and end - begin <= _SHORT

    @cached_property
    def again(self) -> "Hearing":
        """The same sound at other speeds too. Raises HearingError."""
        sound = self._sound(*span(self.meanings[0]))
        heard = (self._utterance.faster(sound, speed) for speed in _SPEEDS)
        others = tuple(gather(alternatives, self._utterance.grammar) for alternatives in heard)
        return replace(self, meanings=mean((self.meanings, *others)), _others=others)

    def known(self) -> tuple[tuple[Meaning, Evidence], ...]:
        """The likeliest meaning, and behind it one that may be said, where it may not; with what is known of each."""
        grammar, rate = self._utterance.grammar, self._utterance.rate
        assert grammar is not None
        return tuple(
            (one, evidence(one, self.meanings, grammar, self._sound, rate, self._others))
            for one in candidates(self.meanings)
        )

    def judged(self, confidence: Confidence) -> tuple[Meaning, float]:
        """What was most likely said, and how likely that is, 0..1."""
        weights = confidence.again if self._others else confidence.once
        first, *second = [(meaning, weights.probability(known)) for meaning, known in self.known()]
        return second[0] if second and second[0][1] > _LIKELIER else first

    def told(self, meaning: Meaning, probability: float) -> tuple[Phrase, ...]:
        """Its words, with their confidence."""
        return tuple(replace(word, confidence=probability) for word in meaning.words)
