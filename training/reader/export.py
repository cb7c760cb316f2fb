"""The trained net as the files that the program reads: 6-bit matrices, each row with a scale of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from skill.understanding.reader.labels import Label
from training.reader.net import Net

#: What a weight reaches to, either way: six bits, so that the file packs to half the size of eight.
_REACH: Final = 31


def export(net: Net, pieces: Sequence[str], labels: Sequence[Label], signs: Mapping[str, str], folder: Path) -> None:
    """Write `network.npz`, `vocabulary.txt`, `labels.txt` and `questions.tsv` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {}
    for name, tensor in net.state_dict().items():
        values = tensor.numpy()
        if values.ndim == 1:
            arrays[name] = values.astype(np.float16)
            continue
        scale = np.maximum(np.abs(values).max(1, initial=0.0), 1e-8) / _REACH
        arrays[f"{name}.int8"] = np.rint(values / scale[:, None]).astype(np.int8)
        arrays[f"{name}.scale"] = scale.astype(np.float32)
    np.savez_compressed(folder / "network.npz", **arrays)
    write_lines(folder / "vocabulary.txt", pieces)
    write_lines(folder / "labels.txt", [label.name for label in labels])
    write_lines(folder / "questions.tsv", [f"{question}\t{sign}" for question, sign in signs.items()])


def write_lines(file: Path, lines: Sequence[str]) -> None:
    """Write text, a line each."""
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
