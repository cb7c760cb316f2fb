"""How well people are understood as they talk: invented ones and real ones, typed and spoken, and who talks to others.

    PYTHONPATH=. python bench/understanding.py [--predictions FILE] [--spoken N] [--speech DIR] [--consultations FILE]
        [--json FILE] [--picture FILE] [--reliability FILE]

The invented people are the held-out sixth of `training/examples`, whom no training saw. `--spoken N`: N answers of
them, and N/4 things said to others at red flags, said by voices that no training heard, in quiet, across a room and,
with the recordings of `--speech` (laid out as `training/README.md` says), in noise of 10 dB. `--predictions`: what the
readers of `training.reader.make` foretold of real people whom they had not learnt from; without it there are no real
people typed. `--consultations`: a table (file, question, source, person, said, meaning) of the clips in
`--speech`/dev_consult. Those clips are of people from whose transcripts the shipped reader did learn.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from measuring.consultations import spoken_consultations
from measuring.picture import curve, draw
from measuring.talk import Listener, Spoken, engines, in_conditions, open_recogniser, voiced
from measuring.understood import Outcome, Tally
from measuring.unseen import Unseen
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skill.listening.ear import Heard, typed
from skill.system import resources
from skill.system.clock import SimulatedClock
from skill.triage.loader import load_protocol
from skill.triage.model import Question
from skill.understanding.decision import load_thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import Interpreter, interpreter
from training import data
from training.examples.loader import Example, load_examples
from training.examples.meanings import load_meanings
from training.reader.calibrate import crossed, reliability

#: Words up to which an answer is counted in each row.
_LENGTHS: Final = {"1 to 3 words": 3, "4 to 8 words": 8, "9 to 20 words": 20, "over 20 words": 10_000}
_SEED: Final = 7
#: The parts of a bar in the picture.
_SHOWN: Final = {
    "right": (Outcome.RIGHT,),
    "asked back": (Outcome.ASKED,),
    "rejected": (Outcome.REJECTED,),
    "asked back wrong": (Outcome.ASKED_WRONG,),
    "wrong": (Outcome.WRONG,),
}


@dataclass
class Measured:
    """One group of people in one way of being heard."""

    all: Tally = field(default_factory=Tally)
    by_kind: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_length: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    missed: list[str] = field(default_factory=list)
    """The yes to a red flag that were acted on as a no, with the question."""


class Readers:
    """The shipped interpreters, one for the questions of each protocol."""

    def __init__(self) -> None:
        self.questions = load_meanings().questions
        main, followup = load_protocol(), load_protocol(resources.FOLLOWUP)
        self._late = frozenset(followup.questions) - frozenset(main.questions)
        self._books = {False: Phrasebook(main), True: Phrasebook(followup)}
        now, thresholds = SimulatedClock().today, load_thresholds()
        self._whole = {late: interpreter(book, thresholds, now) for late, book in self._books.items()}
        self._phrases = {late: Interpreter(book, thresholds, None, now) for late, book in self._books.items()}

    def book(self, question: str) -> Phrasebook:
        """What may be said at it."""
        return self._books[question in self._late]

    def at(self, question: str, *, sentences: bool = True) -> Interpreter:
        """What reads an answer to it; without `sentences` by phrases alone."""
        return (self._whole if sentences else self._phrases)[question in self._late]

    def everything(self) -> frozenset[str]:
        """Every phrase that may ever be said."""
        return frozenset().union(*(book.everything() for book in self._books.values()))


def count(found: Measured, example: Example, question: Question, heard: Heard, reads: Interpreter) -> None:
    """Add what Charley would do with what was heard of `example`."""
    understood = reads.understand(heard, question)
    length = len(example.said.split())
    size = next(name for name, most in _LENGTHS.items() if length <= most)
    before = found.all.missed
    for tally in (found.all, found.by_kind[kind_of(example, question)], found.by_length[size]):
        tally.add(example, question, understood)
    if found.all.missed > before:
        found.missed.append(f"{question.id}: {example.said} [{heard.said}]")


def kind_of(example: Example, question: Question) -> str:
    """The row of the table that an example belongs to."""
    if example.nobodys:
        return "talk to others"
    topic, colon, _ = example.meaning.partition(":")
    if colon:
        return {"question": "questions of their own", "alarm": "alarms"}.get(topic, "commands and changes")
    return "red flags" if question.red_flag is not None else f"{question.kind}".replace("_", "/")


def measure_typed(examples: Iterable[Example], readers: Readers, *, sentences: bool = True) -> Measured:
    """Everything as with perfect hearing."""
    found = Measured()
    for example in track(list(examples), "typed", transient=True):
        reads = readers.at(example.question, sentences=sentences)
        count(found, example, readers.questions[example.question], typed(example.said), reads)
    return found


def measure_unseen(unseen: Unseen, readers: Readers) -> Measured:
    """Real people, typed, by readers that never learnt from them."""
    found = Measured()
    for example, part in unseen.examples():
        reads = unseen.interpreter(part, readers.book(example.question))
        count(found, example, readers.questions[example.question], typed(example.said), reads)
    return found


def measure_spoken(spoken: Sequence[Spoken], listener: Listener, readers: Readers, name: str) -> Measured:
    """The same aloud."""
    found = Measured()
    for one in track(spoken, name, transient=True):
        question = readers.questions[one.example.question]
        reads = readers.at(question.id, sentences=listener.hears_sentences)
        count(found, one.example, question, listener.hear(one, question, reads), reads)
    return found


def drawn(examples: Sequence[Example], number: int) -> list[Example]:
    """So many of them at most, with a fixed seed."""
    rows = np.random.default_rng(_SEED).permutation(len(examples))[:number]
    return [examples[row] for row in sorted(rows)]


def table(groups: Mapping[str, Measured]) -> Table:
    """Everything at a glance."""
    outcomes = [outcome.value for outcome in Outcome]
    printed = Table("who and how", "answers", *(f"{name}, %" for name in outcomes), "yes taken as no", "false alarms")
    for name, found in groups.items():
        printed.add_row(name, *row(found.all))
        printed.add_section()
        for part, tally in (*sorted(found.by_kind.items()), *((n, found.by_length[n]) for n in _LENGTHS)):
            if tally.outcomes and len(found.by_kind) > 1:
                printed.add_row(f"  {part}", *row(tally))
        printed.add_section()
    return printed


def row(tally: Tally) -> list[str]:
    shares = [f"{tally.share(outcome):.1f}" for outcome in Outcome]
    missed, invented = f"{tally.missed} of {tally.flags}", f"{tally.invented} of {tally.calm}"
    return [str(tally.outcomes.total()), *shares, missed, invented]


def figures(groups: Mapping[str, Measured], costs: Mapping[str, Mapping[str, float]]) -> dict[str, object]:
    """Everything, for a file."""

    def flat(tally: Tally) -> dict[str, int]:
        counts = {outcome.value: tally.outcomes[outcome] for outcome in Outcome}
        return counts | {"flags": tally.flags, "missed": tally.missed, "calm": tally.calm, "invented": tally.invented}

    told = {
        name: {
            "all": flat(found.all),
            "kinds": {part: flat(tally) for part, tally in sorted(found.by_kind.items())},
            "lengths": {part: flat(tally) for part, tally in found.by_length.items()},
            "missed": found.missed,
        }
        for name, found in groups.items()
    }
    return {"groups": told, "hearings": costs}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--predictions", type=Path, help="predictions.jsonl of training.reader.make")
    arguments.add_argument("--spoken", type=int, default=0, help="so many answers of invented people are said aloud")
    arguments.add_argument("--speech", type=Path, help="folder of recordings, unpacked")
    arguments.add_argument("--consultations", type=Path, help="table of the clips in dev_consult")
    arguments.add_argument("--hearings", nargs="*", default=["phrases alone", "Moonshine", "Vosk"])
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    arguments.add_argument("--picture", type=Path, help="draw the groups into this PNG")
    arguments.add_argument("--reliability", type=Path, help="draw what the probabilities are worth into this PNG")
    chosen = arguments.parse_args()
    readers, groups, costs = Readers(), dict[str, Measured](), dict[str, dict[str, float]]()
    examples = [example for example in load_examples() if example.held_out]
    flags = {name for name, question in readers.questions.items() if question.red_flag is not None}
    others = [example for example in examples if example.nobodys and example.question in flags]
    groups["invented, typed, phrases alone"] = measure_typed(examples, readers, sentences=False)
    groups["invented, typed, with the reader"] = measure_typed(examples, readers)
    groups["talk to others, typed, with the reader"] = measure_typed(others, readers)
    if chosen.predictions:
        unseen = Unseen(chosen.predictions)
        groups["real people, typed, with the reader"] = measure_unseen(unseen, readers)
        if chosen.reliability:
            pairs = crossed(unseen.rows)
            curve({origin: reliability(pairs, origin) for origin in ("real", "invented")}, chosen.reliability)
    recogniser = open_recogniser(readers.everything())
    kinds = engines(recogniser)
    parts = aloud(examples, others, chosen.spoken, chosen.speech, chosen.consultations)
    for hearing in chosen.hearings if parts else ():
        listener = Listener(recogniser, kinds[hearing]())
        for name, spoken in parts.items():
            group = f"{name}, {hearing}"
            groups[group] = measure_spoken(spoken, listener, readers, group)
            costs[group] = listener.take().told()
        listener.close()
    Console(width=170).print(table(groups))
    Console(width=170).print(*(f"{name}: {cost}" for name, cost in costs.items()), sep="\n")
    for name, found in groups.items():
        for missed in found.missed:
            Console(width=170).print(f"yes taken as no, {name}: {missed}", markup=False)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures(groups, costs), indent=1), encoding="utf-8")
    if chosen.picture:
        draw(panels(groups), chosen.picture)


def aloud(
    examples: Sequence[Example], others: Sequence[Example], number: int, speech: Path | None, table: Path | None
) -> dict[str, list[Spoken]]:
    """What is said aloud, by group and condition."""
    noises = [data.sound(noise.file) for noise in data.noises(speech, held_out=True)] if speech else []
    answers = [example for example in examples if not example.nobodys]
    parts = {}
    if number:
        spoken = in_conditions(voiced(drawn(answers, number)), noises)
        parts = {f"invented, {name}": said for name, said in spoken.items()}
        parts["talk to others"] = voiced(drawn(others, number // 4))
    if speech and table:
        parts["real people"] = spoken_consultations(table, speech / "dev_consult")
    return parts


def panels(groups: Mapping[str, Measured]) -> dict[str, dict[str, dict[str, float]]]:
    """By group and hearing."""
    drawn_as: dict[str, dict[str, dict[str, float]]] = {}
    for name, found in groups.items():
        group, _, hearing = name.rpartition(", ")
        bar = {part: found.all.share(*of) for part, of in _SHOWN.items()}
        drawn_as.setdefault(group, {})[hearing] = bar
    return drawn_as


if __name__ == "__main__":
    main()
