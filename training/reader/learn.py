"""Learning: samples in, a net out; stops at a number of steps and goes on from a checkpoint."""

import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from skill.triage.model import Question
from skill.understanding.reader.labels import Label
from skill.understanding.reader.wordpiece import WordPieces
from training.reader.data import Sample
from training.reader.net import LONGEST, Net

BATCH: Final = 64
#: Learning rates of the layers, and how much faster the head learns, which begins at nothing.
RATE: Final = 1e-4
HEAD_RATE: Final = 5.0
#: Steps in which the rate rises; it falls to nothing at the end.
_WARM_UP: Final = 150
#: Batches whose samples are drawn together, then sorted by length.
_DRAWN: Final = 40
#: Steps between two checkpoints and two lines of progress.
_KEEP: Final = 250
_TELL: Final = 50
#: Share of samples in which words are lost or misheard, as a recogniser does, and in which a hesitation is put.
_LOSE: Final = 0.25
_HESITATE: Final = 0.10
_LOST_WORD: Final = 0.05
_MISHEARD_WORD: Final = 0.25
_HESITATIONS: Final = ("um", "uh", "well", "oh", "er", "like", "so")
#: Share of samples in which words stand for others of like meaning while a teacher is asked, and of their words.
_CHANGE: Final = 0.7
_CHANGED_WORD: Final = 0.25
#: What the label counts beside the teacher's opinion.
_LABEL_SHARE: Final = 0.4


@dataclass(frozen=True)
class Teacher:
    """A larger net whose opinion a smaller one learns to share, also of sentences that nobody has said."""

    net: Net
    encoder: "Encoder"
    like: Mapping[str, Sequence[str]]
    """Words that may stand for another in such sentences."""

    def opinion(self, pairs: Sequence[tuple[str, str]], encoder: "Encoder") -> Tensor:
        """Probabilities of all labels as `encoder` numbers them, for pairs of question and words."""
        rows, signs, ids = self.encoder.inputs(pairs)
        with torch.no_grad():
            scores = self.net(rows, signs, ids) + self.encoder.closed[rows]
        order = [self.encoder.places[label] for label in encoder.places]
        return torch.softmax(scores, -1)[:, order]

    def changed(self, said: str, chance: random.Random) -> str:
        """The sentence with other words in it, now and then."""
        if chance.random() > _CHANGE:
            return said
        words = [
            chance.choice(self.like[word]) if word in self.like and chance.random() < _CHANGED_WORD else word
            for word in said.split()
        ]
        return " ".join(words)


