"""Who speaks in bench/ear.py, and what may be said meanwhile.

The manifest of the recordings tells who is a woman or a man for AN4 only, and nobody's age.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from measuring.moments import moments
from skill.language.grammar import Grammar, Sense
from training import data
from training.cases import Case, case, said
from training.voices import ESPEAK_HELD_OUT

#: So many times as many clips of everything that is no answer: one in a hundred is too many there.
_MORE_OTHERS: Final = 4


@dataclass(frozen=True, eq=False)
class Trial:
    """A clip, and the name of the grammar that is open. Equal only to itself."""

    case: Case
    grammar: str


@dataclass(frozen=True)
class Material:
    """Everything that is decoded, before noise and rooms."""

    grammars: Mapping[str, Grammar]
    """By the topic asked for at a moment of the program, or by the name of a set whose sentences are the grammar."""
    answers: Mapping[str, list[Trial]]
    """By group of speakers: what should be heard."""
    others: Mapping[str, list[Trial]]
    """By kind: what should not be taken for anything."""


def material(speech: Path, rendered: Sequence[Path], noises: Sequence[data.Utterance], count: int) -> Material:
    """At most `count` clips of each group that answers, drawn with a fixed seed."""
    rng = np.random.default_rng(11)
    asked = moments()
    dev = data.split(speech, "dev")
    sets = {
        "AN4": [u for u in dev if u.source.startswith("an4") and _is_words(u)],
        "speechocean": [u for u in dev if u.source.startswith("speechocean")],
        "Common Voice": [u for u in dev if u.source.startswith("cv13")],
    }
    words = [u for u in dev if u.source.startswith(("sc", "an4")) and " " not in u.text]
    voices = [u for folder in rendered for m in sorted(folder.glob("*/manifest.tsv")) for u in data.rendered(m)]
    robots = tuple(f"espeak_{voice}" for voice in ESPEAK_HELD_OUT)
    groups = {
        "women": ("AN4", _of(sets["AN4"], "an4_f")),
        "men": ("AN4", _of(sets["AN4"], "an4_m")),
        "Mandarin accent": ("speechocean", sets["speechocean"]),
        "many accents": ("Common Voice", sets["Common Voice"]),
        "single words": (None, words),
        "natural voices, US women": (None, _of(voices, "kokoro_af")),
        "natural voices, US men": (None, _of(voices, "kokoro_am")),
        "natural voices, British": (None, _of(voices, "kokoro_b")),
        "robotic voices": (None, _of(voices, robots)),
    }
    answers = {}
    for group, (listed, utterances) in groups.items():
        placed = [(u, listed or _moment(said(u), asked)) for u in utterances]
        known = [(u, grammar) for u, grammar in placed if grammar]
        chosen = rng.permutation(len(known))[:count]
        answers[group] = [Trial(case(u), grammar) for u, grammar in (known[i] for i in chosen)]
    others = {
        "running speech": data.split(speech, "dev_offtopic"),
        "other words": [u for u in words if not _moment(said(u), asked)],
        "noise": list(noises),
    }
    turns = ("yes_no", "place")
    return Material(
        {**asked, **{name: _list(name, utterances) for name, utterances in sets.items()}},
        answers,
        {
            kind: [
                Trial(Case(data.sound(utterances[i].file), None), turns[n % len(turns)])
                for n, i in enumerate(rng.permutation(len(utterances))[: _MORE_OTHERS * count])
            ]
            for kind, utterances in others.items()
        },
    )


def _of(utterances: Iterable[data.Utterance], speaker: str | tuple[str, ...]) -> list[data.Utterance]:
    return [u for u in utterances if u.speaker.startswith(speaker)]


def _is_words(utterance: data.Utterance) -> bool:
    """Not spelled: AN4 has names and addresses letter by letter, which no question of the program asks for."""
    return all(len(word) > 1 or word in ("a", "i") for word in said(utterance).split())


def _moment(text: str, asked: Mapping[str, Grammar]) -> str | None:
    """The first moment at which this may be said."""
    return next((topic for topic, grammar in asked.items() if grammar.read(text).complete), None)


def _list(name: str, utterances: Iterable[data.Utterance]) -> Grammar:
    return Grammar(name, {text: Sense("said", text) for text in map(said, utterances)})
