"""Fit the probability that what was heard was said, and take from the cost of a mistake when to accept and to ask.

The weights (the model's `confidence.json`) are fitted on people whom training may have heard, and shown on others whom
nobody trained on: the reliability of the probabilities, and what the thresholds make of them. After another network is
shipped, this one command fits both anew:

    python bench/confidence.py --speech DIR [--rendered DIR...] --write --picture docs/ear_reliability.png

`--keep DIR` hears every clip once, and fits from there. `--model DIR` is another model than the shipped one.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
from measuring.hearings import Candidate, Clips, Heard, hear
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.listening.confidence import CONFIDENCE, Confidence, Logistic, load_confidence
from skill.listening.recogniser import Recogniser
from skill.system import resources
from skill.understanding.decision import Thresholds, load_thresholds

#: What it costs, where a question back costs one: to act on a wrong answer; to take a no to a sign of danger for
#: granted that was none; to raise an alarm that is none; and to have asked back what was not said at all.
WRONG, DENIED, ALARMED, ASKED_IN_VAIN = 10.0, 20.0, 1.0, 0.5
#: The same of half an answer, of which the other half was not understood.
ASKED_IN_VAIN_OF_HALF: Final = 1.5
#: What is known that may weigh: odds and shares that make it likelier, then less likely. The rest may do either.
_LIKELIER: Final = ("posterior", "deep", "loud", "again")
_LESS_LIKELY: Final = ("strange", "hasty", "drawn")
_EITHER: Final = ("open",)
#: How much a clip weighs that was not said to Charley: there are more of them here than in a conversation.
_STRANGER: Final = 0.5
#: A small weight is none, and all are drawn towards it.
_LEAST: Final = 0.02
_RIDGE: Final = 0.3
#: Probabilities that are heard again: nothing is gained above, and nothing is lost below.
_DOUBTFUL: Final = (0.15, 0.96)
_BINS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)

_HEAD: Final = (
    "# Probabilities from which an answer is accepted or asked back, by what a mistake costs (bench/confidence.py),\n"
    "# and the posterior from which a wake phrase wakes (bench/wake.py).\n"
)


def by_cost(wake: float) -> Thresholds:
    """Asking back costs one: accept where acting costs less, ask where saying nothing would cost more."""
    return Thresholds(
        accept=round(1 - 1 / WRONG, 3),
        confirm=round(ASKED_IN_VAIN / (1 + ASKED_IN_VAIN), 3),
        confirm_incomplete=round(ASKED_IN_VAIN_OF_HALF / (1 + ASKED_IN_VAIN_OF_HALF), 3),
        denial=round(1 - 1 / DENIED, 3),
        grave=round(ALARMED / (1 + ALARMED), 3),
        wake=wake,
    )


def fit(people: Iterable[Heard], names: Sequence[str], *, again: bool) -> Logistic:
    """The weights by maximum likelihood, with the signs that make sense."""
    from scipy.optimize import minimize

    rows = [
        (candidate, 1.0 if heard.spoken else _STRANGER)
        for heard in people
        for candidate in _likeliest(heard.again if again else heard.once)
    ]
    known = np.array([[asdict(candidate.known)[name] for name in names] for candidate, _ in rows])
    right = np.array([candidate.right for candidate, _ in rows], float)
    weight = np.array([weight for _, weight in rows])

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = values[0] + known @ values[1:]
        off = weight * (1 / (1 + np.exp(-odds)) - right)
        slope = np.concatenate([[off.sum()], known.T @ off + 2 * _RIDGE * values[1:]])
        return float(np.sum(weight * (np.logaddexp(0, odds) - right * odds)) + _RIDGE * np.sum(values[1:] ** 2)), slope

    signs = dict.fromkeys(_LIKELIER, (0.0, None)) | dict.fromkeys(_LESS_LIKELY, (None, 0.0))
    bounds = [(None, None), *(signs.get(name, (None, None)) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = {name: round(float(one), 3) for name, one in zip(names, found[1:], strict=True) if abs(one) >= _LEAST}
    return Logistic(round(float(found[0]), 3), weights)


def fitted(people: Sequence[Heard]) -> Confidence:
    """The weights after one hearing, and after hearings at other speeds."""
    names = (*_LIKELIER[:-1], *_LESS_LIKELY, *_EITHER)
    doubtful = [heard for heard in people if heard.again]
    return Confidence(fit(people, names, again=False), fit(doubtful, (*names, "again"), again=True), _DOUBTFUL)


def judged(heard: Heard, confidence: Confidence) -> tuple[Candidate, float] | None:
    """What the program takes for what was said, and how likely it holds it; as `skill.listening.recogniser` does."""
    best = _best(heard.once, confidence.once)
    if best and heard.again and confidence.is_doubtful(best[1]):
        best = _best(heard.again, confidence.again)
    return best


def outcome(heard: Heard, confidence: Confidence, thresholds: Thresholds) -> str:
    """What the program would do, and whether that is right."""
    best = judged(heard, confidence)
    if best is None or not best[0].understood:
        return "rejected"
    candidate, probability = best
    truth = "right" if candidate.right else "wrong"
    if candidate.complete and probability >= thresholds.accept:
        return truth
    enough = thresholds.confirm if candidate.complete else thresholds.confirm_incomplete
    return f"asked back, {truth}" if probability >= enough else "rejected"


def reliability(people: Iterable[Heard], confidence: Confidence) -> list[tuple[int, float, float]]:
    """By bin: how many, how likely they were held on average, and the share that was right; weighed as in the fit."""
    found = [
        (*best, 1.0 if heard.spoken else _STRANGER)
        for heard in people
        if (best := judged(heard, confidence)) and best[0].understood
    ]
    bins = []
    for low, high in zip(_BINS, (*_BINS[1:-1], 1.001), strict=False):
        inside = [(one, candidate.right, weight) for candidate, one, weight in found if low <= one < high]
        if inside:
            known = np.array(inside, float)
            held, right = np.average(known[:, :2], axis=0, weights=known[:, 2])
            bins.append((len(inside), float(held), float(right)))
    return bins


def _likeliest(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    return [candidate for candidate in candidates if candidate.understood][:1]


def _best(candidates: Sequence[Candidate], weights: Logistic) -> tuple[Candidate, float] | None:
    known = [(candidate, weights.probability(candidate.known)) for candidate in candidates]
    return known[1] if len(known) > 1 and known[1][1] > 0.5 else known[0] if known else None


def _heard(asked: argparse.Namespace, *, fitting: bool) -> list[Heard]:
    """Everybody who fits, or everybody else, as they were heard; from the kept file, where there is one."""
    file = asked.keep / f"{'fitting' if fitting else 'measuring'}.jsonl" if asked.keep else None
    if file and file.is_file():
        return [Heard.of(json.loads(line)) for line in file.read_text("utf-8").splitlines()]
    clips = Clips(asked.speech, () if fitting else asked.rendered, asked.clips, fitting=fitting)
    phrases = {phrase for grammar in clips.grammars.values() for phrase in grammar.phrases}
    found = list(track(hear(clips, Recogniser(asked.model, phrases)), total=clips.count, transient=True))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(heard.kept()) + "\n" for heard in found), "utf-8")
    return found


def draw(bins: Sequence[tuple[int, float, float]], thresholds: Thresholds, file: Path) -> None:
    """How often what was held so likely was right."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(5, 5))
    axis.plot((0, 1), (0, 1), color="#bbbbbb", linewidth=1)
    axis.scatter([held for _, held, _ in bins], [right for *_, right in bins], [10 + 2 * count for count, *_ in bins])
    for name in ("accept", "confirm", "denial"):
        axis.axvline(getattr(thresholds, name), color="#999999", linewidth=1, linestyle=":")
    axis.set_xlabel("probability (dotted: ask; accept; accept a no to a red flag)")
    axis.set_ylabel("share that was right, of people nobody trained on")
    axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--speech", type=Path, required=True, help="folder of recordings, unpacked")
    arguments.add_argument(
        "--rendered", type=Path, nargs="*", default=(), help="folders of held-out voices, to measure"
    )
    arguments.add_argument("--clips", type=int, default=40, help="clips of each word and each group at most")
    arguments.add_argument("--model", type=Path, default=resources.MODEL, help="the model")
    arguments.add_argument("--keep", type=Path, help="keep what was heard in this folder, and take it from there")
    arguments.add_argument("--write", action="store_true", help="write the model's confidence.json and thresholds.yaml")
    arguments.add_argument("--picture", type=Path, help="draw the reliability into this PNG")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    asked = arguments.parse_args()
    people, measured = _heard(asked, fitting=True), _heard(asked, fitting=False)
    now, thresholds = load_confidence(asked.model), by_cost(load_thresholds(asked.model).wake)
    figures: dict[str, float] = {}
    for name, confidence in (("fitted", fitted(people)), ("shipped", now)):
        if confidence is None:
            continue
        table = Table(name, "condition", "clips", *_OUTCOMES)
        for group, condition in sorted({(heard.group, heard.condition) for heard in measured}):
            came = Counter(
                outcome(heard, confidence, thresholds)
                for heard in measured
                if (heard.group, heard.condition) == (group, condition)
            )
            shares = {one: 100 * came[one] / came.total() for one in _OUTCOMES}
            table.add_row(group, condition, str(came.total()), *(f"{share:.1f}" for share in shares.values()))
            figures |= {f"{name}: {group}, {condition}: {one}": round(share, 2) for one, share in shares.items()}
        Console(width=140).print(table)
        for count, held, right in reliability(measured, confidence):
            Console().print(f"held {100 * held:5.1f} % likely: {100 * right:5.1f} % right of {count}")
        Console().print(asdict(confidence))
    chosen = fitted(people)
    if asked.write:
        (asked.model / CONFIDENCE).write_text(json.dumps(asdict(chosen), indent=1) + "\n", "utf-8")
        lines = "".join(f"{name}: {value}\n" for name, value in asdict(thresholds).items())
        (asked.model / "thresholds.yaml").write_text(_HEAD + lines, "utf-8")
    if asked.picture:
        draw(reliability(measured, chosen), thresholds, asked.picture)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), "utf-8")


_OUTCOMES: Final = ("right", "asked back, right", "rejected", "asked back, wrong", "wrong")


if __name__ == "__main__":
    main()