class Encoder:
    """Samples as tensors."""

    def __init__(
        self,
        pieces: WordPieces,
        signs: Mapping[str, str],
        labels: Sequence[Label],
        asked: Mapping[str, Question],
        confusions: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`confusions`: word → what a recogniser hears instead of it."""
        self.pieces = pieces
        self._confusions = confusions or {}
        self.rows = {question: row for row, question in enumerate(signs)}
        self._signs = [pieces.encode(sign) for sign in signs.values()]
        self.places = {label: place for place, label in enumerate(labels)}
        closed = [[0.0 if label.is_open_at(asked[question]) else -1e4 for label in labels] for question in signs]
        self.closed = torch.tensor(closed)

    def inputs(self, pairs: Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor, Tensor]:
        """Questions, their signs and the pieces of what was said, for pairs of question and words."""
        rows = [self.rows[question] for question, _ in pairs]
        signs, words = [self._signs[row] for row in rows], [self._cut(said) for _, said in pairs]
        return torch.tensor(rows), _padded(signs), _padded(words)

    def disturbed(self, said: str, chance: random.Random) -> str:
        """The words as a recogniser may give them: some lost or others, or a hesitation more."""
        words, draw = said.split(), chance.random()
        if draw < _LOSE:
            words = [self._misheard(word, chance) for word in words if len(words) < 4 or chance.random() > _LOST_WORD]
        elif draw < _LOSE + _HESITATE:
            words.insert(chance.randrange(len(words) + 1), chance.choice(_HESITATIONS))
        return " ".join(words) or said

    def _misheard(self, word: str, chance: random.Random) -> str:
        others = self._confusions.get(word)
        return chance.choice(others) if others and chance.random() < _MISHEARD_WORD else word

    def _cut(self, said: str) -> list[int]:
        ids = self.pieces.encode(said) or [1]
        return ids if len(ids) <= LONGEST else ids[: LONGEST // 2] + ids[-(LONGEST - LONGEST // 2) :]


def learn(
    net: Net,
    encoder: Encoder,
    samples: Sequence[Sample],
    steps: int,
    seed: int,
    kept: Path,
    rate: float = RATE,
    teacher: Teacher | None = None,
) -> Net:
    """Learn for `steps` batches, the rate falling to nothing; `kept` is where a run that was cut off goes on from.

    With a `teacher` the samples tell less than it: its opinion of them, and of sentences like them, counts more.
    """
    chance = random.Random(seed)
    head, rest = [], []
    for name, parameter in net.named_parameters():
        (head if name.startswith("head") else rest).append(parameter)
    groups = [{"params": head, "lr": rate * HEAD_RATE}, {"params": rest, "lr": rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / min(_WARM_UP, steps / 4 + 1)) * max(0.02, 1 - step / steps)
    )
    done = 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["step"]
    net.train()
    began, loss_now = time.monotonic(), 0.0
    for step, batch in enumerate(_batches(samples, chance)):
        if step >= steps:
            break
        if step < done:
            continue
        loss = _loss(net, encoder, batch, teacher, chance)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        loss_now = loss.item() if step == done else 0.98 * loss_now + 0.02 * loss.item()
        if (step + 1) % _TELL == 0:
            seconds = time.monotonic() - began
            print(f"{kept.stem}: step {step + 1} of {steps}, loss {loss_now:.3f}, {seconds:.0f} s", file=sys.stderr)
        if (step + 1) % _KEEP == 0:
            states = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save({**states, "step": step + 1}, kept)
    return net.eval()


def _loss(
    net: Net, encoder: Encoder, batch: Sequence[Sample], teacher: Teacher | None, chance: random.Random
) -> Tensor:
    said = [teacher.changed(sample.said, chance) if teacher and not sample.heard else sample.said for sample in batch]
    heard = [sample.heard or encoder.disturbed(words, chance) for sample, words in zip(batch, said, strict=True)]
    asked = [sample.question for sample in batch]
    rows, signs, ids = encoder.inputs(list(zip(asked, heard, strict=True)))
    scores = net(rows, signs, ids) + encoder.closed[rows]
    target = torch.tensor([encoder.places[sample.label] for sample in batch])
    weight = torch.tensor([sample.weight for sample in batch])
    losses = cross_entropy(scores, target, reduction="none")
    if teacher:
        told = torch.tensor([sample.said == words for sample, words in zip(batch, said, strict=True)])
        opinion = teacher.opinion(list(zip(asked, said, strict=True)), encoder)
        shared = kl_div(log_softmax(scores, -1), opinion, reduction="none").sum(-1)
        losses = shared + _LABEL_SHARE * told * losses
    return (losses * weight).sum() / weight.sum()


def predict(net: Net, encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Probabilities of all labels, pairs of question and words × labels."""
    net.eval()
    order = sorted(range(len(pairs)), key=lambda place: len(pairs[place][1]))
    found = np.zeros((len(pairs), len(encoder.places)), np.float32)
    with torch.no_grad():
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            rows, signs, ids = encoder.inputs([pairs[place] for place in places])
            found[places] = torch.softmax(net(rows, signs, ids) + encoder.closed[rows], -1).numpy()
    return found


def _batches(samples: Sequence[Sample], chance: random.Random) -> Iterator[list[Sample]]:
    """Batches of samples of like length, for ever."""
    while True:
        order = chance.sample(samples, len(samples))
        batches = []
        for start in range(0, len(order), BATCH * _DRAWN):
            drawn = sorted(order[start : start + BATCH * _DRAWN], key=lambda sample: len(sample.said))
            batches += [drawn[at : at + BATCH] for at in range(0, len(drawn), BATCH)]
        chance.shuffle(batches)
        yield from batches


def _padded(rows: Sequence[list[int]]) -> Tensor:
    table = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for place, row in enumerate(rows):
        table[place, : len(row)] = torch.tensor(row)
    return table
