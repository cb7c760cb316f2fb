"""Train the network from a flat start, or go on: `python -m training.train WORK --until 280 --rate 1.5e-3`.

WORK/shards holds the features (more may appear at any time), WORK/net.pt the newest checkpoint, from which a second
run goes on, WORK/log.tsv one line a report: seconds, step, epoch, learning rate, objective a frame, and at every epoch
the objective on utterances that training never sees.

Minutes are those of the core, from the flat start on. In one go the rate falls from --rate to almost nothing. A run
that was cut off goes on in its go (Ctrl-C keeps every step, a power cut all but two minutes); another --until or --rate
begins a new go where the checkpoint stands.
"""

import argparse
import math
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from training import net, render
from training.corpus import Corpus, Example, batches, padded
from training.language import Bigram
from training.mmi import Objective

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

#: Utterances that the network finds this unlikely (objective a frame) once it has learnt are taken for mislabelled.
_MISLABELLED: Final = -1.2

#: The same for transcripts that two recognisers disagree about: only those that the network itself agrees with count.
_DISPUTED: Final = -0.4
_DOUBT_AFTER: Final = 0.3


class Trainer:
    """The network, its optimiser and their position, kept in one file."""

    def __init__(self, work: Path, shape: net.Shape, until: float, rate: float) -> None:
        self._file, self._log = work / "net.pt", work / "log.tsv"
        self._until, self._peak = until, rate
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
            self.bigram = self.corpus.bigram(render.phrases() * render.PHRASES_WEIGH)
            self._standardise()
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=rate, weight_decay=_WEIGHT_DECAY)
        if "optimiser" in kept:
            self.optimiser.load_state_dict(kept["optimiser"])
        go = (until, rate)
        self._since = kept["since"] if kept.get("go") == go else (self.seconds, self.step)
        self.average = kept.get("average") or {k: v.clone() for k, v in self.net.state_dict().items()}
        self.objective = Objective(self.bigram)

    def _standardise(self) -> None:
        training, _ = self.corpus.split(np.random.default_rng(0))
        sample = np.concatenate([e.features[::7] for e in training[::5]]).astype(np.float32)
        self.net.mean.copy_(torch.from_numpy(sample.mean(0)))
        self.net.deviation.copy_(torch.from_numpy(sample.std(0) + 1e-3))

    @property
    def progress(self) -> float:
        """The share of this go's time that is spent."""
        since = self._since[0]
        return (self.seconds - since) / max(1.0, 60 * self._until - since)

    def _rate(self) -> float:
        warm = min(1.0, (self.step - self._since[1] + 1) / _WARM_UP)
        return warm * (_LAST_RATE + (self._peak - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress))))

    def learn(self, examples: Sequence[Example], rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """One step; the objective a frame of each example."""
        began = time.process_time()
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        features, answers = padded(examples, self.net.shape, rng)
        raw = self.net(features)
        values, gradient = self.objective(raw.detach().clamp(-_CLAMP, _CLAMP), answers, [e.graph for e in examples])
        within = (torch.arange(raw.shape[0])[:, None] < torch.tensor(answers)[None])[..., None]
        gradient -= 2 * _SCORE_PENALTY / raw.shape[2] * raw.detach() * within
        per_frame = values / np.array(answers)
        if self.seconds > _DOUBT_AFTER * 60 * self._until:
            least = np.array([_DISPUTED if e.doubtful else _MISLABELLED for e in examples])
            gradient[:, torch.from_numpy(per_frame < least)] = 0.0
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
            "go": (self._until, self._peak),
            "since": self._since,
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
            recent.append(float(np.nanmean(trainer.learn(batch, rng))))
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
    parser.add_argument("--until", type=float, default=280, help="minutes")
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    a = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    trainer = Trainer(a.work, net.Shape(), a.until, a.rate)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        train(trainer)
    except KeyboardInterrupt:
        trainer.save()
        print("Stopped; the same command goes on from here.")
