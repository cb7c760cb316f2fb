"""A checkpoint from a packed model, the inverse of `export`: `python -m training.restore MODEL WORK --speech DIR`.

Training goes on from WORK/net.pt. The packed layers hold batch normalisation folded in; what went into each of them is
measured again on WORK/shards, so that the network answers as it did and learns as it would have.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from training import data, kaldi, net, render
from training.corpus import Corpus, batches, padded
from training.features import SUBSAMPLING

#: Batches from which the statistics of each layer are taken.
_BATCHES: Final = 12

#: How the shipped network was trained; its last line says where it stood.
LOG: Final = Path(__file__).resolve().parent / "log.tsv"

Affine = tuple[torch.Tensor, torch.Tensor]


def packed(model: Path) -> tuple[net.Shape, dict[str, Affine]]:
    """The sizes of a packed network, and its affine layers by name: weights [outputs, inputs] and biases.

    Raises ValueError when the file holds no such network.
    """
    wiring, layers = kaldi.read_network((model / "am" / "final.mdl").read_bytes())
    blocks = sum(name.endswith(".narrow") for name in layers)
    shape = net.Shape(
        width=len(layers["input.affine"][1]),
        bottleneck=len(layers["block1.narrow"][1]),
        last=len(layers["last"][1]),
        contexts=tuple(_context(wiring, number) for number in range(1, blocks + 1)),
    )
    return shape, {name: (torch.from_numpy(w).float(), torch.from_numpy(b).float()) for name, (w, b) in layers.items()}


def _context(wiring: dict[str, str], number: int) -> tuple[int, int]:
    """How far a block looks back and ahead, in answers."""
    found = []
    for part in ("narrow", "wide"):
        offsets = kaldi.offsets(wiring[f"block{number}.{part}"])
        found.append(max(map(abs, offsets), default=0) // SUBSAMPLING)
    return found[0], found[1]


def restored(model: Path, corpus: Corpus) -> net.Net:
    """The network of a packed model, with the batch normalisation that `corpus` asks for."""
    shape, layers = packed(model)
    training, _ = corpus.split(np.random.default_rng(0))
    chosen = list(batches(training, np.random.default_rng(1)))[:_BATCHES]
    whole = net.Net(shape)
    sample = np.concatenate([e.features[::7] for batch in chosen for e in batch]).astype(np.float32)
    whole.mean.copy_(torch.from_numpy(sample.mean(0)))
    whole.deviation.copy_(torch.from_numpy(sample.std(0) + 1e-3))
    frames = 2 * net.INPUT_CONTEXT + 1
    weights, bias = layers["input.affine"]
    unscaled = weights * whole.deviation.repeat(frames)
    _set(whole.input, whole.norm, unscaled, bias + weights @ whole.mean.repeat(frames))
    for number, block in enumerate(whole.blocks, start=1):
        assert isinstance(block, net.Block)
        block.narrow.weight.data.copy_(layers[f"block{number}.narrow"][0])
        _set(block.wide, block.norm, *layers[f"block{number}.wide"])
    whole.last.weight.data.copy_(layers["last"][0])
    _part(whole, *layers["output.affine"])
    _measure(whole, [padded(batch, shape)[0] for batch in chosen])
    return whole.eval()


def _set(layer: nn.Linear, norm: nn.BatchNorm1d, weights: torch.Tensor, bias: torch.Tensor) -> None:
    """The layer with rows of length 1, as they are after training, and a normalisation that scales and moves them.

    Folded rows are up to fifty times shorter: a step of training would be as much too long for them.
    """
    length = weights.norm(dim=1)
    layer.weight.data.copy_(weights / length[:, None])
    norm.weight.data.copy_(length * (1 + norm.eps) ** 0.5)
    norm.bias.data.copy_(bias)


def _part(whole: net.Net, weights: torch.Tensor, bias: torch.Tensor) -> None:
    """Scores of units, as what the units of a phone share, the mean, and what is each one's own."""
    pairs = len(bias) // 2
    order = torch.arange(2 * pairs).view(pairs, 2).T.reshape(-1)  # Kaldi's order: entry, loop, entry, loop …
    weights, bias = weights[order], bias[order]
    count = torch.bincount(whole.phone_of).float()
    for shared, own, value in (
        (whole.phones.weight.data, whole.units.weight.data, weights),
        (whole.phones.bias.data, whole.units.bias.data, bias),
    ):
        shared.zero_().index_add_(0, whole.phone_of, value)
        shared.div_(count.view(-1, *[1] * (value.dim() - 1)))
        own.copy_(value - shared[whole.phone_of])


def _measure(whole: net.Net, features: list[torch.Tensor]) -> None:
    """Let each normalisation take the mean and the deviation out that its layer's output has, and put them in again."""
    norms = {name: module for name, module in whole.named_modules() if isinstance(module, nn.BatchNorm1d)}
    seen: dict[str, list[torch.Tensor]] = {name: [] for name in norms}
    hooks = [
        norm.register_forward_pre_hook(lambda _, inputs, kept=seen[name]: kept.append(inputs[0].detach()))
        for name, norm in norms.items()
    ]
    whole.eval()
    with torch.no_grad():
        for one in features:
            whole(one)
    for hook in hooks:
        hook.remove()
    for name, norm in norms.items():
        values = torch.cat(seen[name])
        mean, variance = values.mean(0), values.var(0, unbiased=False)
        norm.running_mean, norm.running_var = mean, variance
        scale = norm.weight.data / (1 + norm.eps) ** 0.5
        norm.bias.data.add_(mean * scale)
        norm.weight.data.copy_(scale * (variance + norm.eps).sqrt())


def checkpoint(model: Path, work: Path, speech: Path) -> dict[str, Any]:
    """What `training.train` goes on from."""
    corpus = Corpus(work / "shards")
    corpus.refresh()
    bigram = corpus.bigram(data.transcripts(speech) + render.said() + render.phrases() * render.PHRASES_WEIGH)
    seconds, step, epoch, *_ = LOG.read_text(encoding="utf-8").splitlines()[-1].split("\t")
    start = {"seconds": float(seconds), "step": int(step), "epoch": int(epoch)}
    return {"net": net.saved(restored(model, corpus)), "bigram": (bigram.start, bigram.next, bigram.final), **start}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--speech", type=Path, required=True, help="unpacked speech folder")
    a = parser.parse_args()
    torch.save(checkpoint(a.model, a.work, a.speech), a.work / "net.pt")
