"""Makes the reader: `python -m training.reader.make --work DIR [--consultations FILE]`.

Learns from `training/examples`, the grammars and, where the file is at hand, from real consultations, and writes the
model into the package and what it makes of unseen people to DIR. A run that was cut off goes on where it stopped; with
`--after EARLIER` learning begins with what an earlier run in that folder had learnt, for half as long.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, astuple, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from skill.system import resources
from skill.understanding.reader.labels import Label
from skill.understanding.reader.reader import FIRST_WORDS, combined
from skill.understanding.reader.wordpiece import WordPieces
from training.examples.loader import Example, load_examples
from training.examples.meanings import Meanings, load_meanings
from training.reader.alike import like_words, rare_words
from training.reader.data import (
    Sample,
    consultations,
    fold_of,
    grammar_samples,
    misheard_samples,
    samples_of,
    signs,
    vocabulary,
)
from training.reader.export import export, write_lines
from training.reader.labels import all_labels, label_of
from training.reader.learn import BATCH, Encoder, Teacher, learn, predict
from training.reader.linear import LinearNet, export_linear, learn_linear, word_clusters
from training.reader.mishear import confusions, load_misheard
from training.reader.net import Names, Net, inherit, initialised, pretrained
from training.reader.predictions import Prediction

#: Layers of MiniLM that the reader begins with, and those of its teacher.
LAYERS: Final = (0, 1)
ALL_LAYERS: Final = (0, 1, 2, 3, 4, 5)
#: Times that the reader's net learns every sample; how much oftener its teacher does, and it from the teacher.
EPOCHS: Final = 2.0
TEACHER_SHARE: Final = 1.5
TAUGHT_SHARE: Final = 1.5
#: The teacher's rate: a deeper net bears less.
TEACHER_RATE: Final = 7e-5
#: Steps in which real people's answers are added.
FINE_STEPS: Final = 220
#: The rate of those steps, and what a real person's answer weighs beside an invented one's.
FINE_RATE: Final = 5e-5
REAL_WEIGHT: Final = 3.0
#: Times that a piece of a word must occur to be learnt whole, and words beside these, which are known by their code.
LEAST: Final = 2
RARE: Final = 12_000
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
    examples = list(load_examples())
    given = material(examples, real, meanings)
    net = taught(arguments.work, given, arguments.epochs, arguments.after)
    make(arguments.work, given, net, [example for example in examples if example.held_out], arguments.model)


@dataclass(frozen=True)
class Material:
    """All that is learnt from, and the names of what is learnt."""

    invented: list[Sample]
    lived: list[Sample]
    """Real people's answers, in the order of `real`."""
    real: list[Example]
    labels: tuple[Label, ...]
    signs: Mapping[str, str]
    names: Names
    encoder: Encoder
    clusters: Mapping[str, int]
    like: Mapping[str, Sequence[str]]
    weights: dict[str, Tensor]
    """Of MiniLM."""
    known: dict[str, int]
    """The pieces of MiniLM."""
    meanings: Meanings

    def steps(self, epochs: float) -> int:
        """Batches in which everything is learnt so many times."""
        return int(epochs * len(self.invented) / BATCH)

    def net(self, layers: tuple[int, ...], *, whole: bool = False) -> Net:
        """MiniLM's layers; a `whole` one has a vector of its own for every piece."""
        pieces, rare = self.names.pieces, self.names.rare
        pieces, rare = ([*pieces, *rare], []) if whole else (pieces, rare)
        return initialised(self.weights, self.known, pieces, len(self.signs), len(self.labels), layers, rare)


