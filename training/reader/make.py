"""Makes the reader: `python -m training.reader.make --work DIR [--consultations FILE]`.

Learns from `training/examples`, the grammars and, where the file is at hand, from real consultations, and writes the
model into the package and what it makes of unseen people to DIR. A run that was cut off goes on where it stopped; with
`--after EARLIER` learning begins with what an earlier run in that folder had learnt, for half as long.
"""

import argparse
import json
import sys
from copy import deepcopy
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import torch

from skill.system import resources
from skill.understanding.reader.labels import Label
from skill.understanding.reader.reader import FIRST_WORDS, combined
from skill.understanding.reader.wordpiece import WordPieces
from training.examples.loader import Example, load_examples
from training.examples.meanings import Meanings, load_meanings
from training.reader.data import Sample, consultations, fold_of, grammar_samples, samples_of, signs, vocabulary
from training.reader.export import export, write_lines
from training.reader.labels import all_labels, label_of
from training.reader.learn import BATCH, Encoder, learn, predict
from training.reader.linear import LinearNet, export_linear, learn_linear, word_clusters
from training.reader.net import Names, Net, inherit, initialised, pretrained
from training.reader.predictions import Prediction

#: Layers of MiniLM that the reader begins with.
LAYERS: Final = (0, 1)
#: Times that every sample is learnt, and steps in which real people's answers are added.
EPOCHS: Final = 2.0
FINE_STEPS: Final = 220
#: The rate of those steps, and what a real person's answer weighs beside an invented one's.
FINE_RATE: Final = 5e-5
REAL_WEIGHT: Final = 3.0
#: Times that a piece of a word must occur to be kept.
LEAST: Final = 2
#: Parts into which real people are dealt: each is read by a net that never saw it.
FOLDS: Final = 3
SEED: Final = 1


def main() -> None:
    """Run all stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and predictions")
    parser.add_argument("--consultations", type=Path, help="real patients' answers, TSV")
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    parser.add_argument("--after", type=Path, help="work folder of an earlier run")
    parser.add_argument("--model", type=Path, default=resources.READER, help="where the model is written")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    meanings = load_meanings()
    real = consultations(arguments.consultations, meanings) if arguments.consultations else []
    make(arguments.work, list(load_examples()), real, meanings, arguments.epochs, arguments.model, arguments.after)


def make(
    work: Path,
    examples: list[Example],
    real: list[Example],
    meanings: Meanings,
    epochs: float,
    model: Path,
    after: Path | None = None,
) -> None:
    """Learn, predict what nobody learnt, and export."""
    labels, asked = all_labels(meanings), signs(meanings)
    invented = samples_of((example for example in examples if not example.held_out), meanings)
    invented += grammar_samples(meanings, SEED)
    lived = samples_of(real, meanings, REAL_WEIGHT)
    weights, known = pretrained(Path(str(files("all_minilm_l6_v2") / "model.zip")))
    full = WordPieces(sorted(known, key=known.__getitem__))
    words = [sample.said for sample in (*invented, *lived)] + LEAST * list(asked.values())
    pieces = vocabulary(words, known, lambda text: [full.pieces[place] for place in full.encode(text)], LEAST)
    clusters = word_clusters(invented, weights["embeddings.word_embeddings.weight"].numpy(), known, SEED)
    encoder = Encoder(WordPieces(pieces), asked, labels, meanings.questions)
    net = initialised(weights, known, pieces, len(asked), len(labels), LAYERS)
    names = Names(pieces, list(asked), [label.name for label in labels])
    if after is not None:
        earlier = torch.load(after / "learnt.pt", weights_only=True)
        inherit(net, names, earlier["net"], Names(*earlier["names"]))
        epochs /= 2
    print(f"{len(invented)} invented samples, {len(lived)} real, {len(pieces)} pieces", file=sys.stderr)
    net = learn(net, encoder, invented, int(epochs * len(invented) / BATCH), SEED, work / "base.pt")
    torch.save({"net": net.state_dict(), "names": [names.pieces, names.questions, names.labels]}, work / "learnt.pt")

    def halves(lived: list[Sample], name: str) -> tuple[Net, LinearNet, np.ndarray]:
        linear = LinearNet(labels, meanings.questions, clusters)
        counts = learn_linear(linear, invented + lived, SEED, name)
        if not lived:
            return net, linear, counts
        mixed = _mixed(invented, lived)
        return learn(deepcopy(net), encoder, mixed, FINE_STEPS, SEED, work / f"{name}.pt", FINE_RATE), linear, counts

    predicted: list[Prediction] = []
    for fold in range(FOLDS if real else 0):
        others = [sample for sample, example in zip(lived, real, strict=True) if fold_of(example.persona) != fold]
        ours = [example for example in real if fold_of(example.persona) == fold]
        tuned, linear, _ = halves(others, f"fold{fold}")
        predicted += predictions("real", ours, tuned, linear, encoder, labels, meanings)
    net, linear, counts = halves(lived, "final")
    unseen = [example for example in examples if example.held_out]
    predicted += predictions("invented", unseen, net, linear, encoder, labels, meanings)
    with (work / "predictions.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(asdict(prediction)) + "\n" for prediction in predicted)
    export(net, pieces, labels, asked, model)
    export_linear(linear, counts, model / "linear.npz")
    write_lines(model / "clusters.tsv", [f"{word}\t{number}" for word, number in sorted(clusters.items())])


def _mixed(invented: list[Sample], lived: list[Sample]) -> list[Sample]:
    """Real answers four times among twice as many invented ones, so that neither is forgotten."""
    rows = np.random.default_rng(SEED).permutation(len(invented))[: 8 * len(lived)]
    return lived * 4 + [invented[row] for row in rows]


def predictions(
    origin: str,
    examples: list[Example],
    net: Net,
    linear: LinearNet,
    encoder: Encoder,
    labels: tuple[Label, ...],
    meanings: Meanings,
) -> list[Prediction]:
    """What both halves, and the two as one, make of `examples` that none of them has learnt."""
    whole = [(example.question, example.said) for example in examples]
    begun = [(question, " ".join(said.split()[:FIRST_WORDS])) for question, said in whole]
    by_line, by_net = linear.predict(whole), predict(net, encoder, whole)
    both, first = combined(by_line, by_net), combined(linear.predict(begun), predict(net, encoder, begun))

    def best(row: np.ndarray) -> tuple[str, float]:
        return labels[int(row.argmax())].name, float(row.max())

    found = [
        Prediction(
            origin,
            example.question,
            example.persona,
            example.said,
            example.meaning,
            label_of(example, meanings).name,
            tuple((labels[place].name, float(both[row, place])) for place in np.argsort(both[row])[::-1][:4]),
            labels[int(first[row].argmax())].name,
            (best(by_line[row]), best(by_net[row])),
        )
        for row, example in enumerate(examples)
    ]
    right = sum(prediction.label == prediction.guesses[0][0] for prediction in found)
    print(f"{origin}: {len(found)} unseen, {100 * right / max(len(found), 1):.1f} % right", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
