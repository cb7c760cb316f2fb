"""Train the network from a flat start: `python -m training.train WORK --minutes 100`.

WORK/shards holds the features (more may appear at any time), WORK/net.pt the newest checkpoint, from which a second
run goes on, WORK/log.tsv one line a report: seconds, step, epoch, learning rate, objective a frame, and at every epoch
the objective on utterances that training never sees.
"""

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from training import language, lexicon, net, render
from training.augment import NOISE_WORD
from training.features import SUBSAMPLING, decoded
from training.language import Bigram, Graph
from training.mmi import Objective
from training.shards import Shard

#: Answers in a batch.
_BATCH: Final = 3300
_MOST_UTTERANCES: Final = 64

#: The first steps take only utterances of so many answers, until silence and speech are told apart.
_EASY_STEPS: Final = 300
_EASY_ANSWERS: Final = 110

PEAK_RATE: Final = 1.5e-3
_LAST_RATE: Final = 1e-5
_WARM_UP: Final = 150
_WEIGHT_DECAY: Final = 1e-2
_STEEPEST: Final = 2.0
_CLAMP: Final = 30.0
_SCORE_PENALTY: Final = 1e-3

#: The exported weights are a running mean over about so many steps.
_AVERAGED: Final = 500

#: One utterance in so many is kept for validation.
_HELD_OUT: Final = 100

#: The bigram counts every phrase of the domain so many times, beside the transcripts.
_PHRASES_WEIGH: Final = 5

#: The engines whose shards are taken in all their copies at once: they say the domain's words naturally.
_NATURAL: Final = ("kokoro", "hibari", "piper")

#: Utterances that the network finds this unlikely (objective a frame) once it has learnt are taken for mislabelled.
_MISLABELLED: Final = -1.2
_DOUBT_AFTER: Final = 0.3


@dataclass(frozen=True)
class Example:
    """An utterance ready to be trained on."""

    features: npt.NDArray[np.float16]
    graph: Graph
    text: str

    @property
    def answers(self) -> int:
        """How many times the network answers."""
        return decoded(len(self.features))