def material(examples: list[Example], real: list[Example], meanings: Meanings) -> Material:
    """Everything that stands before learning begins."""
    labels, asked, misheard = all_labels(meanings), signs(meanings), load_misheard()
    invented = samples_of((example for example in examples if not example.held_out), meanings)
    invented += grammar_samples(meanings, SEED) + misheard_samples(misheard, meanings)
    lived = samples_of(real, meanings, REAL_WEIGHT)
    weights, known = pretrained(Path(str(files("all_minilm_l6_v2") / "model.zip")))
    full = WordPieces(sorted(known, key=known.__getitem__))
    words = [sample.said for sample in (*invented, *lived)] + LEAST * list(asked.values())
    pieces = vocabulary(words, known, lambda text: [full.pieces[place] for place in full.encode(text)], LEAST)
    rare = rare_words(known, pieces, RARE)
    embeddings = weights["embeddings.word_embeddings.weight"]
    print(f"{len(invented)} invented samples, {len(lived)} real, {len(pieces)} pieces", file=sys.stderr)
    return Material(
        invented,
        lived,
        real,
        labels,
        asked,
        Names(pieces, list(asked), [label.name for label in labels], rare),
        Encoder(WordPieces([*pieces, *rare]), asked, labels, meanings.questions, confusions(misheard)),
        word_clusters(invented, embeddings.numpy(), known, SEED),
        like_words([sample.said for sample in invented], embeddings, known, {*pieces, *rare}),
        weights,
        known,
        meanings,
    )


def taught(work: Path, given: Material, epochs: float, after: Path | None) -> Net:
    """The reader's net: it learns by itself, then what a larger one has made of the same."""
    teacher, net = given.net(ALL_LAYERS, whole=True), given.net(LAYERS)
    if after is not None:
        earlier = torch.load(after / "learnt.pt", weights_only=True)
        of, names = Names(*earlier["names"]), given.names
        inherit(net, names, earlier["net"], of)
        everything = [*names.pieces, *names.rare]
        inherit(teacher, replace(names, pieces=everything), earlier["teacher"], replace(of, pieces=of.pieces + of.rare))
        epochs /= 2
    encoder, samples = given.encoder, given.invented
    learn(teacher, encoder, samples, given.steps(TEACHER_SHARE * epochs), SEED, work / "teacher.pt", TEACHER_RATE)
    learn(net, encoder, samples, given.steps(epochs), SEED, work / "base.pt")
    opinion = Teacher(teacher, encoder, given.like)
    learn(net, encoder, samples, given.steps(TAUGHT_SHARE * epochs), SEED, work / "taught.pt", teacher=opinion)
    states = {"net": net.state_dict(), "teacher": teacher.state_dict(), "names": list(astuple(given.names))}
    torch.save(states, work / "learnt.pt")
    return net


def make(work: Path, given: Material, net: Net, unseen: list[Example], model: Path) -> None:
    """Add real people's answers, predict what nobody learnt, and export."""

    def halves(lived: list[Sample], name: str) -> tuple[Net, LinearNet, np.ndarray]:
        linear = LinearNet(given.labels, given.meanings.questions, given.clusters)
        counts = learn_linear(linear, given.invented + lived, SEED, name)
        if not lived:
            return net, linear, counts
        mixed, kept = _mixed(given.invented, lived), work / f"{name}.pt"
        return learn(deepcopy(net), given.encoder, mixed, FINE_STEPS, SEED, kept, FINE_RATE), linear, counts

    predicted: list[Prediction] = []
    for fold in range(FOLDS if given.real else 0):
        pairs = zip(given.lived, given.real, strict=True)
        others = [sample for sample, example in pairs if fold_of(example.persona) != fold]
        ours = [example for example in given.real if fold_of(example.persona) == fold]
        tuned, linear, _ = halves(others, f"fold{fold}")
        predicted += predictions("real", ours, tuned, linear, given.encoder, given.labels, given.meanings)
    final, linear, counts = halves(given.lived, "final")
    predicted += predictions("invented", unseen, final, linear, given.encoder, given.labels, given.meanings)
    with (work / "predictions.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(asdict(prediction)) + "\n" for prediction in predicted)
    export(final, given.encoder.pieces.pieces, given.labels, given.signs, model)
    export_linear(linear, counts, model / "linear.npz")
    write_lines(model / "clusters.tsv", [f"{word}\t{number}" for word, number in sorted(given.clusters.items())])


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
