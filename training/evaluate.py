"""How well a model hears people and voices it was not trained on: `python -m training.evaluate MODEL --speech DIR`.

Each set is decoded with its own grammar of whole phrases, as the program does it. Right: the phrase, or a synonym with
the same meaning. Wrong: another phrase. The rest was rejected. Every figure is given for any confidence, and for at
least the confidence of `--confidence`.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from skill.listening.ear import Phrase
from skill.listening.grammar import Grammar, Sense
from skill.listening.normalise import UNKNOWN
from skill.listening.recogniser import Recogniser
from training import data
from training.features import RATE, Samples
from training.lexicon import words
from training.render import phrases

ANSWERS: Final = Path(__file__).resolve().parent / "answers.txt"

_SYNONYMS: Final = ("yes yeah yep yup", "no nope nah")
_MEANING: Final = {word: group.split()[0] for group in _SYNONYMS for word in group.split()}
_DIGITS: Final = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_COMMANDS: Final = ["up", "down", "left", "right", "on", "off", "stop", "go"]
_SILENCE: Final = np.zeros(RATE // 2, np.float32)


@dataclass(frozen=True)
class Case:
    """A sound and what should be heard in it; None: no phrase."""

    sound: Samples
    text: str | None


@dataclass(frozen=True)
class Set:
    """Cases with the grammar that they are decoded with."""

    name: str
    grammar: list[str]
    cases: list[Case]


def _said(utterance: data.Utterance) -> str:
    return " ".join(words(utterance.text))


def _spoken(name: str, utterances: Sequence[data.Utterance], grammar: Sequence[str]) -> Set:
    cases = [Case(data.sound(u.file), _said(u)) for u in utterances if _said(u) in set(grammar)]
    return Set(name, sorted(set(grammar)), cases)


def _telephone(cases: Sequence[Case]) -> list[Case]:
    import soxr

    return [Case(soxr.resample(soxr.resample(c.sound, RATE, 8000), 8000, RATE), c.text) for c in cases]


def _noisy(cases: Sequence[Case], noises: Sequence[Samples], decibels: float) -> list[Case]:
    """The same with a piece of recorded noise in each, at a ratio of powers while somebody speaks."""
    rng, noisy = np.random.default_rng(5), []
    for case in cases:
        speech = np.concatenate([_SILENCE, case.sound, _SILENCE])
        noise = noises[int(rng.integers(len(noises)))]
        noise = np.tile(noise, len(speech) // len(noise) + 2)[rng.integers(len(noise)) :][: len(speech)]
        ratio = np.sqrt(np.mean(case.sound**2) / (np.mean(noise**2) + 1e-12)) * 10 ** (-decibels / 20)
        mixed = speech + ratio * noise
        noisy.append(Case((mixed / max(1.0, float(np.abs(mixed).max()) / 0.9)).astype(np.float32), case.text))
    return noisy


def people(speech: Path) -> Iterator[Set]:
    """Recorded people."""
    dev = data.split(speech, "dev")
    by_set = {name: [u for u in dev if u.source.startswith(name)] for name in {u.source.split("_")[0] for u in dev}}
    isolated = by_set["sc"] + by_set["an4"]
    answers = ["yes", "no"]
    yield _spoken("yes/no, people", isolated, answers)
    yield _spoken("8 commands, people", isolated, _COMMANDS)
    yield _spoken("30 words, people", by_set["sc"], [_said(u) for u in by_set["sc"]])
    digits = _spoken("digits, people", isolated, _DIGITS)
    yield digits
    yield Set("digits, people, 8 kHz", digits.grammar, _telephone(digits.cases))
    for name, title in (
        ("an4", "AN4 sentences"),
        ("speechocean762", "speechocean sentences"),
        ("cv13", "Common Voice"),
    ):
        yield _spoken(title, by_set[name], [_said(u) for u in by_set[name]])
    others = [u for u in by_set["sc"] if _said(u) not in answers]
    yield Set("other words taken for yes/no", answers, [Case(data.sound(u.file), None) for u in others])


def voices(rendered: Path, noises: Sequence[Samples]) -> Iterator[Set]:
    """Synthetic voices held out from training, in folders named after their engines."""
    grammar = [" ".join(words(line)) for line in phrases(ANSWERS)]
    for manifest in sorted(rendered.glob("*/manifest.tsv")):
        quiet = _spoken(f"answers, {manifest.parent.name}", data.rendered(manifest), grammar)
        yield quiet
        yield Set(f"{quiet.name}, 10 dB", grammar, _noisy(quiet.cases, noises, 10))


def strangers(speech: Path, noises: Sequence[Samples]) -> Iterator[Set]:
    """What is no answer at all."""
    answers = [" ".join(words(line)) for line in phrases(ANSWERS)]
    running = [Case(data.sound(u.file), None) for u in data.split(speech, "dev_offtopic")]
    noise = [Case(n, None) for n in noises]
    for name, grammar in (("answers", answers), ("yes/no", ["yes", "no"])):
        yield Set(f"running speech taken for {name}", grammar, running)
        yield Set(f"noise taken for {name}", grammar, noise)


class Ear:
    """The program's own recogniser, with every phrase that any set needs."""

    def __init__(self, model: Path, grammar: Sequence[str]) -> None:
        self._recogniser = Recogniser(model, grammar)
        self.seconds_heard = self.seconds_taken = 0.0

    def __call__(self, sound: Samples, grammar: Sequence[str]) -> tuple[str, float]:
        """The phrases heard, and the confidence in them."""
        senses = {text: Sense("said", _MEANING.get(text, text)) for text in grammar}
        decoding = self._recogniser.open(Grammar("test", senses), RATE)
        pcm = (np.clip(np.concatenate([_SILENCE, sound, _SILENCE]), -1, 1) * 32_767).astype(np.int16)
        began = time.perf_counter()
        heard: list[Phrase] = []
        for first in range(0, len(pcm), RATE // 10):
            if decoding.feed(pcm[first : first + RATE // 10]):
                heard += decoding.result()
        heard += decoding.result()
        self.seconds_taken += time.perf_counter() - began
        self.seconds_heard += len(pcm) / RATE
        return " ".join(p.text for p in heard), min((p.confidence for p in heard), default=0.0)


def score(found: Sequence[tuple[str, float]], cases: Sequence[Case], confidence: float) -> tuple[float, float]:
    """Per cent right and wrong among the cases, of what is heard with at least that confidence."""
    right = wrong = 0
    for (heard, sure), case in zip(found, cases, strict=True):
        if not heard or UNKNOWN in heard or sure < confidence:
            continue
        same = case.text is not None and _MEANING.get(heard, heard) == _MEANING.get(case.text, case.text)
        right += same
        wrong += not same
    return 100 * right / len(cases), 100 * wrong / len(cases)


def main(model: Path, speech: Path, rendered: Path | None, confidence: float, errors: bool) -> dict[str, float]:
    """Print the table; the figures by name."""
    noises = [data.sound(u.file) for u in data.noises(speech, held_out=True)]
    sets = [*people(speech), *(voices(rendered, noises) if rendered else ()), *strangers(speech, noises)]
    ear = Ear(model, sorted({p for s in sets for p in s.grammar}))
    figures: dict[str, float] = {}
    print(f"{'set':40} clips phrases  right wrong   at confidence {confidence}")
    for s in sets:
        found = [ear(case.sound, s.grammar) for case in s.cases]
        (right, wrong), (sure, missed) = score(found, s.cases, 0.0), score(found, s.cases, confidence)
        print(
            f"{s.name:40} {len(s.cases):5} {len(s.grammar):7} {right:6.1f} {wrong:5.1f}  {sure:6.1f} {missed:5.1f}",
            flush=True,
        )
        figures |= {f"{s.name}: right": right, f"{s.name}: wrong": wrong}
        figures |= {f"{s.name}: right, sure": sure, f"{s.name}: wrong, sure": missed}
        if errors:
            for (heard, conf), case in zip(found, s.cases, strict=True):
                if score([(heard, conf)], [case], 0.0) != ((0.0, 0.0) if case.text is None else (100.0, 0.0)):
                    print(f"    {case.text} -> {heard or '-'} {conf:.2f}")
    print(f"{ear.seconds_taken / ear.seconds_heard:.4f} x real time")
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--speech", type=Path, required=True, help="unpacked speech folder")
    parser.add_argument("--rendered", type=Path, help="folder of held-out voices, rendered by training.render")
    parser.add_argument("--confidence", type=float, default=0.8)
    parser.add_argument("--errors", action="store_true", help="show what was misheard")
    parser.add_argument("--json", type=Path)
    a = parser.parse_args()
    figures = main(a.model, a.speech, a.rendered, a.confidence, a.errors)
    if a.json:
        a.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
