"""The whole road from sound to a model that Vosk loads, in miniature: `python -m training.smoke`.

Takes a minute or two of one core, and neither recordings nor installed voices: espeak-ng's library says a few words.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import soundfile as sf
import soxr
import torch
import vosk

from skill.listening.graph import build_graph, label
from training import effort, net, restore, rooms
from training.augment import Augmenter
from training.corpus import Corpus
from training.data import Utterance, rendered, sound
from training.espeak import espeak
from training.export import averaged, export
from training.features import RATE, Samples
from training.fragments import cut
from training.grow import widened
from training.net import Shape
from training.noise import Noises, coloured
from training.shards import make
from training.train import Trainer, train

_MODEL: Final = Path(__file__).resolve().parent.parent / "skill" / "listening" / "model"
_WORDS: Final = ("yes", "no", "stop", "my left calf", "ten minutes", "help me")
_SENTENCE: Final = "yes the weather is better today"
_VOICES: Final = ("en-us", "en", "en-us+f2", "en-us+m3")
_SHAPE: Final = Shape(width=64, bottleneck=24, last=32, contexts=((1, 1), (1, 0)))
_STEPS: Final = 120


def _spoken(folder: Path, *texts: str) -> list[Utterance]:
    said = []
    for voice in _VOICES:
        for speed in (140, 180):
            for text in texts:
                samples = soxr.resample(espeak().say(text, voice, speed, 50), espeak().rate, RATE)
                file = folder / f"{voice}-{speed}-{label(text)}.wav"
                sf.write(file, samples, RATE)
                said.append(Utterance(file, "espeak", voice, text))
    return said


def _noises(folder: Path) -> Noises:
    rng = np.random.default_rng(0)
    clips = []
    for kind in ("white_noise", "clatter"):
        sf.write(folder / f"{kind}.wav", 0.1 * coloured(RATE, rng), RATE)
        clips.append(Utterance(folder / f"{kind}.wav", "noise", "", kind))
    return Noises(clips)


def _voices_change(said: Utterance) -> None:
    samples = sound(said.file)
    for changed in (effort.whispered, effort.shouted):
        other = changed(samples, np.random.default_rng(0))
        assert np.isfinite(other).all(), f"{changed.__name__}: not a sound"
        assert len(other) > len(samples) / 2, f"{changed.__name__}: cut short"
    voiced = [_periodic(part) for part in (samples, effort.whispered(samples, np.random.default_rng(0)))]
    assert voiced[1] < 0.8 * voiced[0], f"a whisper has a voice: {voiced}"


def _periodic(samples: Samples) -> float:
    """How much the loudest 50 ms repeat themselves after 2.5 to 12.5 ms, at most 1."""
    middle = int(np.argmax(np.convolve(samples**2, np.ones(800), "valid")))
    piece = samples[middle : middle + 800]
    repeated = np.correlate(piece, piece, "full")[799:]
    return float(repeated[40:200].max() / repeated[0])


def _goes_on(learnt: net.Net, model: Path, work: Path) -> None:
    """A packed network can be taken up again, and a larger one answers the same at first."""
    corpus = Corpus(work / "shards")
    corpus.refresh()
    kept = {"net": net.saved(restore.restored(model, corpus)), "bigram": None, "seconds": 0.0, "step": 0, "epoch": 0}
    features = torch.randn(200, 3, 40) * learnt.deviation + learnt.mean
    with torch.no_grad():
        answers = learnt(features)
        for name, data in (("packed", kept), ("wider", widened(kept, 40))):
            gap = float((net.restored(data["net"]).eval()(features) - answers).abs().max())
            assert gap < 0.02, f"{name}: answers differ by {gap}"


def smoke(work: Path) -> str:
    """Train a tiny network in `work`, pack it, and return what Vosk hears in one phrase."""
    said, augmenter = _spoken(work, *_WORDS), Augmenter(_noises(work), [], rooms.responses(4, seed=0))
    _voices_change(said[0])
    cut(_MODEL, _spoken(work, _SENTENCE), work / "fragments")
    cut_out = rendered(work / "fragments" / "manifest.tsv")
    assert {"yes", "better today"} & {piece.text for piece in cut_out}, f"nothing was cut out: {cut_out}"
    (work / "shards").mkdir()
    make(cut_out, augmenter, np.random.default_rng(9)).save(work / "shards" / "fragments-0000.0.npz")
    for number in range(4):
        make(said, augmenter, np.random.default_rng(number)).save(work / "shards" / f"people-{number:04d}.0.npz")
    torch.manual_seed(0)
    trainer = Trainer(work, _SHAPE, until=2, rate=6e-3)
    train(trainer, steps=_STEPS)
    reports = [line.split("\t") for line in (work / "log.tsv").read_text(encoding="utf-8").splitlines()]
    validation = [float(row[5]) for row in reports if row[5]]
    assert validation[-1] > validation[0] + 0.05, f"nothing was learnt: {validation}"

    model, learnt = work / "model", averaged(work / "net.pt")
    export(learnt, model)
    _goes_on(learnt, model, work)
    for file in ("lexicon.txt", "phone_bigram.txt", "graph.yaml"):
        shutil.copy(_MODEL / file, model)
    build_graph(model, _WORDS, model / "graph")
    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(model)), RATE, json.dumps([label(text) for text in _WORDS]))
    recogniser.SetWords(True)
    samples, _ = sf.read(said[0].file, dtype="int16")
    recogniser.AcceptWaveform(np.concatenate([samples, np.zeros(RATE, np.int16)]).tobytes())
    result = json.loads(recogniser.FinalResult())
    assert result["result"], f"Vosk heard no word: {result}"
    return str(result["text"])


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        print(f"Vosk heard: {smoke(Path(name))}")
