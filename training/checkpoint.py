"""A checkpoint small enough to keep beside the code: `python -m training.checkpoint WORK/net.pt SMALL`.

Holds the averaged weights in half precision, the bigram and the position. Copied to WORK/net.pt,
training goes on from it with a fresh optimiser.
"""

import argparse
from pathlib import Path
from typing import Any

import torch


def slim(kept: dict[str, Any]) -> dict[str, Any]:
    """What is worth keeping of a full checkpoint."""
    weights = {k: v.half() if v.is_floating_point() else v for k, v in kept["average"].items()}
    start, following, final = kept["bigram"]
    position = {name: kept[name] for name in ("seconds", "step", "epoch")}
    net = {"shape": kept["net"]["shape"], "weights": weights}
    return {"net": net, "bigram": (start, following.astype("float16"), final), **position}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("full", type=Path)
    parser.add_argument("small", type=Path)
    a = parser.parse_args()
    a.small.parent.mkdir(parents=True, exist_ok=True)
    torch.save(slim(torch.load(a.full, weights_only=False)), a.small)
