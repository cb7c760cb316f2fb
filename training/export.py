"""Pack a trained network as a Vosk model: `python -m training.export NET.pt... MODEL` writes MODEL/am and MODEL/conf.

The network's batch normalisation and input scaling are folded into the affine layers beside them, which is exact.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from skill.listening.phones import NOISE, SILENCE, UNIT_COUNT, unit
from training import kaldi, net
from training.features import COEFFICIENTS, HIGHEST_HZ, LOWEST_HZ, SUBSAMPLING

Floats = npt.NDArray[np.float64]

_MFCC: Final = f"""\
--use-energy=false
--num-mel-bins={COEFFICIENTS}
--num-ceps={COEFFICIENTS}
--low-freq={LOWEST_HZ}
--high-freq={HIGHEST_HZ}
--allow-upsample=true
--allow-downsample=true
"""

#: Beams wide enough for confidences to tell right from wrong; determinising phones too would take seconds a clip.
_DECODER: Final = f"""\
--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=6.0
--phone-determinize=false
--acoustic-scale=1.0
--frame-subsampling-factor={SUBSAMPLING}
--frames-per-chunk=12
--endpoint.silence-phones={unit(SILENCE) + 1}:{unit(NOISE) + 1}
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=1.0
--endpoint.rule4.min-trailing-silence=2.0
"""


def _folded(weights: Floats, norm: torch.nn.BatchNorm1d, bias: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """An affine layer and the batch normalisation after it, in one."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    mean, variance = norm.running_mean.double().numpy(), norm.running_var.double().numpy()
    scale = norm.weight.detach().double().numpy() / np.sqrt(variance + norm.eps)
    return weights * scale[:, None], (bias - mean) * scale + norm.bias.detach().double().numpy()


def _matrix(parameter: torch.Tensor) -> Floats:
    return parameter.detach().double().numpy()


def wiring(model: net.Net) -> tuple[list[str], list[tuple[str, bytes]]]:
    """The network as Kaldi's description and components."""
    lines = [f"input-node name=input dim={COEFFICIENTS}"]
    components: list[tuple[str, bytes]] = []

    def add(name: str, source: str, body: bytes) -> str:
        lines.append(f"component-node name={name} component={name} input={source}")
        components.append((name, body))
        return name

    spliced = ", ".join(
        f"Offset(input, {o})" if o else "input" for o in range(-net.INPUT_CONTEXT, net.INPUT_CONTEXT + 1)
    )
    frames = 2 * net.INPUT_CONTEXT + 1
    scaled = _matrix(model.input.weight) / np.tile(_matrix(model.deviation), frames)
    weights, bias = _folded(scaled, model.norm, -scaled @ np.tile(_matrix(model.mean), frames))
    add("input.affine", f"Append({spliced})", kaldi.affine(weights, bias))
    x = add("input.relu", "input.affine", kaldi.rectifier(model.shape.width))
    for n, block in enumerate(model.blocks, start=1):
        assert isinstance(block, net.Block)
        back, ahead = SUBSAMPLING * block.back, SUBSAMPLING * block.ahead
        source = f"Append(Offset({x}, {-back}), {x})" if back else x
        narrow = add(
            f"block{n}.narrow", source, kaldi.affine(_matrix(block.narrow.weight), np.zeros(model.shape.bottleneck))
        )
        source = f"Append({narrow}, Offset({narrow}, {ahead}))" if ahead else narrow
        add(f"block{n}.wide", source, kaldi.affine(*_folded(_matrix(block.wide.weight), block.norm)))
        add(f"block{n}.relu", f"block{n}.wide", kaldi.rectifier(model.shape.width))
        x = add(f"block{n}.sum", f"Sum(block{n}.relu, {x})", kaldi.passed(model.shape.width))
    last = add("last", x, kaldi.affine(_matrix(model.last.weight), np.zeros(model.shape.last)))
    weight, bias = map(_matrix, model.output())
    alternating = np.arange(2 * UNIT_COUNT).reshape(2, UNIT_COUNT).T.ravel()  # Kaldi's pdfs: entry, loop, entry, loop …
    add("output.affine", last, kaldi.affine(weight[alternating], bias[alternating]))
    lines.append("output-node name=output input=output.affine objective=linear")
    return lines, components


def export(model: net.Net, folder: Path) -> None:
    """Write am/final.mdl and conf/ of a Vosk model; its graph/ is made elsewhere, from a lexicon and phrases."""
    for name in ("am", "conf"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    packed = kaldi.acoustic_model(
        kaldi.transitions(UNIT_COUNT), kaldi.network(*wiring(model)), model.shape.left, model.shape.right
    )
    (folder / "am" / "final.mdl").write_bytes(packed)
    (folder / "conf" / "mfcc.conf").write_text(_MFCC, encoding="utf-8")
    (folder / "conf" / "model.conf").write_text(_DECODER, encoding="utf-8")


def averaged(*checkpoints: Path) -> net.Net:
    """The mean of the running means of the weights in the checkpoints, ready to be used.

    The checkpoints are ends of goes of one training; the first gives the shape.
    """
    kept = [torch.load(checkpoint, weights_only=False) for checkpoint in checkpoints]
    weights = {
        name: torch.stack([one["average"][name] for one in kept]).mean(0) if value.is_floating_point() else value
        for name, value in kept[0]["average"].items()
    }
    return net.restored({**kept[0]["net"], "weights": weights}).eval()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("model", type=Path)
    a = parser.parse_args()
    export(averaged(*a.checkpoints), a.model)
