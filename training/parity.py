"""Proof that Vosk computes what was trained: `python -m training.parity WORK/net.pt`.

Inside the real Vosk binary, a network whose every pdf answers like pdf k makes the likelihood of an utterance the sum
of that pdf's scores over time; the same sum is computed here, from our own features, edges and weights.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
import vosk

from skill.listening.fst import Fst
from skill.listening.phones import SILENCE, UNIT_COUNT, entry_transition, loop_transition, unit
from training import net
from training.export import averaged, export
from training.features import RATE, SUBSAMPLING, decoded, mfcc


def _one_path(folder: Path) -> None:
    """A graph that can only be silent, then say "it"."""
    folder.mkdir(parents=True)
    fst, number = Fst(), unit(SILENCE)
    start, inside, end = fst.state(), fst.state(), fst.state()
    fst.arc(start, inside, entry_transition(number))
    fst.arc(inside, inside, loop_transition(number))
    fst.arc(inside, end, word=1)
    fst.final[end] = 0.0
    fst.write(folder / "HCLr.fst")
    grammar = Fst()
    state = grammar.state()
    grammar.arc(state, state, 1, 1)
    grammar.final[state] = 0.0
    grammar.write(folder / "Gr.fst")
    (folder / "words.txt").write_text("<eps> 0\nit 1\n", encoding="utf-8")
    (folder / "disambig_tid.int").write_text("", encoding="utf-8")


def _heard(model: net.Net, samples: np.ndarray) -> float:
    """The utterance's likelihood according to Vosk, without dither."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(model, folder)
        with (folder / "conf" / "mfcc.conf").open("a", encoding="utf-8") as options:
            options.write("--dither=0\n")
        _one_path(folder / "graph")
        recogniser = vosk.KaldiRecognizer(vosk.Model(str(folder)), RATE, '["it"]')
        recogniser.SetMaxAlternatives(1)
        recogniser.AcceptWaveform(samples.astype(np.int16).tobytes())
        return float(json.loads(recogniser.FinalResult())["alternatives"][0]["confidence"])


def _computed(model: net.Net, samples: np.ndarray) -> np.ndarray:
    """Every pdf's scores summed over the utterance: entries of all units, then loops."""
    features, shape = mfcc(samples.astype(np.float32), dither=0.0), model.shape
    frames = SUBSAMPLING * (decoded(len(features)) - 1) + 1 + shape.left + shape.right
    padded = features[np.clip(np.arange(frames) - shape.left, 0, len(features) - 1)]
    with torch.no_grad():
        return np.asarray(model(torch.from_numpy(padded)[:, None])[:, 0].double().sum(0).numpy())


def _same_everywhere(model: net.Net, pdf: int | None) -> net.Net:
    """The network with the scores of one pdf in every place, or zero."""
    changed = net.restored(net.saved(model)).eval()
    weight, bias = (p.detach() for p in model.output())
    for layer in (changed.phones, changed.units):
        layer.weight.data.zero_()
        layer.bias.data.zero_()
    if pdf is not None:
        changed.units.weight.data[:] = weight[pdf] / 8
        changed.units.bias.data[:] = bias[pdf] / 8
    return changed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    model = averaged(parser.parse_args().checkpoint)
    vosk.SetLogLevel(-1)
    rng = np.random.default_rng(0)
    samples = np.round(3000 * rng.standard_normal(2 * RATE) * np.sin(np.arange(2 * RATE) / 3000) ** 2)
    sums, base = _computed(model, samples) / 8, _heard(_same_everywhere(model, None), samples)
    for pdf in (0, 7, 300, UNIT_COUNT, UNIT_COUNT + 200):
        print(f"pdf {pdf}: Vosk {_heard(_same_everywhere(model, pdf), samples) - base:.3f}, here {sums[pdf]:.3f}")
