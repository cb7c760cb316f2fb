"""Let synthetic voices say the phrases of the domain: `python -m training.render ENGINE OUT --count N`.

Writes OUT/NNNNN.flac at 16 kHz and, as it goes, OUT/manifest.tsv: file, speaker, seconds, text. Run again, it goes on.
Several phrases are joined into one utterance, the longest last: natural voices add a tail to a short phrase that
ends an utterance ("stop" becomes "stop it"), and starting a voice costs more than a few words of it.
"""

import argparse
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import soundfile as sf
import soxr

from training.voices import engine

RATE: Final = 16_000
PHRASES: Final = Path(__file__).resolve().parent / "phrases.txt"

#: How often an utterance joins one, two, three or four phrases.
_JOINED: Final = {"natural": (0.0, 0.3, 0.4, 0.3), "plain": (0.55, 0.3, 0.15, 0.0)}


def phrases(path: Path = PHRASES) -> list[str]:
    """The phrases of a file, without comments and empty lines."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def joined(lines: list[str], rng: np.random.Generator, chances: tuple[float, ...]) -> str:
    """One to four phrases as sentences, the longest last."""
    count = int(rng.choice(len(chances), p=chances)) + 1
    chosen = sorted(rng.choice(lines, count, replace=False), key=len)
    *first, last = chosen
    rng.shuffle(first)
    return " ".join(f"{line[0].upper()}{line[1:]}{rng.choice(['.', '.', '.', '!', '?'])}" for line in [*first, last])


def render(name: str, out: Path, count: int, seed: int, styles: Path | None, texts: list[str]) -> None:
    """Add utterances to `out` until it holds `count`."""
    out.mkdir(parents=True, exist_ok=True)
    manifest = out / "manifest.tsv"
    done = len(manifest.read_text(encoding="utf-8").splitlines()) if manifest.exists() else 0
    say = engine(name, styles)
    chances = _JOINED["natural" if name in ("kokoro", "hibari", "piper") else "plain"]
    with manifest.open("a", encoding="utf-8") as rows:
        for number in range(done, count):
            rng = np.random.default_rng([seed, crc32(name.encode()), number])
            text = joined(texts, rng, chances)
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
    a = parser.parse_args()
    render(a.engine, a.out, a.count, a.seed, a.styles, phrases(a.texts))
