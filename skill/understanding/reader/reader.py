"""Reads sentences as people say them: a probability for every meaning that a question leaves open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock, Timer
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from skill.errors import InstallationError, complain
from skill.language.normalise import normalise
from skill.system import resources
from skill.triage.model import Kind, Question
from skill.understanding.reader.labels import NO_ENTRY, Label, Topic
from skill.understanding.reader.linear import Linear
from skill.understanding.reader.network import Floats, Network, softmax
from skill.understanding.reader.wordpiece import WordPieces

#: Words of an answer that are read once more by themselves: people say first what they were asked.
FIRST_WORDS: Final = 8
#: Seconds after the start of a conversation at which the reader is loaded.
_SOON: Final = 0.5
#: The moment whose answers all offers have.
OFFER: Final = "offer"
#: What the network counts beside the linear half, whose judgement it shares; decided on real people's answers.
NETWORK_SHARE: Final = 0.7
#: Keeps the logarithm of a probability finite.
_FLOOR: Final = 1e-6
#: Meanings that a reading holds, the likeliest first.
_KEPT: Final = 4
#: Entries for a question of the person's own that it holds.
_OFFERED: Final = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """One meaning, and how likely it is by the network alone, 0..1, before calibration."""

    label: Label
    probability: float


@dataclass(frozen=True, slots=True)
class LearnedReading:
    """What a sentence may mean, the likeliest meaning first."""

    guesses: tuple[Guess, ...]
    first_words: Label
    """The likeliest meaning of the first FIRST_WORDS words alone."""
    halves: tuple[Guess, Guess]
    """What the linear half and the network hold the likeliest, each by itself."""
    entries: tuple[Guess, ...] = ()
    """The likeliest entries if this is a question of the person's own, the likeliest first."""
    asking: float = 0.0
    """How likely that is, 0..1: the share of all entries together."""

    @property
    def best(self) -> Guess:
        """The likeliest meaning."""
        return self.guesses[0]


class Reader(Protocol):
    """Something that reads sentences."""

    def read(self, said: str, question: Question) -> LearnedReading | None:
        """What `said` may mean at `question`; None where there are no words or the question was never learnt."""
        ...


class ScriptedReader:
    """Means what a script says, for tests: sentence → its guesses."""

    def __init__(self, script: dict[str, tuple[Guess, ...]]) -> None:
        self._script = script

    def read(self, said: str, question: Question) -> LearnedReading | None:
        """The guesses of the script, whatever the question."""
        del question
        guesses = self._script.get(said)
        return LearnedReading(guesses, guesses[0].label, (guesses[0], guesses[0])) if guesses else None


class LearnedReader:
    """The network that `training/reader` made from examples."""

    def __init__(self, folder: Path) -> None:
        """Raises InstallationError when `folder` does not hold a whole model."""
        try:
            self._network = Network(folder / "network.npz")
            self._pieces = WordPieces((folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines())
            names = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
            lines = (folder / "questions.tsv").read_text(encoding="utf-8").splitlines()
            self._linear = Linear(folder / "linear.npz", _clusters(folder / "clusters.tsv"), len(names))
        except (OSError, ValueError, KeyError) as error:
            raise InstallationError(f"{folder} is missing or wrong ({error}): install Charley again.") from error
        self._labels = tuple(map(Label.named, names))
        questions = [place for place, label in enumerate(self._labels) if label.topic is Topic.QUESTION]
        self._asking = np.array(questions, dtype=np.intp)
        entries = [place for place in questions if self._labels[place].value != NO_ENTRY]
        self._entries = np.array(entries, dtype=np.intp)
        signs = dict(line.split("\t", 1) for line in lines)
        self._questions = {question: row for row, question in enumerate(signs)}
        self._signs = {question: self._pieces.encode(sign) for question, sign in signs.items()}
        self._open: dict[Question, Floats] = {}

    @property
    def questions(self) -> frozenset[str]:
        """The ids of the questions that were learnt."""
        return frozenset(self._questions)

    def read(self, said: str, question: Question) -> LearnedReading | None:
        """What `said` may mean at `question`; None where there are no words or the question was never learnt."""
        words = normalise(said).split()
        question = self._learnt(question)
        if not words or question.id not in self._questions:
            return None
        linear, network = self._probabilities(words, question)
        both = combined(linear, network)
        guesses = self._guesses(both, np.argsort(both)[::-1][:_KEPT])
        order = self._entries[np.argsort(both[self._entries])[::-1][:_OFFERED]]
        halves, entries = (self._best(linear), self._best(network)), self._guesses(both, order)
        first = guesses[0].label
        if len(words) > FIRST_WORDS:
            first = self._best(combined(*self._probabilities(words[:FIRST_WORDS], question))).label
        return LearnedReading(guesses, first, halves, entries, float(both[self._asking].sum()))

    def _guesses(self, probabilities: Floats, places: NDArray[np.intp]) -> tuple[Guess, ...]:
        return tuple(Guess(self._labels[place], float(probabilities[place])) for place in places)

    def _best(self, probabilities: Floats) -> Guess:
        place = int(probabilities.argmax())
        return Guess(self._labels[place], float(probabilities[place]))

    def _learnt(self, question: Question) -> Question:
        """Any question without a flag that was never learnt is an offer: yes or no."""
        ordinary = question.kind is Kind.YES_NO and question.red_flag is None
        return replace(question, id=OFFER) if ordinary and question.id not in self._questions else question

    def _probabilities(self, words: Sequence[str], question: Question) -> tuple[Floats, Floats]:
        """Of all labels: by the linear half, and by the network."""
        closed = self._closed(question)
        pieces = self._pieces.encode(" ".join(words))
        longest = self._network.longest
        if len(pieces) > longest:
            pieces = pieces[: longest // 2] + pieces[-(longest - longest // 2) :]
        network = self._network.scores(self._questions[question.id], self._signs[question.id], pieces)
        return softmax(self._linear.scores(words, question.id) + closed), softmax(network + closed)

    def _closed(self, question: Question) -> Floats:
        """What is added to the scores of labels that cannot be meant."""
        if question not in self._open:
            closed = [0.0 if label.is_open_at(question) else -1e4 for label in self._labels]
            self._open[question] = np.array(closed, dtype=np.float32)
        return self._open[question]


def combined(linear: Floats, network: Floats) -> Floats:
    """The probabilities of both halves as one: their weighted geometric mean. Any number of rows."""
    both = np.log(linear + _FLOOR) + NETWORK_SHARE * np.log(network + _FLOOR)
    return softmax(both)


def _clusters(file: Path) -> dict[str, int]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {word: int(number) for word, _, number in (line.partition("\t") for line in lines)}


class LoadingReader:
    """A reader that is loaded soon, or when it is first needed: Charley's first word does not wait for it."""

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load
        self._loading = Lock()
        self._loaded: Reader | None = None
        self._broken = False
        soon = Timer(_SOON, self._ready)
        soon.daemon = True
        soon.start()

    def read(self, said: str, question: Question) -> LearnedReading | None:
        """As the reader does; None where it cannot be loaded, which is told once."""
        reader = self._ready()
        return None if reader is None else reader.read(said, question)

    def _ready(self) -> Reader | None:
        with self._loading:
            if self._loaded is None and not self._broken:
                try:
                    self._loaded = self._load()
                except InstallationError as broken:
                    self._broken = True
                    complain(broken)
            return self._loaded


@cache
def load_reader(folder: Path = resources.READER) -> LearnedReader:
    """The shipped reader. Raises InstallationError."""
    return LearnedReader(folder)
