"""Learning: samples in, a net out; stops at a number of steps and goes on from a checkpoint."""

import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

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
#: Share of samples in which words are lost, as a recogniser loses them, and in which a hesitation is put.
_LOSE: Final = 0.15
_HESITATE: Final = 0.10
_LOST_WORD: Final = 0.08
_HESITATIONS: Final = ("um", "uh", "well", "oh", "er", "like", "so")


class Encoder:
    """Samples as tensors."""

    def __init__(
        self, pieces: WordPieces, signs: Mapping[str, str], labels: Sequence[Label], asked: Mapping[str, Question]
    ) -> None:
        self.pieces = pieces
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

    def _cut(self, said: str) -> list[int]:
        ids = self.pieces.encode(said) or [1]
        return ids if len(ids) <= LONGEST else ids[: LONGEST // 2] + ids[-(LONGEST - LONGEST // 2) :]


def learn(
    net: Net, encoder: Encoder, samples: Sequence[Sample], steps: int, seed: int, kept: Path, rate: float = RATE
) -> Net:
    """Learn for `steps` batches, the rate falling to nothing; `kept` is where a run that was cut off goes on from."""
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
        rows, signs, ids = encoder.inputs([(sample.question, _disturbed(sample.said, chance)) for sample in batch])
        scores = net(rows, signs, ids) + encoder.closed[rows]
        target = torch.tensor([encoder.places[sample.label] for sample in batch])
        weight = torch.tensor([sample.weight for sample in batch])
        loss = (cross_entropy(scores, target, reduction="none") * weight).sum() / weight.sum()
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


def _disturbed(said: str, chance: random.Random) -> str:
    """The words as a recogniser may give them: some lost, or a hesitation more."""
    words, draw = said.split(), chance.random()
    if draw < _LOSE and len(words) > 3:
        words = [word for word in words if chance.random() > _LOST_WORD]
    elif draw < _LOSE + _HESITATE:
        words.insert(chance.randrange(len(words) + 1), chance.choice(_HESITATIONS))
    return " ".join(words) or said


def _padded(rows: Sequence[list[int]]) -> Tensor:
    table = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for place, row in enumerate(rows):
        table[place, : len(row)] = torch.tensor(row)
    return table
