"""From recordings to the shipped model, in one command: `python -m training.make --speech DIR --work WORK`.

Every stage keeps what it finds done, so an interrupted run goes on where it stopped.
"""

import argparse
from pathlib import Path
from typing import Final

import torch

from training import curve, data, fragments, language, lexicon, render, shards
from training.export import averaged, export
from training.lexicon import SHIPPED_FILE
from training.net import Shape
from training.train import PEAK_RATE, Trainer, train

ROOT: Final = Path(__file__).resolve().parent

#: Utterances of each synthetic engine; natural voices weigh most, but Kokoro takes seconds for each.
_RENDERED: Final = {"espeak": 2500, "flite": 1500, "festival": 400, "hibari": 1200, "piper": 1200, "kokoro": 970}
#: Whole utterances of the examples, in the voices that cost little, and a few in the most natural ones.
_SAID: Final = {"espeak": 3000, "flite": 1200, "festival": 400, "hibari": 2400, "piper": 2400, "kokoro": 800}
#: And then what is easily confused, in the most natural voices.
_CONTRASTS: Final = 530
_COPIES: Final = 5


def vocabulary(speech: Path) -> None:
    """Write the shipped lexicon, and the phone bigram of everything that is said in training."""
    lexicon.write(lexicon.shipped(), SHIPPED_FILE)
    texts = data.transcripts(speech) + render.said() + render.phrases() * _COPIES
    known = lexicon.full()
    known |= lexicon.guess({word for text in texts for word in lexicon.words(text) if word not in known})
    spoken = [forms for text in texts if (forms := language.spoken(text, known))]
    language.write_phone_bigram(language.phone_bigram(spoken))


def make(speech: Path, work: Path, styles: Path | None, minutes: float) -> None:
    """All stages; the model lands in `skill/listening/model`."""
    unpacked = data.unpack(speech, work / "speech")
    vocabulary(unpacked)
    for engine, count in _RENDERED.items():
        if engine != "kokoro" or styles:
            render.render(engine, work / "rendered" / engine, count, 1, styles, render.phrases())
    for engine, count in _SAID.items():
        if engine != "kokoro" or styles:
            render.render(engine, work / "rendered" / f"{engine}_said", count, 1, styles, render.said(), whole=True)
    if styles:
        contrasts, kokoro = render.phrases(ROOT / "contrasts.txt"), work / "rendered" / "kokoro"
        render.render("kokoro", kokoro, _RENDERED["kokoro"] + _CONTRASTS, 1, styles, contrasts)
    sentences = data.split(unpacked, "train") + data.believed(unpacked)
    fragments.cut(SHIPPED_FILE.parent, sentences, work / "rendered" / "fragments")
    shards.prepare(work / "shards", unpacked, work / "rendered", _COPIES)
    trainer = Trainer(work, Shape(), minutes, PEAK_RATE)
    train(trainer)
    export(averaged(work / "net.pt"), SHIPPED_FILE.parent)
    curve.draw(work / "log.tsv", ROOT / "curve.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, required=True, help="folder of recordings; see README.md")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything in between, about 6 GB")
    parser.add_argument("--styles", type=Path, help="Kokoro's voice styles; without them that engine is left out")
    parser.add_argument("--minutes", type=float, default=280, help="of training, on one core")
    a = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    a.work.mkdir(parents=True, exist_ok=True)
    make(a.speech, a.work, a.styles, a.minutes)
