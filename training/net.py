"""The acoustic network: a factored TDNN that answers every third frame.

A stride-3 input layer over five frames; then blocks of a narrow linear layer that looks back and a wide affine layer
that looks ahead, each with batch normalisation BEFORE its rectifier (so that it folds exactly into its own affine
layer) and a path around it; then a narrow linear layer and the scores of all pdfs. Time runs along the first axis,
so that a shifted view costs nothing.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from skill.listening.phones import PHONES, UNIT_COUNT, UNITS
from training.features import COEFFICIENTS, SUBSAMPLING

#: Frames on both sides of the input layer's middle.
INPUT_CONTEXT: Final = 2


@dataclass(frozen=True)
class Shape:
    """Sizes of a network."""

    width: int = 576
    bottleneck: int = 144
    last: int = 192
    """Width before the scores."""
    contexts: tuple[tuple[int, int], ...] = (*[(1, 1)] * 4, *[(2, 0)] * 4, *[(3, 0)] * 3)
    """Of each block: how far it looks back and ahead, in answers (30 ms)."""

    @property
    def left(self) -> int:
        """Frames before an answer's own that it depends on."""
        return INPUT_CONTEXT + SUBSAMPLING * sum(back for back, _ in self.contexts)

    @property
    def right(self) -> int:
        """Frames after an answer's own that it depends on."""
        return INPUT_CONTEXT + SUBSAMPLING * sum(ahead for _, ahead in self.contexts)


def _joined(x: Tensor, offset: int, near: Tensor, far: Tensor | None, *, back: bool) -> tuple[Tensor, int]:
    """x times `near`, plus x `offset` answers away times `far`; how many answers were used up."""
    if far is None:
        return x @ near.T, 0
    here, there = (x[offset:], x[:-offset]) if back else (x[:-offset], x[offset:])
    rows = here.shape[0] * here.shape[1]
    product = torch.addmm(here.reshape(rows, -1) @ near.T, there.reshape(rows, -1), far.T)
    return product.view(here.shape[0], here.shape[1], -1), offset


class Block(nn.Module):
    """Linear(x[t - back], x[t]) → affine(y[t], y[t + ahead]) → batch norm → rectifier, added to x[t]."""

    def __init__(self, width: int, bottleneck: int, back: int, ahead: int) -> None:
        super().__init__()
        self.back, self.ahead = back, ahead
        self.narrow = nn.Linear(width * (2 if back else 1), bottleneck, bias=False)
        self.wide = nn.Linear(bottleneck * (2 if ahead else 1), width, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor) -> Tensor:
        """[answers, utterances, width]; `back + ahead` fewer answers come out."""
        width = x.shape[2]
        weights = torch.split(self.narrow.weight, width, 1)
        y, lost = _joined(x, self.back, weights[-1], weights[0] if self.back else None, back=True)
        weights = torch.split(self.wide.weight, y.shape[2], 1)
        z, gone = _joined(y, self.ahead, weights[0], weights[1] if self.ahead else None, back=False)
        z = functional.relu(self.norm(z.view(-1, width))).view_as(z)
        return z + x[lost : x.shape[0] - gone]


class Net(nn.Module):
    """Features to scores."""

    mean: Tensor
    deviation: Tensor
    phone_of: Tensor

    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", torch.zeros(COEFFICIENTS))
        self.register_buffer("deviation", torch.ones(COEFFICIENTS))
        numbers = {phone: n for n, phone in enumerate(PHONES, start=2)}
        phone_of = torch.tensor([numbers.get(phone, n) for n, (phone, _) in enumerate(UNITS)])
        self.register_buffer("phone_of", torch.cat([phone_of, phone_of + len(PHONES) + 2]), persistent=False)
        self.input = nn.Linear(COEFFICIENTS * (2 * INPUT_CONTEXT + 1), shape.width, bias=False)
        self.norm = nn.BatchNorm1d(shape.width)
        self.blocks = nn.ModuleList(Block(shape.width, shape.bottleneck, *context) for context in shape.contexts)
        self.last = nn.Linear(shape.width, shape.last, bias=False)
        self.phones = nn.Linear(shape.last, 2 * (len(PHONES) + 2))
        self.units = nn.Linear(shape.last, 2 * UNIT_COUNT)
        for scores in (self.phones, self.units):
            nn.init.zeros_(scores.weight)
            nn.init.zeros_(scores.bias)

    def output(self) -> tuple[Tensor, Tensor]:
        """Weights and biases of the scores: what a unit shares with every unit of its phone, and what is its own."""
        return self.phones.weight[self.phone_of] + self.units.weight, self.phones.bias[self.phone_of] + self.units.bias

    def forward(self, features: Tensor) -> Tensor:
        """Features [frames, utterances, 40], padded by `left` and `right`, to scores [answers, utterances, pdfs]:
        the entry pdfs of all units, then their loop pdfs."""
        utterances = features.shape[1]
        x = (features - self.mean) / self.deviation
        spliced = x.unfold(0, 2 * INPUT_CONTEXT + 1, SUBSAMPLING).transpose(2, 3)
        x = self.input(spliced.reshape(-1, COEFFICIENTS * (2 * INPUT_CONTEXT + 1)))
        x = functional.relu(self.norm(x)).view(spliced.shape[0], utterances, -1)
        for block in self.blocks:
            x = block(x)
        weight, bias = self.output()
        return functional.linear(self.last(x), weight, bias)


def saved(net: Net) -> dict[str, Any]:
    """The network as plain data, its shape with it."""
    return {"shape": asdict(net.shape), "weights": net.state_dict()}


def restored(data: dict[str, Any]) -> Net:
    """The network that `saved` gave away."""
    shape = dict(data["shape"])
    shape["contexts"] = tuple(map(tuple, shape["contexts"]))
    net = Net(Shape(**shape))
    net.load_state_dict(data["weights"])
    return net
