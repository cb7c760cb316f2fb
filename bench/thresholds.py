"""Fit the confidences from which an answer is accepted, or asked back, in the model's thresholds.yaml.

Accepted: as many answers as the limits below allow, nobody's yes taken for a no. Asked back: as low as it goes while at
least half of what is then asked about is right. All speakers together give what is shipped; fits on either half,
shown on the other half, tell what such a fit is worth on strangers.

    python bench/thresholds.py --speech DIR --rendered DIR... [--telephone] [--write] [--picture FILE] [--json FILE]

With --telephone everything comes through 8 kHz µ-law, and from close by: people hold the telephone.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from measuring.clips import material
from measuring.judging import WRONG, Outcome, judge
from measuring.recognisers import Charley
from measuring.rooms import distant
from measuring.telephone import by_telephone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.language.grammar import Grammar, Reading
from skill.listening.ear import Heard
from skill.system import resources
from skill.understanding.decision import Decision, Thresholds, decide, load_thresholds
from training import data
from training.cases import noisy

QUIET: Final = "quiet"
NOISY: Final = "10 dB"
FAR: Final = "3 m"
#: The same thresholds in another file of the model, where sound comes through this.
CHANNEL: Final = "telephone"
#: The share of answers that may be accepted wrong, by condition; of everything else, the share accepted at all. Other
#: single words, said close by where an answer is due, are seldom; the next question back repairs most of them.
LIMITS: Final = {
    QUIET: 0.003,
    NOISY: 0.01,
    FAR: 0.01,
    "running speech": 0.01,
    "noise": 0.01,
    "other words": 0.04,
}
LEAST_RIGHT: Final = 0.5
NOISE_DB: Final = 10.0
METRES: Final = 3.0

_HEAD: Final = (
    "# Confidences from which an answer is accepted or asked back (bench/thresholds.py), and a wake phrase wakes.\n"
)
_HEAD_OF_CHANNEL: Final = (
    "# The same for sound that comes by telephone: 8 kHz, µ-law (bench/thresholds.py --telephone).\n"
)

_STEPS: Final = [round(float(step), 2) for step in np.arange(0.3, 1.0, 0.01)]


@dataclass(frozen=True)
class Trial:
    """One clip as it was heard, and what was said; None: nothing that was meant for Charley."""

    condition: str
    speaker: str
    heard: Heard
    said: str | None
    grammar: Grammar

    @cached_property
    def reading(self) -> Reading:
        """What was understood."""
        return self.grammar.read(self.heard.text)

    @property
    def right(self) -> bool:
        """Whether the meaning is the one that was said."""
        return self.said is not None and self.reading.senses == self.grammar.read(self.said).senses

    def decided(self, thresholds: Thresholds) -> Decision:
        """What the program would do."""
        return decide(self.heard, self.reading, thresholds)

    def outcome(self, thresholds: Thresholds) -> Outcome:
        """Whether that is right."""
        return judge(self.heard, self.said, self.grammar, thresholds)


def decode(speech: Path, rendered: Sequence[Path], count: int, *, telephone: bool) -> list[Trial]:
    """Hear every clip in each condition, at the moment where it would be said."""
    noises = data.noises(speech, held_out=True)
    found = material(speech, rendered, noises, count)
    asked = [trial for trials in found.answers.values() for trial in trials]
    cases = [trial.case for trial in asked]
    sounds = [data.sound(noise.file) for noise in noises]
    conditions = {QUIET: cases, NOISY: noisy(cases, sounds, NOISE_DB)}
    if not telephone:
        conditions[FAR] = distant(cases, METRES)
    clips = [
        (condition, case, trial.grammar)
        for condition, changed in conditions.items()
        for case, trial in zip(changed, asked, strict=True)
    ]
    clips += [(kind, trial.case, trial.grammar) for kind, trials in found.others.items() for trial in trials]
    if telephone:
        changed = by_telephone([case for _, case, _ in clips])
        clips = [(condition, case, name) for (condition, _, name), case in zip(clips, changed, strict=True)]
    charley, trials = Charley(found.grammars.values()), []
    for number, (condition, case, name) in enumerate(track(clips, transient=True)):
        grammar = found.grammars[name]
        speaker = case.speaker or str(number)
        trials.append(Trial(condition, speaker, charley.hear(case.sound, grammar), case.text, grammar))
    return trials


def shares(trials: Sequence[Trial], condition: str, thresholds: Thresholds) -> dict[Outcome, float]:
    """What these thresholds make of the trials of one condition."""
    outcomes = Counter(t.outcome(thresholds) for t in trials if t.condition == condition)
    return {outcome: outcomes[outcome] / outcomes.total() for outcome in Outcome}


def fit(trials: Sequence[Trial]) -> Thresholds:
    """The lowest thresholds within the limits on these trials; a limit that no threshold keeps is left out."""
    accept = _STEPS[-1]
    there = {trial.condition for trial in trials}
    kept = [condition for condition in LIMITS if condition in there and _within_limit(trials, condition, accept)]
    for step in reversed(_STEPS):
        if not all(_within_limit(trials, condition, step) for condition in kept):
            break
        accept = step
    whole, part = (_asked_from(trials, accept, complete=complete) for complete in (True, False))
    return replace(load_thresholds(), accept=accept, confirm=whole, confirm_incomplete=part)


def _within_limit(trials: Sequence[Trial], condition: str, accept: float) -> bool:
    share = shares(trials, condition, Thresholds(accept, accept, accept))
    return share[Outcome.OPPOSITE] == 0 and sum(share[outcome] for outcome in WRONG) <= LIMITS[condition]


def _asked_from(trials: Sequence[Trial], accept: float, *, complete: bool) -> float:
    """Down to which confidence asking back is worth it, for answers understood as a whole or in part."""
    lowest = accept
    for step in reversed([step for step in _STEPS if step < accept]):
        everything = Thresholds(accept, step, step)
        asked = [
            t.right for t in trials if t.decided(everything) is Decision.CONFIRM and t.reading.complete is complete
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

    figure, (above, below) = pyplot.subplots(2, 1, figsize=(7, 7), sharex=True)
    for number, condition in enumerate(LIMITS):
        if not any(trial.condition == condition for trial in trials):
            continue
        curve = [shares(trials, condition, Thresholds(step, step, step)) for step in _STEPS]
        if any(share[Outcome.RIGHT] for share in curve):
            above.plot(_STEPS, [100 * share[Outcome.RIGHT] for share in curve], color=f"C{number}", label=condition)
        wrong = [100 * sum(share[outcome] for outcome in WRONG) for share in curve]
        below.plot(_STEPS, wrong, color=f"C{number}", label=condition)
    for axis in (above, below):
        axis.axvline(chosen.accept, color="#999999", linewidth=1)
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    above.set_ylabel("% accepted, right")
    below.set_ylabel("% accepted, wrong")
    below.set_xlabel("accept from this confidence on (grey: the fitted one)")
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--speech", type=Path, required=True, help="folder of recordings, unpacked")
    arguments.add_argument("--rendered", type=Path, nargs="+", required=True, help="folders of rendered voices")
    arguments.add_argument("--clips", type=int, default=100, help="clips of each group at most")
    arguments.add_argument("--telephone", action="store_true", help="let everything come through 8 kHz µ-law")
    arguments.add_argument("--write", action="store_true", help="write the model's thresholds.yaml")
    arguments.add_argument("--picture", type=Path, help="draw the trade-off into this PNG")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    asked = arguments.parse_args()
    channel = CHANNEL if asked.telephone else ""
    trials = decode(asked.speech, asked.rendered, asked.clips, telephone=asked.telephone)
    halves = [[t for t in trials if crc32(t.speaker.encode()) % 2 == half] for half in (0, 1)]
    fits = [fit(half) for half in halves]
    chosen = fit(trials)
    table = Table("fitted on", "measured on", "condition", "clips", *Outcome)
    for name, thresholds, half in (
        ("first half", fits[0], halves[1]),
        ("second half", fits[1], halves[0]),
        ("all speakers", chosen, trials),
        ("what is shipped now", load_thresholds(channel=channel), trials),
    ):
        heard_by = "all speakers" if half is trials else "the other half"
        for condition in LIMITS:
            counted = sum(t.condition == condition for t in half)
            if not counted:
                continue
            cells = (f"{100 * share:.1f}" for share in shares(half, condition, thresholds).values())
            table.add_row(name, heard_by, condition, str(counted), *cells)
        table.add_section()
    Console(width=140).print(table)
    for name, thresholds in (("first half", fits[0]), ("second half", fits[1]), ("all speakers", chosen)):
        Console(width=140).print(f"{name}: {asdict(thresholds)}")
    if asked.write:
        lines = "".join(f"{name}: {value}\n" for name, value in asdict(chosen).items())
        name, head = (f"thresholds-{channel}.yaml", _HEAD_OF_CHANNEL) if channel else ("thresholds.yaml", _HEAD)
        (resources.MODEL / name).write_text(head + lines, encoding="utf-8")
    if asked.picture:
        draw(trials, chosen, asked.picture)
    if asked.json:
        found = {
            f"{condition}: {outcome}": round(100 * share, 2)
            for condition in LIMITS
            if any(t.condition == condition for t in trials)
            for outcome, share in shares(trials, condition, chosen).items()
        }
        asked.json.write_text(json.dumps(asdict(chosen) | found, indent=1), "utf-8")


if __name__ == "__main__":
    main()
