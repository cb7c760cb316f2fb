"""More blocks on top of a trained network: `python -m training.deepen WORK/net.pt DEEPER --blocks 3 --back 3`.

What the new blocks add is small at first, so that training goes on from about where it stood, with a fresh optimiser.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch

from training import net

#: How strongly a new block speaks at first, as a share of a fresh one.
_FAINT: Final = 0.1


def deepened(kept: dict[str, Any], blocks: int, back: int) -> dict[str, Any]:
    """The checkpoint of the deeper network; each new block looks `back` answers (30 ms) back and none ahead."""
    old = net.restored({**kept["net"], "weights": kept["average"]})
    deep = net.Net(replace(old.shape, contexts=(*old.shape.contexts, *[(back, 0)] * blocks)))
    deep.load_state_dict(old.state_dict(), strict=False)
    for block in deep.blocks[len(old.blocks) :]:
        assert isinstance(block, net.Block)
        torch.nn.init.constant_(block.norm.weight, _FAINT)
    rest = {name: kept[name] for name in ("bigram", "seconds", "step", "epoch")}
    return {"net": net.saved(deep), **rest}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("deeper", type=Path)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--back", type=int, required=True)
    a = parser.parse_args()
    torch.manual_seed(0)
    torch.save(deepened(torch.load(a.checkpoint, weights_only=False), a.blocks, a.back), a.deeper)
