"""The decoding graph: what the recogniser can hear at all, as transducers from Kaldi's transition ids to phrases.

Every phrase is one word to Vosk, its words joined by underscores. The phrases are a tree over words; between two
nodes of it lie the pronunciations of one word, and an optional silence after it. A label is emitted only at the end
of its phrase, so that a partial result never shows half a phrase. Nothing is determinised: equal beginnings are
shared as they are built.

`python -m skill.listening.graph` rebuilds the graph of the shipped model for the shipped grammars.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from skill.errors import InstallationError
from skill.language.normalise import UNKNOWN
from skill.language.shipped import load_grammar
from skill.listening.fst import Fst
from skill.listening.lexicon import Lexicon
from skill.listening.phones import NOISE, SILENCE, entry_transition, loop_transition, unit
from skill.system import resources
from skill.system.compiled import Compiled

#: The word for sounds that are no speech: breath, cough, clatter.
NOISE_WORD: Final = "[noise]"

_WORD_BEGIN: Final = "<w>"
_WORD_END: Final = "</w>"
_LOOP: Final = 1
"""The state between two phrases."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the graph adds to the acoustic score, as negative natural logarithms; the model's `graph.yaml`."""

    unknown: float
    """Added once for `[unk]`; the lower, the more is rejected."""
    unknown_scale: float
    """Multiplies the phone bigram inside `[unk]`."""
    unknown_word: float
    """Added for every further word inside `[unk]`."""
    noise: float
    """Added once for `[noise]`."""
    advance: float
    """Paid when a phrase begins and given back at its label, where the grammar's cost falls due.

    It changes no total, but if it is less than the grammar's cost (8 where 2,500 phrases are open) and that of silence,
    half a phrase looks cheaper than a whole one: no partial result shows the phrase, and endpoints come late.
    """
    edge_silence: float
    """Probability of silence around a phrase."""
    inner_silence: float
    """Probability of silence between two words of a phrase."""


def load_costs(path: Path) -> Costs:
    """Read a model's `graph.yaml`. Raises InstallationError when it is missing or incomplete."""
    return Costs(**compiled_costs(path).load())


def compiled_costs(path: Path = resources.MODEL / "graph.yaml") -> Compiled:
    """What is kept of a model's `graph.yaml`."""
    return Compiled("costs", lambda: (path, Path(__file__)), lambda: asdict(_read_costs(path)))


def _read_costs(path: Path) -> Costs:
    from skill.system.yaml_file import load_yaml

    try:
        return Costs(**load_yaml(path.read_text(encoding="utf-8")))
    except (OSError, TypeError) as error:
        raise InstallationError(
            f"The model file {path} is missing or wrong ({error}); install Charley again."
        ) from error


def label(phrase: str) -> str:
    """The recogniser's name for a phrase: `i_can't_feel_my_legs`."""
    return phrase.replace(" ", "_")


def phrase(label: str) -> str:
    """What a label of the recogniser says."""
    return label.replace("_", " ")


def build_graph(model: Path, phrases: Iterable[str], folder: Path) -> None:
    """Write `folder` (a Vosk model's `graph/`) for `phrases` and the lexicon, phone bigram and costs of `model`.

    Where no grammar restricts them (free decoding), all phrases are equally likely.
    Raises InstallationError when the model lacks a file, or a word has no pronunciation.
    """
    entries = sorted(set(phrases))
    lexicon = Lexicon(model / "lexicon.txt")
    lexicon.cover({word for entry in entries for word in entry.split()})
    words = {word: number for number, word in enumerate(("<eps>", UNKNOWN, NOISE_WORD, *map(label, entries)))}
    folder.mkdir(parents=True, exist_ok=True)
    _Builder(lexicon, load_costs(model / "graph.yaml")).build(words, entries, _read_bigram(model)).write(
        folder / "HCLr.fst"
    )
    _unigram(words, entries).write(folder / "Gr.fst")
    table = "".join(f"{word} {number}\n" for word, number in words.items())
    (folder / "words.txt").write_text(table, encoding="utf-8")
    (folder / "disambig_tid.int").write_text("", encoding="utf-8")


