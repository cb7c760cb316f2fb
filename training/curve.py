"""Draw how training went: `python -m training.curve WORK/log.tsv training/curve.png`."""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np


def draw(log: Path, picture: Path) -> None:
    """The objective of training and validation over minutes."""
    mpl.use("agg")
    from matplotlib import pyplot

    rows = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    training = np.array([(float(r[0]) / 60, float(r[4])) for r in rows if not r[5]])
    validation = np.array([(float(r[0]) / 60, float(r[5])) for r in rows if r[5]])
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    axes.plot(*training.T, lw=0.8, label="training, newest weights, a batch of similar lengths at a time")
    axes.plot(*validation.T, marker=".", label="validation, averaged weights")
    axes.set(xlabel="minutes on one core", ylabel="LF-MMI objective a frame", ylim=(-0.6, 0), title="Training")
    axes.legend(loc="lower right")
    axes.grid(alpha=0.3)
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("picture", type=Path)
    a = parser.parse_args()
    draw(a.log, a.picture)
