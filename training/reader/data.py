"""What the reader learns from: examples, the grammars' sentences and, where they are at hand, real consultations."""

import csv
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skill.dialogue.prompts import load_prompts
from skill.language.grammar import Grammar
from skill.language.shipped import load_grammar
from skill.triage.model import Kind, Question
from skill.understanding.reader.labels import Label, Topic
from skill.understanding.reader.wordpiece import BEGIN, BREAK, PAD, UNKNOWN
from training.examples.loader import Example
from training.examples.meanings import Meanings
from training.reader.labels import label_of
from training.reader.mishear import Misheard

#: Sentences of one meaning of a grammar that are learnt: an expansion says the same thing a thousand times.
_SENTENCES: Final = 40
#: What a grammar's sentence weighs beside a person's.
_SENTENCE_WEIGHT: Final = 0.5
#: Topics of the grammars that may be said at any question, with the topic of each.
_ANYWHERE: Final = {
    "command": Topic.COMMAND,
    "emergency": Topic.ALARM,
    "faq": Topic.QUESTION,
    "change": Topic.CHANGE,
}
#: Questions at which a sentence that fits all of them is learnt.
_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence to learn: said at a question, meaning a label."""

    question: str
    said: str
    label: Label
    weight: float
    heard: str = ""
    """What a recogniser made of it; empty where nobody but a reader of what was said is asked."""


def samples_of(examples: Iterable[Example], meanings: Meanings, weight: float = 1.0) -> list[Sample]:
    """Examples as samples."""
    return [Sample(e.question, e.said, label_of(e, meanings), weight) for e in examples]


def misheard_samples(misheard: Iterable[Misheard], meanings: Meanings) -> list[Sample]:
    """What a recogniser made of examples, as samples."""
    return [Sample(m.example.question, m.example.said, label_of(m.example, meanings), 1.0, m.heard) for m in misheard]


def grammar_samples(meanings: Meanings, seed: int) -> list[Sample]:
    """A draw of the sentences that the grammars know, each at its questions."""
    chance = random.Random(seed)
    samples: list[Sample] = []
    for question in meanings.questions.values():
        if question.kind in (Kind.YES_NO, Kind.CHOICE):
            samples += _answers(question, chance)
    every = sorted(meanings.questions)
    for grammar, topic in _ANYWHERE.items():
        for value, sentences in _by_value(load_grammar(grammar)).items():
            for sentence in _draw(sentences, chance):
                for question_id in chance.sample(every, _PLACES):
                    samples.append(Sample(question_id, sentence, Label(topic, value), _SENTENCE_WEIGHT))
    return samples


def _answers(question: Question, chance: random.Random) -> list[Sample]:
    of = "" if question.kind is Kind.YES_NO else question.id
    return [
        Sample(question.id, sentence, Label(Topic.ANSWER, value, of), _SENTENCE_WEIGHT)
        for value, sentences in _by_value(load_grammar(question.grammar)).items()
        if question.kind is Kind.YES_NO or value in question.choices
        for sentence in _draw(sentences, chance)
    ]


def _by_value(grammar: Grammar) -> Mapping[str, list[str]]:
    values: dict[str, list[str]] = {}
    for sentence, sense in grammar.sentences.items():
        values.setdefault(str(sense.value), []).append(sentence)
    return values


def _draw(sentences: list[str], chance: random.Random) -> list[str]:
    return sentences if len(sentences) <= _SENTENCES else chance.sample(sorted(sentences), _SENTENCES)


def consultations(file: Path, meanings: Meanings) -> list[Example]:
    """Real patients' answers without the turned ones; TSV: question, source, person, said, meaning, also, fit, ask."""
    examples = []
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            question = "coaching" if row["question"] == "coach" else row["question"]
            if row["fit"] == "turned":
                continue
            example = Example(question, row["person"], row["said"], row["meaning"])
            if meanings.fault(question, example.meaning) is None:
                examples.append(example)
    return examples


def signs(meanings: Meanings) -> dict[str, str]:
    """What each question asks, in short: the context in which the reader reads an answer."""
    prompts = load_prompts()
    texts = {}
    for question in meanings.questions:
        for prompt in (f"questions.{question}.sign", f"questions.{question}.brief", f"questions.{question}.ask"):
            if prompts.has(prompt):
                texts[question] = prompts.utterance(prompt).text.lower()
                break
        else:
            texts[question] = question
    return texts


def vocabulary(
    texts: Iterable[str], pretrained: Mapping[str, int], cut: Callable[[str], list[str]], least: int
) -> list[str]:
    """The pieces that occur at least `least` times, and those with which anything can be spelt."""
    counts = Counter(piece for text in texts for piece in cut(text))
    letters = [piece for piece in pretrained if len(piece.removeprefix("##")) == 1 and piece.isascii()]
    kept = {piece for piece, count in counts.items() if count >= least} | set(letters)
    return [PAD, UNKNOWN, BEGIN, BREAK, *sorted(kept - {PAD, UNKNOWN, BEGIN, BREAK})]


def fold_of(person: str) -> int:
    """Which of three parts a real person belongs to; by the name alone, so that it needs no list."""
    return zlib.crc32(f"fold {person}".encode()) % 3
