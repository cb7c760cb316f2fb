"""Is a yes ever heard as a no? The pairs of bench/polarity.yaml, said by many voices, in quiet and at 10 dB of noise.

Each phrase is decoded twice: against its counterpart alone, which shows what the model can tell apart, and with all
that may be said at a question which offers it, which shows what would happen. "Swapped" was accepted, without asking
back, as the counterpart or with its meaning: it should be 0.

    python bench/polarity.py --texts > texts.txt
    python -m training.render_tests DIR --texts texts.txt --rounds 6 --familiar --styles STYLES
    python bench/polarity.py --rendered DIR --speech DIR [--json FILE]
    python bench/polarity.py --grammars      the pairs that the program offers side by side at one moment
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from measuring.judging import WRONG, Outcome, heard_as, judge
from measuring.moments import moments
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.language.grammar import Grammar, Sense
from skill.language.normalise import normalise
from skill.system import resources
from skill.system.yaml_file import load_yaml
from skill.understanding.decision import load_thresholds
from training import data
from training.cases import Case, case, noisy
from training.evaluate import Ear

PAIRS: Final = Path(__file__).with_suffix(".yaml")
CONDITIONS: Final = ("quiet", "10 dB")


@dataclass(frozen=True)
class Pair:
    """Two phrases as written, and where in the program at least one of them may be said."""

    phrases: tuple[str, str]
    moment: str | None
    """The topic asked for; None where neither is offered at any moment."""
    side_by_side: bool
    """Whether both are offered there, with different meanings."""

    @property
    def name(self) -> str:
        """How the table calls it."""
        return " / ".join(self.phrases)


@dataclass(frozen=True)
class Result:
    """One clip, heard once."""

    pair: Pair
    said: str
    speaker: str
    condition: str
    alone: bool
    """Against the counterpart alone, or with all that may be said at the moment."""
    heard: str
    outcome: Outcome
    other: bool
    """Whether it was heard as the counterpart, however doubtfully."""

    @property
    def swapped(self) -> bool:
        """Whether the counterpart was accepted."""
        return self.other and self.outcome in WRONG


def pairs(grammars: Mapping[str, Grammar]) -> list[Pair]:
    """Every pair, with the first moment that offers both of it, else the first that offers one."""
    written = [pair for group in load_yaml(PAIRS.read_text(encoding="utf-8")).values() for pair in group]
    return [_placed((str(first), str(second)), grammars) for first, second in written]


def _placed(phrases: tuple[str, str], grammars: Mapping[str, Grammar]) -> Pair:
    offered = {name: [p for p in phrases if grammar.read(p).complete] for name, grammar in grammars.items()}
    for name, found in offered.items():
        if len(found) == 2 and grammars[name].read(found[0]).senses != grammars[name].read(found[1]).senses:
            return Pair(phrases, name, side_by_side=True)
    return Pair(phrases, next((name for name, found in offered.items() if found), None), side_by_side=False)


def _alone(pair: Pair) -> Grammar:
    return Grammar("pair", {normalise(phrase): Sense("said", phrase) for phrase in pair.phrases})


def clips(folder: Path, known: list[Pair], most: int) -> Iterator[tuple[str, Case]]:
    """The rendered clips of the pairs, each with its phrase; at most so many of a phrase and an engine."""
    phrases = {phrase for pair in known for phrase in pair.phrases}
    for manifest in sorted(folder.glob("*/manifest.tsv")):
        taken: Counter[str] = Counter()
        for utterance in data.rendered(manifest):
            taken[utterance.text] += 1
            if utterance.text in phrases and taken[utterance.text] <= most:
                yield utterance.text, case(utterance)


def measure(
    conditions: Mapping[str, list[tuple[str, Case]]], known: list[Pair], grammars: Mapping[str, Grammar]
) -> Iterator[Result]:
    """Hear every clip against its counterparts alone, and at their moments."""
    thresholds = load_thresholds()
    alone = {pair: _alone(pair) for pair in known}
    ear = Ear(
        resources.MODEL, sorted({p for grammar in [*grammars.values(), *alone.values()] for p in grammar.phrases})
    )
    for condition, spoken in conditions.items():
        for said, clip in track(spoken, condition, transient=True):
            for pair in (pair for pair in known if said in pair.phrases):
                counterpart = next(phrase for phrase in pair.phrases if phrase != said)
                for grammar in (alone[pair], *([grammars[pair.moment]] if pair.moment else [])):
                    heard = heard_as(*ear(clip.sound, grammar))
                    senses = grammar.read(heard.text).senses
                    other = bool(senses) and senses == grammar.read(counterpart).senses != grammar.read(said).senses
                    outcome = judge(heard, said, grammar, thresholds)
                    yield Result(
                        pair, said, clip.speaker, condition, grammar is alone[pair], heard.text, outcome, other
                    )


def report(results: list[Result], known: list[Pair], console: Console) -> dict[str, float]:
    """Print a table of the pairs and one of the voices; the figures by name."""
    table = Table("pair", "asked at", *_COLUMNS, title="quiet | 10 dB")
    for pair in known:
        own = [result for result in results if result.pair == pair]
        place = f"{pair.moment or '-'}{' (both)' if pair.side_by_side else ''}"
        table.add_row(pair.name, place, *(_cell(own, column) for column in _COLUMNS))
    table.add_section()
    table.add_row("all", "", *(_cell(results, column) for column in _COLUMNS))
    console.print(table)
    voices = Table("voice", *_COLUMNS, title="quiet | 10 dB")
    for speaker in sorted({result.speaker for result in results}):
        voices.add_row(speaker, *(_cell([r for r in results if r.speaker == speaker], column) for column in _COLUMNS))
    console.print(voices)
    return {
        f"{column}, {condition}": float(_count(results, column, condition))
        for column in _COLUMNS
        for condition in CONDITIONS
    }


#: What is counted, and in which of the two decodings.
_COLUMNS: Final[Mapping[str, tuple[bool, Callable[[Result], bool]]]] = {
    "alone: clips": (True, lambda _: True),
    "heard as the other": (True, lambda result: result.other),
    "swapped": (True, lambda result: result.swapped),
    "in the program: clips": (False, lambda _: True),
    "right": (False, lambda result: result.outcome is Outcome.RIGHT),
    "asked back": (False, lambda result: result.outcome is Outcome.ASKED),
    "rejected": (False, lambda result: result.outcome is Outcome.REJECTED),
    "otherwise wrong": (False, lambda result: result.outcome in WRONG and not result.other),
    "swapped in the program": (False, lambda result: result.swapped),
}


def _count(results: Iterable[Result], column: str, condition: str) -> int:
    alone, counts = _COLUMNS[column]
    return sum(r.condition == condition and r.alone == alone and counts(r) for r in results)


def _cell(results: list[Result], column: str) -> str:
    return " | ".join(str(_count(results, column, condition)) for condition in CONDITIONS)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rendered", type=Path, help="folder of rendered voices")
    arguments.add_argument("--speech", type=Path, help="folder of recordings, for their noise")
    arguments.add_argument("--clips", type=int, default=6, help="clips of a phrase by one engine at most")
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--texts", action="store_true", help="print the phrases, one a line")
    arguments.add_argument("--grammars", action="store_true", help="print what is offered side by side")
    chosen = arguments.parse_args()
    grammars = moments()
    known = pairs(grammars)
    if chosen.texts:
        print(*dict.fromkeys(phrase for pair in known for phrase in pair.phrases), sep="\n")
    elif chosen.grammars:
        print(*(f"{pair.moment}: {pair.name}" for pair in known if pair.side_by_side), sep="\n")
    elif chosen.rendered and chosen.speech:
        quiet = list(clips(chosen.rendered, known, chosen.clips))
        noises = [data.sound(u.file) for u in data.noises(chosen.speech, held_out=True)]
        loud = zip((said for said, _ in quiet), noisy([clip for _, clip in quiet], noises, 10), strict=True)
        console, results = Console(width=180), []
        for r in measure(dict(zip(CONDITIONS, (quiet, list(loud)), strict=True)), known, grammars):
            results.append(r)
            if r.swapped and not r.alone:
                console.print(f"swapped at {r.pair.moment}: {r.said} -> {r.heard} ({r.speaker}, {r.condition})")
        figures = report(results, known, console)
        if chosen.json:
            chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    else:
        arguments.error("name the rendered voices with --rendered and the recordings with --speech")


if __name__ == "__main__":
    main()
