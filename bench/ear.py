"""Charley's ear beside other recognisers, on the same clips: people, synthetic voices, noise, distance, strangers.

Charley and PocketSphinx are told what may be said at the moment; the others write down what they hear. All transcripts
go through the program's parser and thresholds. Each recogniser runs in a process of its own, on one core.

    pip install -r bench/requirements.txt
    python -m training.render_tests RENDERED --texts bench/answers.txt --styles STYLES
    python bench/ear.py --speech DIR --rendered RENDERED... [--json FILE] [--picture FILE] [--clips N] [--peers NAME...]

Twelve clips a group take all five about an hour. With `--keep DIR` a run that was cut off goes on with the recogniser
that it was at: what DIR/NAME.json holds is not measured again.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from measuring.child import Cost, child
from measuring.clips import Material, Trial, material
from measuring.judging import WRONG, Outcome, judge
from measuring.picture import draw
from measuring.recognisers import RECOGNISERS
from measuring.rooms import distant
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.understanding.decision import load_thresholds
from training import data
from training.cases import Case, noisy

NOISE_DB: Final = (20.0, 10.0, 5.0)
METRES: Final = (1.0, 3.0)
#: Of every group, one clip in so many is heard again in each noise and at each distance.
_AGAIN: Final = 2
#: The parts of a bar in the picture.
SHOWN: Final = {
    "right": (Outcome.RIGHT,),
    "asked back": (Outcome.ASKED,),
    "rejected": (Outcome.REJECTED,),
    "wrong": WRONG,
}


@dataclass(frozen=True)
class Row:
    """Trials that are counted together."""

    kind: str
    """`people`, `condition` or `others`."""
    name: str
    trials: list[Trial]


def rows(found: Material, noises: list[data.Utterance]) -> Iterator[Row]:
    """The rows of the table, in order."""
    for name, trials in found.answers.items():
        if trials:  # else the folders of rendered voices lack it
            yield Row("people", name, trials)
    again = [trial for trials in found.answers.values() for trial in trials[::_AGAIN]]
    cases = [trial.case for trial in again]
    sounds = [data.sound(noise.file) for noise in noises]
    yield Row("condition", "quiet and close", again)
    for decibels in NOISE_DB:
        yield _condition(f"noise, {decibels:.0f} dB", again, noisy(cases, sounds, decibels))
    for metres in METRES:
        yield _condition(f"{metres:.0f} m away", again, distant(cases, metres))
    for name, trials in found.others.items():
        yield Row("others", name, trials)


def _condition(name: str, trials: list[Trial], cases: list[Case]) -> Row:
    return Row("condition", name, [replace(trial, case=case) for trial, case in zip(trials, cases, strict=True)])


@dataclass(frozen=True)
class Measured:
    """What one recogniser made of everything."""

    name: str
    outcomes: dict[str, Counter[Outcome]]
    """By row."""
    cost: Cost

    def share(self, row: str, *outcomes: Outcome) -> float:
        """Per cent of the row's clips that came to one of these."""
        counts = self.outcomes[row]
        return 100 * sum(counts[outcome] for outcome in outcomes) / counts.total()


def measure(name: str, found: Material, counted: list[Row]) -> Measured:
    """Hear everything once."""
    thresholds = load_thresholds()
    known: dict[Trial, Outcome] = {}
    with child(name, found.grammars) as ear:
        for trial in track([trial for row in counted for trial in row.trials], name, transient=True):
            if trial not in known:
                heard = ear.hear(trial.case.sound, trial.grammar)
                known[trial] = judge(heard, trial.case.text, found.grammars[trial.grammar], thresholds)
        cost = ear.cost()
    return Measured(name, {row.name: Counter(known[trial] for trial in row.trials) for row in counted}, cost)