class _Builder:
    """One graph under construction."""

    def __init__(self, lexicon: Lexicon, costs: Costs) -> None:
        self._lexicon = lexicon
        self._costs = costs
        self._fst = Fst()
        self._shared: dict[tuple[int, int], int] = {}

    def build(self, words: Mapping[str, int], phrases: Iterable[str], bigram: Mapping[tuple[str, str], float]) -> Fst:
        fst = self._fst
        start, loop, end, begin = fst.state(), fst.state(), fst.state(), fst.state()
        assert loop == _LOOP
        fst.final[loop] = 0.0
        self._optional_silence(start, loop, self._costs.edge_silence)
        self._optional_silence(end, loop, self._costs.edge_silence)
        fst.arc(loop, begin, cost=self._costs.advance)
        ends: dict[tuple[str, ...], int] = {}  # where the last word of a beginning ends
        pauses: dict[tuple[str, ...], int] = {(): begin}  # the same, after optional silence
        for phrase in phrases:
            row = tuple(phrase.split())
            for length, word in enumerate(row):
                before = row[:length]
                if before not in pauses:
                    pauses[before] = fst.state()
                    self._optional_silence(ends[before], pauses[before], self._costs.inner_silence)
                if row[: length + 1] not in ends:
                    ends[row[: length + 1]] = self._word(pauses[before], word)
            fst.arc(ends[row], end, word=words[label(phrase)], cost=-self._costs.advance)
        self._unknown(words[UNKNOWN], end, bigram)
        noise = fst.state()
        fst.arc(loop, noise, word=words[NOISE_WORD], cost=self._costs.noise)
        fst.arc(self._phone(noise, unit(NOISE)), end)
        return fst

    def _word(self, source: int, word: str) -> int:
        """All pronunciations of a word after `source`, and the state where they meet."""
        lasts = set()
        for phones in self._lexicon.pronunciations(word):
            state = source
            for phone, left in zip(phones, (None, *phones), strict=False):
                state = self._phone(state, unit(phone, left))
            lasts.add(state)
        end = self._fst.state()
        for state in sorted(lasts):
            self._fst.arc(state, end)
        return end

    def _phone(self, source: int, number: int) -> int:
        """The state inside unit `number` after `source`, shared by all that begin alike."""
        if (source, number) not in self._shared:
            state = self._shared[source, number] = self._fst.state()
            self._fst.arc(source, state, entry_transition(number))
            self._fst.arc(state, state, loop_transition(number))
        return self._shared[source, number]

    def _optional_silence(self, source: int, target: int, probability: float) -> None:
        silence, number = self._fst.state(), unit(SILENCE)
        self._fst.arc(source, target, cost=-math.log(1 - probability))
        self._fst.arc(source, silence, entry_transition(number), cost=-math.log(probability))
        self._fst.arc(silence, silence, loop_transition(number))
        self._fst.arc(silence, target)

    def _unknown(self, word: int, end: int, bigram: Mapping[tuple[str, str], float]) -> None:
        """`[unk]`: any words of two or more phones, weighed by the phone bigram."""
        fst, costs = self._fst, self._costs
        begin, stop = fst.state(), fst.state()
        fst.arc(_LOOP, begin, word=word, cost=costs.unknown)
        fst.arc(stop, end)
        fst.arc(stop, begin, cost=costs.unknown_word)
        phones = sorted({left for left, _ in bigram} - {_WORD_BEGIN, NOISE})
        first = {phone: fst.state() for phone in phones}  # after the first phone of a word, which may not end it
        later = {phone: fst.state() for phone in phones}
        inside: dict[int, int] = {}  # the state that stays in a unit
        for phone in phones:
            inside[unit(phone)] = self._stay(unit(phone), first[phone])
            for left in phones:
                if unit(phone, left) not in inside:
                    inside[unit(phone, left)] = self._stay(unit(phone, left), later[phone])
        for (left, right), cost in bigram.items():
            if NOISE in (left, right):
                continue
            scaled = cost * costs.unknown_scale
            if left == _WORD_BEGIN:
                fst.arc(begin, inside[unit(right)], entry_transition(unit(right)), cost=scaled)
            elif right == _WORD_END:
                fst.arc(later[left], stop, cost=scaled)
            else:
                for source in (first[left], later[left]):
                    fst.arc(source, inside[unit(right, left)], entry_transition(unit(right, left)), cost=scaled)

    def _stay(self, number: int, target: int) -> int:
        state = self._fst.state()
        self._fst.arc(state, state, loop_transition(number))
        self._fst.arc(state, target)
        return state


def _unigram(words: Mapping[str, int], phrases: Iterable[str]) -> Fst:
    """Any row of phrases: what Vosk decodes with when no grammar is given."""
    fst = Fst()
    state = fst.state()
    fst.final[state] = 1.0
    cost = math.log(len(words))
    for phrase in phrases:
        number = words[label(phrase)]
        fst.arc(state, state, number, number, cost)
    return fst


def _read_bigram(model: Path) -> dict[tuple[str, str], float]:
    """Costs of a phone after a phone of the same word, from `phone_bigram.txt`, which holds log probabilities."""
    path = model / "phone_bigram.txt"
    try:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        return {(left, right): -float(log_probability) for left, right, log_probability in rows}
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"The model file {path} is missing or wrong ({error}); install Charley again."
        ) from error


def shipped_phrases() -> set[str]:
    """Every phrase of every shipped grammar."""
    return {phrase for path in resources.GRAMMARS.glob("*.yaml") for phrase in load_grammar(path.stem).phrases}


if __name__ == "__main__":
    build_graph(resources.MODEL, shipped_phrases(), resources.MODEL / "graph")
