"""What is made of sentences, without sound: the command `charley read`, and what `charley hear` says of a question."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TextIO

from skill.errors import UsageError
from skill.language.shipped import load_grammar
from skill.listening.ear import Heard, typed
from skill.settings import usable_settings
from skill.system import resources
from skill.system.clock import RealClock
from skill.triage.loader import load_protocol
from skill.triage.model import Question, Value
from skill.understanding.decision import Decision, Thresholds, load_thresholds
from skill.understanding.faq import nearest
from skill.understanding.meanings import (
    Alarmed,
    Command,
    Commanded,
    Corrects,
    Digressed,
    Meant,
    Noted,
    Puzzled,
    Understanding,
    Wondered,
)
from skill.understanding.moments import every_question
from skill.understanding.phrasebook import FAQ, Phrasebook
from skill.understanding.reader.labels import Topic
from skill.understanding.understand import Interpreter, interpreter, sentence_of


@dataclass(frozen=True, slots=True)
class Read:
    """One line of the command's output."""

    text: str
    kind: str
    """answer, command, alarm, question, change, aside, or none: not understood."""
    answer: Value | None
    """The value, the command, the alarm, or the id of the question or of the entry in `prompts/en/faq.yaml`."""
    confidence: float
    decision: str
    also: Mapping[str, Value]
    """What was said beside it, by the ids of other questions."""


def question_named(name: str) -> Question:
    """The question or moment `name`. Raises UsageError with all names for one that there is not."""
    questions = every_question()
    if name not in questions:
        raise UsageError(f"There is no question {name!r}: use one of {', '.join(questions)}.")
    return questions[name]


def interpreter_at(question: Question, emergency_number: str = "", thresholds: Thresholds | None = None) -> Interpreter:
    """The shipped interpreter, with the phrases of the protocol that `question` belongs to.

    `emergency_number`: that of the settings, an alarm at every question; empty for none of one's own. `thresholds`:
    those of the model that hears; None for the shipped ones.
    """
    followup = load_protocol(resources.FOLLOWUP)
    main = load_protocol()
    ours = followup if question.id in followup.questions and question.id not in main.questions else main
    return interpreter(Phrasebook(ours, emergency_number), thresholds or load_thresholds(), RealClock().today)


def reading_of(heard: Heard, question: Question, reads: Interpreter) -> Read:
    """What `heard` is taken for at `question`, as in a conversation."""
    understood = reads.understand(heard, question)
    kind, answer, decision = _told(understood, heard)
    judged = reads.judge(heard, question)
    if kind == "none" and judged is not None and judged.label.topic is Topic.ASIDE:
        kind = "aside"
    also = understood.also if isinstance(understood, Meant) else ()
    also = understood.answers if isinstance(understood, Digressed) else also
    said = sentence_of(heard)
    return Read(
        said.text if said else heard.text,
        kind,
        answer,
        round(heard.confidence if judged is None else judged.probability, 3),
        decision,
        {answer.question: answer.value for answer in also},
    )


def read_all(name: str, lines: Iterable[str], out: TextIO) -> int:
    """Write one JSON object a line to `out` for each of `lines`, said at the question `name`. Raises UsageError."""
    question = question_named(name)
    reads = interpreter_at(question, usable_settings().emergency_number)
    for line in map(str.strip, lines):
        if line:
            print(
                json.dumps(asdict(reading_of(typed(line), question, reads)), ensure_ascii=False), file=out, flush=True
            )
    return 0


def _told(understood: Understanding, heard: Heard) -> tuple[str, Value | None, Decision]:
    match understood:
        case Meant(value, sure):
            return "answer", value, Decision.ACCEPT if sure else Decision.CONFIRM
        case Alarmed(alarm, _, sure):
            return "alarm", alarm, Decision.ACCEPT if sure else Decision.CONFIRM
        case Commanded(command):
            return "command", command.value, Decision.ACCEPT
        case Noted():
            return "command", Command.NOTE.value, Decision.ACCEPT
        case Wondered(entry):
            return "question", entry, Decision.ACCEPT
        case Puzzled(_, entries):
            wordings = {sentence: str(sense.value) for sentence, sense in load_grammar(FAQ).sentences.items()}
            return "question", (entries or nearest(heard.text, wordings))[0], Decision.CONFIRM
        case Corrects(question):
            return "change", question, Decision.ACCEPT
        case _:
            return "none", None, Decision.REJECT
