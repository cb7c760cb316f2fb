"""Recordings of people and voices that training never hears, each with what should be heard in it.

They are shared by `training.evaluate`, which measures one model, and by the benches, which set it beside others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from training import data
from training.features import RATE, Samples
from training.lexicon import words
from training.render import phrases

ANSWERS: Final = Path(__file__).resolve().parent / "answers.txt"

_DIGITS: Final = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_COMMANDS: Final = ["up", "down", "left", "right", "on", "off", "stop", "go"]
PADDING: Final = 0.5
"""Seconds of silence on either side of a recording."""

_SILENCE: Final = np.zeros(int(PADDING * RATE), np.float32)


@dataclass(frozen=True)
class Case:
    """A sound and what should be heard in it; None: no phrase."""

    sound: Samples
    text: str | None
    speaker: str = ""


@dataclass(frozen=True)
class Set:
    """Cases with the grammar that they are decoded with."""

    name: str
    grammar: list[str]
    cases: list[Case]


def said(utterance: data.Utterance) -> str:
    """Its words, as grammars write them."""
    return " ".join(words(utterance.text))


def case(utterance: data.Utterance) -> Case:
    """A recording with its own text."""
    return Case(data.sound(utterance.file), said(utterance), utterance.speaker)


def padded(sound: Samples) -> Samples:
    """With half a second of silence on either side, as a microphone that waits would have it."""
    return np.concatenate([_SILENCE, sound, _SILENCE])


def pcm(sound: Samples) -> npt.NDArray[np.int16]:
    """As a microphone delivers it: 16-bit integers at 16 kHz, with silence on either side."""
    return (np.clip(padded(sound), -1, 1) * 32_767).astype(np.int16)


def noisy(cases: Sequence[Case], noises: Sequence[Samples], decibels: float) -> list[Case]:
    """The same with a piece of recorded noise in each, at a ratio of powers while somebody speaks."""
    rng, changed = np.random.default_rng(5), []
    for one in cases:
        speech = padded(one.sound)
        noise = noises[int(rng.integers(len(noises)))]
        noise = np.tile(noise, len(speech) // len(noise) + 2)[rng.integers(len(noise)) :][: len(speech)]
        ratio = np.sqrt(np.mean(one.sound**2) / (np.mean(noise**2) + 1e-12)) * 10 ** (-decibels / 20)
        mixed = speech + ratio * noise
        changed.append(replace(one, sound=(mixed / max(1.0, float(np.abs(mixed).max()) / 0.9)).astype(np.float32)))
    return changed


def people(speech: Path) -> Iterator[Set]:
    """Recorded people."""
    dev = data.split(speech, "dev")
    by_set = {name: [u for u in dev if u.source.startswith(name)] for name in {u.source.split("_")[0] for u in dev}}
    isolated = by_set["sc"] + by_set["an4"]
    answers = ["yes", "no"]
    yield _spoken("yes/no, people", isolated, answers)
    yield _spoken("8 commands, people", isolated, _COMMANDS)
    yield _spoken("30 words, people", by_set["sc"], [said(u) for u in by_set["sc"]])
    digits = _spoken("digits, people", isolated, _DIGITS)
    yield digits
    yield Set("digits, people, 8 kHz", digits.grammar, _telephone(digits.cases))
    many = data.split(speech, "dev_words")
    for title, grammar in (("yes/no", answers), ("8 commands", _COMMANDS), ("digits", _DIGITS)):
        yield _spoken(f"{title}, many people", many, grammar)
    yield Set(
        "other words of many people taken for yes/no", answers, [_unknown(u) for u in many if said(u) not in answers]
    )
    for name, title in (
        ("an4", "AN4 sentences"),
        ("speechocean762", "speechocean sentences"),
        ("cv13", "Common Voice"),
    ):
        yield _spoken(title, by_set[name], [said(u) for u in by_set[name]])
    others = [u for u in by_set["sc"] if said(u) not in answers]
    yield Set("other words taken for yes/no", answers, [_unknown(u) for u in others])


def voices(rendered: Path, noises: Sequence[Samples]) -> Iterator[Set]:
    """Synthetic voices held out from training, in folders named after their engines."""
    grammar = [" ".join(words(line)) for line in phrases(ANSWERS)]
    for manifest in sorted(rendered.glob("*/manifest.tsv")):
        quiet = _spoken(f"answers, {manifest.parent.name}", data.rendered(manifest), grammar)
        yield quiet
        yield Set(f"{quiet.name}, 10 dB", grammar, noisy(quiet.cases, noises, 10))


def strangers(speech: Path, noises: Sequence[Samples]) -> Iterator[Set]:
    """What is no answer at all."""
    answers = [" ".join(words(line)) for line in phrases(ANSWERS)]
    running = [_unknown(u) for u in data.split(speech, "dev_offtopic")]
    noise = [Case(n, None) for n in noises]
    for name, grammar in (("answers", answers), ("yes/no", ["yes", "no"])):
        yield Set(f"running speech taken for {name}", grammar, running)
        yield Set(f"noise taken for {name}", grammar, noise)


def _spoken(name: str, utterances: Sequence[data.Utterance], grammar: Sequence[str]) -> Set:
    known = set(grammar)
    return Set(name, sorted(known), [case(u) for u in utterances if said(u) in known])


def _unknown(utterance: data.Utterance) -> Case:
    return Case(data.sound(utterance.file), None, utterance.speaker)


def _telephone(cases: Sequence[Case]) -> list[Case]:
    import soxr

    return [replace(c, sound=soxr.resample(soxr.resample(c.sound, RATE, 8000), 8000, RATE)) for c in cases]
