"""The road from examples to a reader that the program loads, in miniature: `python -m training.reader.smoke`.

Half a minute of one core; begins with nothing in place of MiniLM, which is too large a download for a test.
"""

import random
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import torch

from skill.system import resources
from skill.understanding.reader.reader import LearnedReader, combined
from skill.understanding.reader.wordpiece import WordPieces
from training.examples.loader import load_examples
from training.examples.meanings import load_meanings
from training.reader.calibrate import crossed, fit, judged
from training.reader.data import samples_of, signs
from training.reader.export import export, write_lines
from training.reader.labels import all_labels
from training.reader.learn import Encoder, learn, predict
from training.reader.linear import LinearNet, export_linear, learn_linear
from training.reader.make import predictions
from training.reader.net import Net

#: Questions whose examples are learnt; a yes/no question and a choice.
_ASKED: Final = ("eased", "side")
_STEPS: Final = 60
_EPOCHS: Final = 3
#: How far the numbers of the program may lie from those of training: weights are kept in six bits.
_NEAR: Final = 0.15


def smoke(work: Path) -> float:
    """Make a tiny reader in `work`; the share of what was said by unseen people that it reads rightly."""
    meanings = load_meanings()
    labels, asked = all_labels(meanings), signs(meanings)
    examples = [example for example in load_examples() if example.question in _ASKED]
    learnt = samples_of((example for example in examples if not example.held_out), meanings)
    unseen = [example for example in examples if example.held_out]
    pieces = (resources.READER / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    torch.manual_seed(0)
    encoder = Encoder(WordPieces(pieces), asked, labels, meanings.questions)
    net = learn(Net(len(pieces), len(asked), len(labels), 1), encoder, learnt, _STEPS, 0, work / "net.pt", 5e-4)
    linear = LinearNet(labels, meanings.questions, {})
    counts = learn_linear(linear, learnt, 0, "linear", _EPOCHS)
    found = predictions("invented", unseen, net, linear, encoder, labels, meanings)
    rows = judged(found)
    assert fit(rows)["certainty"] > 0, "certainty says nothing"
    assert len(crossed(rows)) == len(rows)

    export(net, pieces, labels, asked, work)
    export_linear(linear, counts, work / "linear.npz")
    write_lines(work / "clusters.tsv", [])
    reader = LearnedReader(work)
    said = random.Random(0).sample(unseen, 30)
    pairs = [(example.question, example.said) for example in said]
    both = combined(linear.predict(pairs), predict(net, encoder, pairs))
    for example, row in zip(said, both, strict=True):
        reading = reader.read(example.said, meanings.questions[example.question])
        assert reading is not None
        there = float(row[encoder.places[reading.best.label]])
        assert abs(there - reading.best.probability) < _NEAR, f"{example.said}: {there}, {reading.best}"
    return float(np.mean([row.right for row in rows]))


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        share = smoke(Path(name))
    assert share > 0.5, f"only {share:.0%} right"
    print(f"The reader of two questions, made in miniature: {share:.0%} of what unseen people say is right.")