def kept(folder: Path | None, name: str, found: Material, counted: list[Row]) -> Measured:
    """Measure, or read what an earlier run measured on as many clips; written to `folder`."""
    file = folder / f"{name}.json" if folder else None
    if file and file.exists():
        read = json.loads(file.read_text("utf-8"))
        outcomes = {
            row: Counter({Outcome(o): n for o, n in counts.items()}) for row, counts in read["outcomes"].items()
        }
        if {row: counts.total() for row, counts in outcomes.items()} == {row.name: len(row.trials) for row in counted}:
            return Measured(name, outcomes, Cost(**read["cost"]))
    measured = measure(name, found, counted)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"outcomes": measured.outcomes, "cost": asdict(measured.cost)}), "utf-8")
    return measured


def table(counted: list[Row], peers: list[Measured]) -> Table:
    """Everything at a glance."""
    printed = Table("right / wrong, %", "clips", *(peer.name for peer in peers))
    kind = counted[0].kind
    for row in counted:
        if row.kind != kind:
            printed.add_section()
            kind = row.kind
        right = "" if row.kind == "others" else "{right:.0f} / "
        cells = [
            right.format(right=peer.share(row.name, Outcome.RIGHT)) + f"{peer.share(row.name, *WRONG):.1f}"
            for peer in peers
        ]
        name = f"{row.name}, accepted" if row.kind == "others" else row.name
        printed.add_row(name, str(len(row.trials)), *cells)
    printed.add_section()
    spoken = [row for row in counted if row.kind != "others"]
    others = [row for row in counted if row.kind == "others"]
    for kind, rows_of_kind, outcome in (
        ("answers", spoken, Outcome.ASKED),
        ("answers", spoken, Outcome.REJECTED),
        ("answers", spoken, Outcome.OPPOSITE),
        ("the rest", others, Outcome.ALARM),
    ):
        clips = sum(len(row.trials) for row in rows_of_kind)
        sums = [sum(peer.outcomes[row.name][outcome] for row in rows_of_kind) for peer in peers]
        printed.add_row(f"{kind}, {outcome}, clips", str(clips), *map(str, sums))
    printed.add_row("processor seconds a second", "", *(f"{peer.cost.real_time_factor:.3f}" for peer in peers))
    printed.add_row("load, s", "", *(f"{peer.cost.load:.2f}" for peer in peers))
    printed.add_row("memory, MB", "", *(f"{peer.cost.memory:.0f}" for peer in peers))
    return printed


def figures(peers: list[Measured]) -> dict[str, float]:
    """Everything flat, in per cent, seconds and MB."""
    flat: dict[str, float] = {}
    for peer in peers:
        for row in peer.outcomes:
            flat |= {f"{peer.name}, {row}: {outcome}": round(peer.share(row, outcome), 2) for outcome in Outcome}
        flat |= {f"{peer.name}: {cost}": round(value, 3) for cost, value in vars(peer.cost).items()}
    return flat


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--speech", type=Path, required=True, help="folder of recordings, unpacked")
    arguments.add_argument("--rendered", type=Path, nargs="+", required=True, help="folders of rendered voices")
    arguments.add_argument("--clips", type=int, default=40, help="clips of each group at most")
    arguments.add_argument("--peers", nargs="*", default=list(RECOGNISERS), choices=RECOGNISERS, help="who takes part")
    arguments.add_argument("--keep", type=Path, help="folder that keeps what each recogniser came to")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--picture", type=Path, help="draw the table into this PNG")
    chosen = arguments.parse_args()
    noises = data.noises(chosen.speech, held_out=True)
    found = material(chosen.speech, chosen.rendered, noises, chosen.clips)
    counted = list(rows(found, noises))
    peers = [kept(chosen.keep, name, found, counted) for name in chosen.peers]
    Console(width=150).print(table(counted, peers))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures(peers), indent=1), encoding="utf-8")
    if chosen.picture:
        panels = {
            f"{row.name}{' (to reject)' if row.kind == 'others' else ''}": {
                peer.name: {part: peer.share(row.name, *of) for part, of in SHOWN.items()} for peer in peers
            }
            for row in counted
        }
        draw(panels, chosen.picture)


if __name__ == "__main__":
    main()
