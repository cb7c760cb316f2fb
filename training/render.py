"""Let synthetic voices say phrases or whole utterances: `python -m training.render ENGINE OUT --count N`.

Writes OUT/NNNNN.flac at 16 kHz and, as it goes, OUT/manifest.tsv: file, speaker, seconds, text. Run again, it goes on.
Several phrases are joined into one utterance, the longest last: natural voices add a tail to a short phrase that
ends an utterance ("stop" becomes "stop it"), and starting a voice costs more than a few words of it. With --said whole
utterances of the examples are said, of people who are not held out, one at a time.
"""

import argparse
import re
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import soundfile as sf
import soxr

from training.examples.loader import load_examples
from training.voices import engine

RATE: Final = 16_000
PHRASES: Final = Path(__file__).resolve().parent / "phrases.txt"

#: How often the bigram of units counts every phrase, beside the transcripts.
PHRASES_WEIGH: Final = 5

#: Words in a whole utterance.
_LEAST_SAID: Final = 4
_MOST_SAID: Final = 24

#: How often an utterance joins one, two, three or four phrases.
_JOINED: Final = {"natural": (0.0, 0.3, 0.4, 0.3), "plain": (0.55, 0.3, 0.15, 0.0)}


def phrases(path: Path = PHRASES) -> list[str]:
    """The phrases of a file, without comments and empty lines."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def said() -> list[str]:
    """Whole utterances of the examples, of so many words that no voice adds any."""
    found = {example.said for example in load_examples() if not example.held_out}
    return sorted(text for text in found if _LEAST_SAID <= text.count(" ") + 1 <= _MOST_SAID)


def paused(text: str, rng: np.random.Generator) -> str:
    """An utterance with some of the commas that its writer left out."""
    marked = re.sub(
        r" (but|and|because|so|though|or|then|when)\b", lambda m: "," * int(rng.random() < 0.4) + m.group(), text
    )
    return f"{marked[0].upper()}{marked[1:]}{rng.choice(['.', '.', '.', '!', '?'])}"


def joined(lines: list[str], rng: np.random.Generator, chances: tuple[float, ...]) -> str:
    """One to four phrases as sentences, the longest last."""
    count = int(rng.choice(len(chances), p=chances)) + 1
    chosen = sorted(rng.choice(lines, count, replace=False), key=len)
    *first, last = chosen
    rng.shuffle(first)
    return " ".join(f"{line[0].upper()}{line[1:]}{rng.choice(['.', '.', '.', '!', '?'])}" for line in [*first, last])


def render(
    name: str, out: Path, count: int, seed: int, styles: Path | None, texts: list[str], *, whole: bool = False
) -> None:
    """Add utterances to `out` until it holds `count`; `whole` texts are said one at a time."""
    out.mkdir(parents=True, exist_ok=True)
    manifest = out / "manifest.tsv"
    done = len(manifest.read_text(encoding="utf-8").splitlines()) if manifest.exists() else 0
    say = engine(name, styles)
    chances = _JOINED["natural" if name in ("kokoro", "hibari", "piper") else "plain"]
    with manifest.open("a", encoding="utf-8") as rows:
        for number in range(done, count):
            rng = np.random.default_rng([seed, crc32(name.encode()), number])
            text = paused(str(rng.choice(texts)), rng) if whole else joined(texts, rng, chances)
            clip = say(text, rng)
            samples = soxr.resample(clip.samples, clip.rate, RATE)
            samples *= 0.7 / (float(np.abs(samples).max()) + 1e-9)
            file = out / f"{number:05d}.flac"
            sf.write(file, samples, RATE)
            rows.write(f"{file}\t{clip.speaker}\t{len(samples) / RATE:.2f}\t{text}\n")
            rows.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--styles", type=Path, help="Kokoro's voice styles")
    parser.add_argument("--texts", type=Path, default=PHRASES)
    parser.add_argument("--said", action="store_true", help="whole utterances of the examples instead of --texts")
    a = parser.parse_args()
    texts = said() if a.said else phrases(a.texts)
    render(a.engine, a.out, a.count, a.seed, a.styles, texts, whole=a.said)
