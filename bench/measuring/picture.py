"""Draws what the recognisers made of each group and condition: one panel each, one bar a recogniser."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

#: Okabe and Ito's colours, told apart by colour-blind people too; what is safe but unhelpful is grey.
_COLOURS: Final = {
    "right": "#0072B2",
    "asked back": "#9DB9CC",
    "rejected": "#E3E3E3",
    "asked back wrong": "#F0C9A8",
    "wrong": "#D55E00",
}
_COLUMNS: Final = 6


def draw(panels: Mapping[str, Mapping[str, Mapping[str, float]]], file: Path) -> None:
    """By panel, recogniser and part of the bar: per cent, 100 a bar."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = -(-len(panels) // _COLUMNS)
    figure, axes = pyplot.subplots(rows, _COLUMNS, figsize=(14, 1.95 * rows + 0.6), sharex=True, sharey=True)
    for axis, (title, bars) in zip(axes.flat, panels.items(), strict=False):
        names, left = list(bars), [0.0] * len(bars)
        for part, colour in _COLOURS.items():
            if any(part not in bar for bar in bars.values()):
                continue
            widths = [bar[part] for bar in bars.values()]
            axis.barh(names, widths, left=left, color=colour, label=part, height=0.72)
            left = [start + width for start, width in zip(left, widths, strict=True)]
        axis.set_title(title, fontsize=10, loc="left")
        axis.set_xlim(0, 100)
        axis.tick_params(length=0, labelsize=9)
        axis.spines[["top", "right", "left"]].set_visible(False)
    for axis in axes.flat[len(panels) :]:
        axis.set_visible(False)
    axes.flat[0].invert_yaxis()
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower right", ncols=len(labels), frameon=False)
    figure.supxlabel("% of the clips", fontsize=10)
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def curve(bins: Mapping[str, Sequence[tuple[float, float, int]]], file: Path) -> None:
    """By origin: the mean probability, the share that was right, and how many there are, in each bin."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(5.2, 4.8))
    axis.plot([0, 1], [0, 1], color="#BBBBBB", linewidth=1, label="as said")
    for (name, points), colour in zip(bins.items(), _COLOURS.values(), strict=False):
        said, right = [point[0] for point in points], [point[1] for point in points]
        axis.plot(said, right, marker="o", color=colour, label=f"{name}, {sum(point[2] for point in points):,} answers")
    axis.set_xlabel("probability that the reader gave")
    axis.set_ylabel("share that was right")
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 1)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(frameon=False, loc="upper left")
    figure.tight_layout()
    figure.savefig(file, dpi=110)
