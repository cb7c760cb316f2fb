"""Whole typed conversations in people's own words, beside the same in Charley's: repairs, turns, and the advice.

`python bench/own_words.py [--json FILE]`: every held-out person of the examples who answered a whole conversation. A
person answers what was written for the question in his own words, and "no" to all else; what is asked back, truly.
"""

import argparse
import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from skill.dialogue.amounts import spoken_amount
from skill.dialogue.beginning import Beginning
from skill.dialogue.events import Asked, Concluded
from skill.dialogue.prompts import load_prompts
from skill.language.shipped import load_grammar
from skill.listening.ear import Turn, typed
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import AMOUNTS, Kind
from tests.support.held_conversation import HeldConversation
from training.examples.loader import Example, load_examples

#: Prefixes of the people who answered one whole conversation each.
WHOLE: Final = ("1_", "2_", "3_", "4_")
LEVELS: Final = ("self_care", "soon", "urgent", "emergency")
#: Turns after which a conversation counts as lost.
MOST: Final = 80


@dataclass(frozen=True, slots=True)
class Held:
    """What came of one conversation."""

    level: str
    turns: int
    repairs: int


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = arguments.parse_args()
    people: dict[str, dict[str, Example]] = defaultdict(dict)
    for example in load_examples():
        if example.held_out and example.persona.startswith(WHOLE):
            people[example.persona].setdefault(example.question, example)
    pairs = [(hold(answers, own=True), hold(answers, own=False)) for answers in people.values()]
    own = [mine for mine, _ in pairs]
    figures = {
        "people": len(pairs),
        "repairs_median": statistics.median(held.repairs for held in own),
        "repairs_most": max(held.repairs for held in own),
        "without_any": sum(held.repairs == 0 for held in own),
        "turns_median": statistics.median(held.turns for held in own),
        "turns_median_plain": statistics.median(plain.turns for _, plain in pairs),
        "same_level": sum(mine.level == plain.level for mine, plain in pairs),
        "lower": sum(LEVELS.index(mine.level) < LEVELS.index(plain.level) for mine, plain in pairs),
    }
    table = Table("measured", "figure")
    for name, figure in figures.items():
        table.add_row(name.replace("_", " "), f"{figure:g}")
    Console().print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def hold(answers: dict[str, Example], *, own: bool) -> Held:
    """One conversation; in the person's `own` words, or in the plainest."""
    conversation = HeldConversation(Beginning(Interview(load_protocol())), interruptible=False)
    said: dict[str, int] = defaultdict(int)
    turns = repairs = 0
    last = ""
    while conversation.turn is not None and turns < MOST:
        turn = conversation.turn
        turns += 1
        repairs += turn.name == "confirm" or (turn.name == last and not turn.optional)
        conversation.reply(typed(_reply(turn, conversation, answers, said, own=own, last=last)))
        last = last if turn.name == "confirm" else turn.name
    verdicts = [entry for entry in conversation.journal.entries if isinstance(entry, Concluded)]
    return Held(verdicts[-1].level if verdicts else LEVELS[0], turns, repairs)


def _reply(
    turn: Turn,
    conversation: HeldConversation,
    answers: dict[str, Example],
    said: dict[str, int],
    *,
    own: bool,
    last: str,
) -> str:
    example = answers.get(turn.name)
    if turn.name == "confirm":
        meant = answers.get(last)
        return "yes" if _in_words(meant, last) in _asked(conversation) else "no"
    said[turn.name] += 1
    if turn.optional or example is None:
        return "" if turn.optional else "no"
    return example.said if own and said[turn.name] == 1 else _plain(example)


def _asked(conversation: HeldConversation) -> str:
    return next(entry.text for entry in reversed(conversation.journal.entries) if isinstance(entry, Asked))


def _in_words(meant: Example | None, question_id: str) -> str:
    """How what was meant is said back; what nobody wrote an answer for is a no."""
    prompts, question = load_prompts(), load_protocol().questions[question_id]
    value = meant.meaning if meant else "no"
    if question.kind in AMOUNTS:
        return spoken_amount(question.kind, int(value), prompts) if value.isdecimal() else value
    for prompt in (f"questions.{question_id}.values.{value}", f"dialogue.values.{value}"):
        if prompts.has(prompt):
            return prompts.utterance(prompt).text
    return value


def _plain(example: Example) -> str:
    """The plainest words for what was meant."""
    question = load_protocol().questions[example.question]
    if question.kind in AMOUNTS:
        return f"{example.meaning} seconds" if question.kind is Kind.DURATION else example.meaning
    known = [
        sentence
        for sentence, sense in load_grammar(question.grammar).sentences.items()
        if sense.value == example.meaning
    ]
    return min(known, key=len, default="no")


if __name__ == "__main__":
    main()
