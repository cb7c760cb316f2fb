"""Whether the sentences of the grammars keep their meaning when the learned reader has its say."""

from collections.abc import Iterator
from typing import Final

from skill.commands.read import reading_of
from skill.language.shipped import load_grammar
from skill.listening.ear import typed
from skill.system.clock import SimulatedClock
from skill.triage.definition import Protocol
from skill.triage.model import Kind, Question
from skill.understanding.decision import load_thresholds
from skill.understanding.moments import every_question
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import Interpreter, interpreter

#: Sentences of one value that are read at one question: an expansion says the same thing a thousand times.
_EACH: Final = 4


def lost_under_reader(protocol: Protocol) -> Iterator[str | None]:
    """A problem for each sentence that is acted on as another answer than its grammar gives, None for all others."""
    reads = interpreter(Phrasebook(protocol), load_thresholds(), SimulatedClock().today)
    for question in every_question().values():
        if question.kind in (Kind.YES_NO, Kind.CHOICE) and question.id in protocol.questions:
            yield from _at(question, reads)


def _at(question: Question, reads: Interpreter) -> Iterator[str | None]:
    values: dict[str, list[str]] = {}
    for sentence, sense in load_grammar(question.grammar).sentences.items():
        values.setdefault(str(sense.value), []).append(sentence)
    for value, sentences in values.items():
        for sentence in sentences[:: max(1, len(sentences) // _EACH)][:_EACH]:
            read = reading_of(typed(sentence), question, reads)
            changed = read.kind == "answer" and read.decision == "accept" and str(read.answer) != value
            yield f"{sentence!r} at {question.id} is acted on as {read.answer}, not {value}" if changed else None
