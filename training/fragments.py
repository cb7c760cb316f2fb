"""The first and last words of people's sentences, cut out: an answer is short, and few recordings are.

`python -m training.fragments MODEL OUT --speech DIR` aligns with a model that exists already, and writes OUT/N.wav and
OUT/manifest.tsv as `training.render` does. A sentence is used where a grammar of the program knows its first or last
words, and where the model hears every word of it; the other end is cut off then too, lest only answers be short.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
from rich.progress import track

from skill.language.grammar import Grammar, Sense
from skill.language.shipped import load_grammar
from skill.listening.ear import Phrase
from skill.listening.recogniser import Recogniser
from skill.system import resources
from training import data
from training.cases import PADDING, pcm, said
from training.features import RATE, Samples

#: Words in a fragment, and in the shortest sentence that is cut.
_MOST_WORDS: Final = 3
_LEAST_SENTENCE: Final = 4

#: Seconds around the boundary of two words in which the quietest place is looked for; the alignment is that coarse.
_AROUND: Final = 0.08
_STEP: Final = 0.01
_FADE: Final = 0.015
_SHORTEST: Final = 0.15


def cut(model: Path, sentences: Sequence[data.Utterance], out: Path) -> int:
    """Write the fragments that the model finds, unless they are there; how many."""
    done = out / "manifest.tsv"
    if done.exists():
        return len(data.rendered(done))
    known = {sentence for file in resources.GRAMMARS.glob("*.yaml") for sentence in load_grammar(file.stem).sentences}
    spoken = [
        (sentence, words, _known_ends(words, known)) for sentence in sentences if (words := said(sentence).split())
    ]
    usable = [(u, words, ends) for u, words, ends in spoken if len(words) >= _LEAST_SENTENCE and any(ends)]
    recogniser = Recogniser(model, {word for _, words, _ in usable for word in words})
    out.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for utterance, words, ends in track(usable, "fragments"):
        sound = data.sound(utterance.file)
        aligned = _aligned(recogniser, sound, words)
        for text, piece in _pieces(sound, aligned, ends) if aligned else ():
            file = (out / f"{len(lines):05d}.wav").absolute()
            sf.write(file, piece, RATE)
            lines.append(f"{file}\t{utterance.speaker}\t{len(piece) / RATE:.2f}\t{text}\n")
    recogniser.close()
    done.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _known_ends(words: Sequence[str], known: set[str]) -> tuple[int, int]:
    """How many words at the beginning and at the end are a sentence that the program knows; 0 where none are."""
    first = next((n for n in range(_MOST_WORDS, 0, -1) if " ".join(words[:n]) in known), 0)
    last = next((n for n in range(_MOST_WORDS, 0, -1) if " ".join(words[-n:]) in known), 0)
    return first, last


def _aligned(recogniser: Recogniser, sound: Samples, words: Sequence[str]) -> tuple[Phrase, ...]:
    """The words with their times in seconds, where the model hears just these, else nothing."""
    decoding = recogniser.open(Grammar("words", {word: Sense("said", word) for word in words}), RATE)
    decoding.feed(pcm(sound))
    heard = decoding.result()
    return heard if [phrase.text for phrase in heard] == list(words) else ()


def _pieces(sound: Samples, aligned: Sequence[Phrase], ends: tuple[int, int]) -> Iterator[tuple[str, Samples]]:
    """Both ends of the sentence, of so many words, each with its text; one word where the program knows none."""
    first, last = (count or 1 for count in ends)
    before = sound[: _quietest(sound, aligned[first - 1].end)]
    after = sound[_quietest(sound, aligned[-last].start) :]
    for phrases, piece in ((aligned[:first], before), (aligned[-last:], after)):
        if len(piece) >= _SHORTEST * RATE:
            yield " ".join(phrase.text for phrase in phrases), _faded(piece)


def _quietest(sound: Samples, boundary: float) -> int:
    """The sample near a boundary (seconds in what the recogniser heard) where least is heard."""
    step, middle = int(_STEP * RATE), int((boundary - PADDING) * RATE)
    starts = range(max(0, middle - int(_AROUND * RATE)), min(len(sound) - step, middle + int(_AROUND * RATE)), step)
    return min(starts, key=lambda start: float(np.square(sound[start : start + step]).sum()), default=middle)


def _faded(piece: Samples) -> Samples:
    """The piece without a click at either end."""
    ramp = np.linspace(0, 1, int(_FADE * RATE), dtype=np.float32)
    faded = piece.copy()
    faded[: len(ramp)] *= ramp
    faded[-len(ramp) :] *= ramp[::-1]
    return faded


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="model folder that aligns")
    parser.add_argument("out", type=Path)
    parser.add_argument("--speech", type=Path, required=True, help="unpacked speech folder")
    a = parser.parse_args()
    print(f"{cut(a.model, data.split(a.speech, 'train') + data.believed(a.speech), a.out)} fragments")
