"""A larger network that goes on from a trained one, with a fresh optimiser.

`python -m training.grow WORK/net.pt LARGER --blocks 3 --back 3` puts blocks on top, which add little at first;
`python -m training.grow WORK/net.pt LARGER --bottleneck 192` gives every block more to pass on, of which nothing is
used at first, so that the answers stay the same.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch

from training import net

#: How strongly a new block speaks at first, as a share of a fresh one.
_FAINT: Final = 0.1

_POSITION: Final = ("bigram", "seconds", "step", "epoch")


def deepened(kept: dict[str, Any], blocks: int, back: int) -> dict[str, Any]:
    """The checkpoint of the deeper network; each new block looks `back` answers (30 ms) back and none ahead."""
    old = net.restored({**kept["net"], "weights": kept.get("average") or kept["net"]["weights"]})
    deep = net.Net(replace(old.shape, contexts=(*old.shape.contexts, *[(back, 0)] * blocks)))
    deep.load_state_dict(old.state_dict(), strict=False)
    for block in deep.blocks[len(old.blocks) :]:
        assert isinstance(block, net.Block)
        torch.nn.init.constant_(block.norm.weight, _FAINT)
    return {"net": net.saved(deep), **{name: kept[name] for name in _POSITION}}


def widened(kept: dict[str, Any], bottleneck: int) -> dict[str, Any]:
    """The checkpoint of the network whose blocks pass on `bottleneck` numbers, more than before."""
    old = net.restored({**kept["net"], "weights": kept.get("average") or kept["net"]["weights"]})
    wide = net.Net(replace(old.shape, bottleneck=bottleneck))
    weights, narrow = wide.state_dict(), old.shape.bottleneck
    for name, value in old.state_dict().items():
        if value.shape == weights[name].shape:
            weights[name].copy_(value)
        elif name.endswith("narrow.weight"):
            weights[name][:narrow] = value
        else:  # what was passed on, and what was passed on later
            weights[name].zero_().view(value.shape[0], -1, bottleneck)[..., :narrow] = value.view(
                value.shape[0], -1, narrow
            )
    wide.load_state_dict(weights)
    return {"net": net.saved(wide), **{name: kept[name] for name in _POSITION}}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("larger", type=Path)
    parser.add_argument("--blocks", type=int, default=0)
    parser.add_argument("--back", type=int, default=3, help="how far new blocks look back, in answers (30 ms)")
    parser.add_argument("--bottleneck", type=int)
    a = parser.parse_args()
    torch.manual_seed(0)
    found = torch.load(a.checkpoint, weights_only=False)
    if a.blocks:
        found = deepened(found, a.blocks, a.back)
    torch.save(widened(found, a.bottleneck) if a.bottleneck else found, a.larger)