class Corpus:
    """All shards there are, each source file in one of its augmented copies at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lexicon = lexicon.full()
        self._unknown: set[str] = set()
        self._shards: dict[Path, list[Example]] = {}

    def refresh(self) -> None:
        """Read the shards that have appeared since."""
        for path in sorted(set(self._folder.glob("*.npz")) - self._shards.keys()):
            shard = Shard.load(path)
            self._learn(shard.texts)
            starts = np.cumsum([0, *shard.lengths])
            self._shards[path] = [
                Example(shard.features[first:last], graph, text)
                for first, last, text in zip(starts, starts[1:], shard.texts, strict=False)
                if (graph := self._graph(text)) is not None and graph.shortest < decoded(last - first)
            ]

    def _learn(self, texts: Sequence[str]) -> None:
        unknown = {w for t in texts for w in lexicon.words(t) if w not in self._lexicon} - self._unknown
        self._lexicon |= lexicon.guess(unknown)
        self._unknown |= unknown - self._lexicon.keys()

    def _graph(self, text: str) -> Graph | None:
        forms = language.spoken(text, self._lexicon)
        return None if forms is None else language.graph(forms)

    def bigram(self, more: Sequence[str]) -> Bigram:
        """Over units, from all transcripts and `more` texts."""
        texts = [e.text for examples in self._shards.values() for e in examples] + list(more)
        return language.bigram(forms for text in texts if (forms := language.spoken(text, self._lexicon)) is not None)

    def split(self, rng: np.random.Generator) -> tuple[list[Example], list[Example]]:
        """Training and validation examples; the copy of each shard is drawn anew."""
        copies: dict[str, list[Path]] = {}
        for path in sorted(self._shards):
            copies.setdefault(path.name.split(".")[0], []).append(path)
        training: list[Example] = []
        validation: list[Example] = []
        for name, paths in copies.items():
            kept = self._shards[paths[0]][::_HELD_OUT] if name.startswith("people") else []
            said = {e.text for e in kept} - {"", NOISE_WORD}
            validation += kept
            drawn = paths if name.startswith(_NATURAL) else [paths[rng.integers(len(paths))]]
            training += [e for path in drawn for e in self._shards[path] if e.text not in said]
        return training, validation


def batches(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[list[Example]]:
    """Examples of about the same length together, in a random order."""
    order = np.argsort([e.answers * rng.uniform(0.9, 1.1) for e in examples])
    found: list[list[Example]] = [[]]
    for i in order:
        longest = max([examples[i].answers, *(e.answers for e in found[-1])])
        if longest * (len(found[-1]) + 1) > _BATCH or len(found[-1]) >= _MOST_UTTERANCES:
            found.append([])
        found[-1].append(examples[i])
    for i in rng.permutation(len(found)):
        if found[i]:
            yield found[i]


def padded(examples: Sequence[Example], shape: net.Shape) -> tuple[torch.Tensor, list[int]]:
    """Features [frames, utterances, 40] with their edges repeated, as Vosk does it, and the answers of each."""
    answers = [e.answers for e in examples]
    frames = SUBSAMPLING * (max(answers) - 1) + 1 + shape.left + shape.right
    features = np.stack(
        [e.features[np.clip(np.arange(frames) - shape.left, 0, len(e.features) - 1)] for e in examples], axis=1
    )
    return torch.from_numpy(features.astype(np.float32)), answers


class Trainer:
    """The network, its optimiser and their position, kept in one file."""

    def __init__(self, work: Path, shape: net.Shape, minutes: float, rate: float) -> None:
        self._file, self._log = work / "net.pt", work / "log.tsv"
        self._minutes, self._peak = minutes, rate
        self.corpus = Corpus(work / "shards")
        self.corpus.refresh()
        self.net = net.Net(shape)
        self.seconds, self.step, self.epoch = 0.0, 0, 0
        if self._file.exists():
            kept = torch.load(self._file, weights_only=False)
            self.net = net.restored(kept["net"])
            self.seconds, self.step, self.epoch = kept["seconds"], kept["step"], kept["epoch"]
            self.bigram = Bigram(*(table.astype(np.float32) for table in kept["bigram"]))
        else:
            kept = {}
            self.bigram = self.corpus.bigram(render.phrases() * _PHRASES_WEIGH)
            self._standardise()
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=rate, weight_decay=_WEIGHT_DECAY)
        if "optimiser" in kept:
            self.optimiser.load_state_dict(kept["optimiser"])
        self.average = kept.get("average") or {k: v.clone() for k, v in self.net.state_dict().items()}
        self.objective = Objective(self.bigram)

    def _standardise(self) -> None:
        training, _ = self.corpus.split(np.random.default_rng(0))
        sample = np.concatenate([e.features[::7] for e in training[::5]]).astype(np.float32)
        self.net.mean.copy_(torch.from_numpy(sample.mean(0)))
        self.net.deviation.copy_(torch.from_numpy(sample.std(0) + 1e-3))

    @property
    def progress(self) -> float:
        """The share of the time that is spent."""
        return self.seconds / (60 * self._minutes)

    def _rate(self) -> float:
        warm = min(1.0, (self.step + 1) / _WARM_UP)
        return warm * (_LAST_RATE + (self._peak - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress))))

    def learn(self, examples: Sequence[Example]) -> npt.NDArray[np.float32]:
        """One step; the objective a frame of each example."""
        began = time.process_time()
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        features, answers = padded(examples, self.net.shape)
        raw = self.net(features)
        values, gradient = self.objective(raw.detach().clamp(-_CLAMP, _CLAMP), answers, [e.graph for e in examples])
        within = (torch.arange(raw.shape[0])[:, None] < torch.tensor(answers)[None])[..., None]
        gradient -= 2 * _SCORE_PENALTY / raw.shape[2] * raw.detach() * within
        per_frame = values / np.array(answers)
        if self.progress > _DOUBT_AFTER:
            gradient[:, torch.from_numpy(per_frame < _MISLABELLED)] = 0.0
        self.optimiser.zero_grad()
        raw.backward(-gradient / sum(answers))
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), _STEEPEST)
        self.optimiser.step()
        self.step += 1
        share = 1 / min(self.step, _AVERAGED)
        for name, value in self.net.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, share)
        self.seconds += time.process_time() - began
        return np.asarray(per_frame, np.float32)

    def validate(self, examples: Sequence[Example]) -> float:
        """The objective a frame of the averaged network."""
        judge = net.restored({**net.saved(self.net), "weights": self.average}).eval()
        total, frames = 0.0, 0
        for batch in batches(examples, np.random.default_rng(0)):
            features, answers = padded(batch, judge.shape)
            with torch.no_grad():
                values, _ = self.objective(judge(features).clamp(-_CLAMP, _CLAMP), answers, [e.graph for e in batch])
            total += float(np.nansum(values))
            frames += sum(answers)
        return total / frames

    def save(self) -> None:
        """Everything that a later run needs to go on from here."""
        kept: dict[str, Any] = {
            "net": net.saved(self.net),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "bigram": (self.bigram.start, self.bigram.next, self.bigram.final),
            "seconds": self.seconds,
            "step": self.step,
            "epoch": self.epoch,
        }
        torch.save(kept, self._file.with_suffix(".part"))
        self._file.with_suffix(".part").rename(self._file)

    def report(self, objective: float, validation: float | None = None) -> None:
        """One line of the log."""
        shown = "" if validation is None else f"{validation:.4f}"
        line = f"{self.seconds:.0f}\t{self.step}\t{self.epoch}\t{self._rate():.6f}\t{objective:.4f}\t{shown}"
        with self._log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)


def train(trainer: Trainer, saved_every: float = 120.0, steps: int | None = None) -> None:
    """Epochs until the time is up (or so many `steps` are done)."""
    recent: list[float] = []
    last_save = trainer.seconds
    while trainer.progress < 1:
        rng = np.random.default_rng([trainer.epoch, trainer.step])
        trainer.corpus.refresh()
        training, validation = trainer.corpus.split(rng)
        if trainer.step < _EASY_STEPS:
            training = [e for e in training if e.answers < _EASY_ANSWERS]
        easy = trainer.step < _EASY_STEPS
        for batch in batches(training, rng):
            recent.append(float(np.nanmean(trainer.learn(batch))))
            if trainer.step % 50 == 0:
                trainer.report(float(np.mean(recent)))
                recent.clear()
            if trainer.seconds - last_save > saved_every:
                trainer.save()
                last_save = trainer.seconds
            if trainer.progress >= 1 or (easy and trainer.step >= _EASY_STEPS) or trainer.step == steps:
                break
        trainer.epoch += 1
        trainer.report(float(np.mean(recent or [0.0])), trainer.validate(validation))
        trainer.save()
        if trainer.step == steps:
            break


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    a = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    train(Trainer(a.work, net.Shape(), a.minutes, a.rate))
