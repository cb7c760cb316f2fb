"""How well a model hears people and voices it was not trained on: `python -m training.evaluate MODEL --speech DIR`.

Each set is decoded with its own grammar of whole phrases, as the program does it. Right: the phrase, or a synonym with
the same meaning. Wrong: another phrase. The rest was rejected. Every figure is given for any confidence, and for at
least the confidence of `--confidence`.
"""

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from skill.language.grammar import Grammar, Sense
from skill.language.normalise import UNKNOWN
from skill.listening.ear import Phrase
from skill.listening.recogniser import Recogniser
from training import data
from training.cases import Case, pcm, people, strangers, voices
from training.features import RATE, Samples

_SYNONYMS: Final = ("yes yeah yep yup", "no nope nah")
_MEANING: Final = {word: group.split()[0] for group in _SYNONYMS for word in group.split()}


class Ear:
    """The program's own recogniser, with every phrase that any set needs."""

    def __init__(self, model: Path, grammar: Sequence[str]) -> None:
        self._recogniser = Recogniser(model, grammar)
        self.seconds_heard = self.seconds_taken = 0.0

    def __call__(self, sound: Samples, grammar: Grammar) -> tuple[str, float]:
        """The phrases heard, and the confidence in them."""
        samples = pcm(sound)
        began = time.perf_counter()
        decoding = self._recogniser.open(grammar, RATE)
        heard: list[Phrase] = []
        for first in range(0, len(samples), RATE // 10):
            if decoding.feed(samples[first : first + RATE // 10]):
                heard += decoding.result()
        heard += decoding.result()
        self.seconds_taken += time.perf_counter() - began
        self.seconds_heard += len(samples) / RATE
        return " ".join(p.text for p in heard), min((p.confidence for p in heard), default=0.0)


def _listed(phrases: Sequence[str]) -> Grammar:
    """Every phrase means itself, or what its synonyms mean."""
    return Grammar("test", {text: Sense("said", _MEANING.get(text, text)) for text in phrases})


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


def main(
    model: Path, speech: Path, rendered: Path | None, confidence: float, errors: bool, only: str = ""
) -> dict[str, float]:
    """Print the table; the figures by name. `only`: the sets whose names match this regular expression."""
    noises = [data.sound(u.file) for u in data.noises(speech, held_out=True)]
    sets = [*people(speech), *(voices(rendered, noises) if rendered else ()), *strangers(speech, noises)]
    sets = [one for one in sets if re.search(only, one.name)]
    ear = Ear(model, sorted({p for s in sets for p in s.grammar}))
    figures: dict[str, float] = {}
    print(f"{'set':40} clips phrases  right wrong   at confidence {confidence}")
    for s in sets:
        grammar = _listed(s.grammar)
        found = [ear(case.sound, grammar) for case in s.cases]
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
    parser.add_argument("--only", default="", help="sets whose names match this regular expression")
    parser.add_argument("--json", type=Path)
    a = parser.parse_args()
    figures = main(a.model, a.speech, a.rendered, a.confidence, a.errors, a.only)
    if a.json:
        a.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
