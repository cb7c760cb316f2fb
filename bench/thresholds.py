"""Fit the confidences from which an answer is accepted, or asked back, in the model's thresholds.yaml.

Half of the speakers are fitted on, in quiet and in noise; the other half shows what it is worth. Accepted: from where
mistakes and questions back together cost least. Asked back: as low as it goes while at least half of what is then
asked about is right.

    python bench/thresholds.py --speech DIR --rendered DIR... [--write] [--picture FILE] [--json FILE]
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from measuring.clips import material
from measuring.recognisers import Charley
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill import resources
from skill.listening.decision import Decision, Thresholds, decide, load_thresholds
from skill.listening.ear import Heard
from skill.listening.grammar import Grammar
from training import data
from training.cases import noisy

#: How many needless questions back one answer taken wrong is worth, and one sound taken for an answer, which is rarer
#: and mostly repaired by the next question.
WRONG: Final = 20
FALSE: Final = 2
LEAST_RIGHT: Final = 0.5
NOISE_DB: Final = 10.0

_HEAD: Final = (
    "# Confidences from which an answer is accepted or asked back (bench/thresholds.py), and a wake phrase wakes.\n"
)

_STEPS: Final = [round(float(step), 2) for step in np.arange(0.3, 1.0, 0.01)]


@dataclass(frozen=True)
class Trial:
    """One clip as it was heard, and what was said; None: nothing that was meant for Charley."""

    speaker: str
    heard: Heard
    said: str | None
    grammar: Grammar

    @property
    def right(self) -> bool:
        """Whether the meaning is the one that was said."""
        return self.said is not None and self.read == self.grammar.read(self.said).senses

    @property
    def read(self) -> tuple[object, ...]:
        """What was understood."""
        return self.grammar.read(self.heard.text).senses

    def decided(self, thresholds: Thresholds) -> Decision:
        """What the program would do."""
        return decide(self.heard, self.grammar.read(self.heard.text), thresholds)


@dataclass(frozen=True)
class Shares:
    """Of answers: accepted right, accepted wrong, asked back. Of everything else: accepted, asked back."""

    right: float
    wrong: float
    asked: float
    false: float
    false_asked: float


def decode(speech: Path, rendered: Sequence[Path], count: int) -> list[Trial]:
    """Hear every clip once, in quiet and in noise, at the moment where it would be said."""
    noises = data.noises(speech, held_out=True)
    found = material(speech, rendered, noises, count)
    asked = [trial for trials in found.answers.values() for trial in trials]
    sounds = [data.sound(noise.file) for noise in noises]
    loud = noisy([trial.case for trial in asked], sounds, NOISE_DB)
    clips = [(trial.case, trial.grammar) for trial in asked]
    clips += [(case, trial.grammar) for case, trial in zip(loud, asked, strict=True)]
    clips += [(trial.case, trial.grammar) for trials in found.others.values() for trial in trials]
    charley, trials = Charley(found.grammars.values()), []
    for number, (case, name) in enumerate(track(clips, transient=True)):
        grammar = found.grammars[name]
        speaker = case.speaker or str(number)
        trials.append(Trial(speaker, charley.hear(case.sound, grammar), case.text, grammar))
    return trials


def shares(trials: Sequence[Trial], thresholds: Thresholds) -> Shares:
    """What these thresholds make of the trials."""
    answers = [(t, t.decided(thresholds)) for t in trials if t.said is not None]
    others = [t.decided(thresholds) for t in trials if t.said is None]
    accepted = [t.right for t, decision in answers if decision is Decision.ACCEPT]
    return Shares(
        right=sum(accepted) / len(answers),
        wrong=(len(accepted) - sum(accepted)) / len(answers),
        asked=sum(decision is Decision.CONFIRM for _, decision in answers) / len(answers),
        false=others.count(Decision.ACCEPT) / len(others),
        false_asked=others.count(Decision.CONFIRM) / len(others),
    )


def fit(trials: Sequence[Trial]) -> Thresholds:
    """The thresholds that cost least on these trials."""
    accept = min(reversed(_STEPS), key=lambda step: _cost(shares(trials, Thresholds(step, step, step))))
    whole, part = (_asked_from(trials, accept, complete=complete) for complete in (True, False))
    return replace(load_thresholds(), accept=accept, confirm=whole, confirm_incomplete=part)


def _cost(found: Shares) -> float:
    """In questions back for every answer given."""
    return WRONG * found.wrong + FALSE * found.false - found.right


def _asked_from(trials: Sequence[Trial], accept: float, *, complete: bool) -> float:
    """Down to which confidence asking back is worth it, for answers understood as a whole or in part."""
    lowest = accept
    for step in reversed([step for step in _STEPS if step < accept]):
        everything = Thresholds(accept, step, step)
        asked = [
            t.right
            for t in trials
            if t.decided(everything) is Decision.CONFIRM and t.grammar.read(t.heard.text).complete is complete
        ]
        if asked and sum(asked) < LEAST_RIGHT * len(asked):
            break
        lowest = step
    return lowest


def draw(trials: Sequence[Trial], chosen: Thresholds, file: Path) -> None:
    """The trade-off: what is accepted right and wrong at every threshold."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    curve = [shares(trials, Thresholds(step, step, step)) for step in _STEPS]
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(7, 5), sharex=True, height_ratios=[2, 1])
    above.plot(_STEPS, [100 * s.right for s in curve], color="#0072B2", label="answers, right")
    below.plot(_STEPS, [100 * s.wrong for s in curve], color="#D55E00", label="answers, wrong")
    below.plot(_STEPS, [100 * s.false for s in curve], color="#CC79A7", linestyle="--", label="no answer, accepted")
    for axis in (above, below):
        axis.axvline(chosen.accept, color="#999999", linewidth=1)
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    above.set_ylabel("% accepted")
    below.set_ylabel("% accepted")
    below.set_xlabel("accept from this confidence on (grey: the fitted one)")
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--speech", type=Path, required=True, help="folder of recordings, unpacked")
    arguments.add_argument("--rendered", type=Path, nargs="+", required=True, help="folders of rendered voices")
    arguments.add_argument("--clips", type=int, default=80, help="clips of each group at most")
    arguments.add_argument("--write", action="store_true", help="write the model's thresholds.yaml")
    arguments.add_argument("--picture", type=Path, help="draw the trade-off into this PNG")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    asked = arguments.parse_args()
    trials = decode(asked.speech, asked.rendered, asked.clips)
    halves = [[t for t in trials if crc32(t.speaker.encode()) % 2 == half] for half in (0, 1)]
    fitted = fit(halves[0])
    table = Table("thresholds", "speakers", "answers: right", "wrong", "asked back", "others: accepted", "asked back")
    for name, thresholds in (("fitted", fitted), ("shipped", load_thresholds())):
        for speakers, half in zip(("fitted on", "others"), halves, strict=True):
            row = (f"{100 * share:.1f}" for share in asdict(shares(half, thresholds)).values())
            table.add_row(name, speakers, *row)
    Console(width=120).print(table, f"{len(trials)} clips; fitted: {asdict(fitted)}")
    if asked.write:
        lines = "".join(f"{name}: {value}\n" for name, value in asdict(fitted).items())
        (resources.MODEL / "thresholds.yaml").write_text(_HEAD + lines, encoding="utf-8")
    if asked.picture:
        draw(halves[1], fitted, asked.picture)
    if asked.json:
        asked.json.write_text(json.dumps(asdict(shares(halves[1], fitted)) | asdict(fitted), indent=1), "utf-8")


if __name__ == "__main__":
    main()
