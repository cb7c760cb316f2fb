"""What the recogniser makes of recordings: the command `charley hear`."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, TextIO

from skill.errors import UsageError
from skill.language.grammar import Grammar, Reading, Sense
from skill.language.normalise import normalise
from skill.listening.activity import Activity
from skill.listening.ear import SILENCE, Ending, Heard, Turn
from skill.listening.ears import is_settled
from skill.listening.lexicon import Lexicon
from skill.listening.recogniser import Recogniser
from skill.listening.recording import Recording, load_recording
from skill.listening.second_pass import SecondHearing
from skill.triage.model import Value
from skill.understanding.decision import Decision, Thresholds, decide

#: Seconds of silence after a recording, so that its last word is heard to the end.
_TRAILING_SILENCE: Final = 1.0
#: Seconds of sound of which the loudness is taken.
_BLOCK: Final = 0.04


class Kind(StrEnum):
    """What something that was said is."""

    ANSWER = "answer"
    COMMAND = "command"
    ALARM = "alarm"
    QUESTION = "question"
    CHANGE = "change"
    ASIDE = "aside"
    """No answer to the question, but to others."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is made of something that was heard."""

    kind: Kind
    answer: Value | None
    """The value of an answer, or the name of a command, an alarm, a question."""
    decision: Decision
    also: Mapping[str, Value] = field(default_factory=dict)
    """What was said beside it in answer to other questions, by their ids."""
    confidence: float | None = None
    """0..1, the probability of this meaning; None where that of the words is all there is."""


NOTHING: Final = Judgement(Kind.NONE, None, Decision.REJECT)

#: What is made of what was heard and its reading.
Judge = Callable[[Heard, Reading], Judgement]

#: Hears a recording again in which something was heard.
Second = Callable[[Heard, Recording], Heard]


@dataclass(frozen=True, slots=True)
class Hearing:
    """One line of the command's output."""

    file: str
    text: str
    """The sentence, where it was heard a second time; else the phrases."""
    kind: Kind
    answer: Value | None
    confidence: float
    decision: Decision
    also: Mapping[str, Value]
    rtf: float
    """Real-time factor: seconds of work a second of sound."""


def phrase_grammar(lines: Iterable[str]) -> Grammar:
    """A grammar of the lines of a file; each line means itself. Raises UsageError when no line holds a word."""
    sentences: dict[str, Sense] = {}
    for line in map(str.strip, lines):
        if sentence := normalise(line):
            sentences.setdefault(sentence, Sense("phrase", line))
    if not sentences:
        raise UsageError("The list of phrases is empty: write one phrase a line.")
    return Grammar("phrases", sentences)


def judge_by(thresholds: Thresholds) -> Judge:
    """Take the only sense as the answer, as far as the thresholds trust it."""

    def judge(heard: Heard, reading: Reading) -> Judgement:
        decision = decide(heard, reading, thresholds)
        return NOTHING if decision is Decision.REJECT else Judgement(Kind.ANSWER, reading.senses[0].value, decision)

    return judge


def judge_freely(thresholds: Thresholds) -> Judge:
    """There is no answer to find; the confidence alone decides."""

    def judge(heard: Heard, _reading: Reading) -> Judgement:
        if heard.confidence >= thresholds.accept:
            return Judgement(Kind.NONE, None, Decision.ACCEPT)
        return Judgement(Kind.NONE, None, Decision.CONFIRM) if heard.confidence >= thresholds.confirm else NOTHING

    return judge


def free_recogniser(model: Path) -> Recogniser:
    """A recogniser for every word of the model's lexicon; a standard Vosk model brings its own language model."""
    lexicon = model / "lexicon.txt"
    return Recogniser(model, Lexicon(lexicon).words if lexicon.is_file() else ())


def hear(
    file: Path, recogniser: Recogniser, grammar: Grammar | None, judge: Judge, second: Second | None = None
) -> Hearing:
    """Decode one recording as a single utterance; without a grammar freely. Raises UsageError for a bad file."""
    recording = load_recording(file, _TRAILING_SILENCE)
    begin = time.perf_counter()
    decoding = recogniser.open(grammar, recording.rate)
    decoding.feed(recording.samples)
    phrases = decoding.result()
    heard = Heard(Ending.SPEECH, phrases) if phrases else SILENCE
    if second is not None and phrases:
        heard = second(heard, recording)
    seconds = time.perf_counter() - begin
    made = judge(heard, grammar.read(heard.text) if grammar else Reading((), complete=False))
    rtf = seconds / (len(recording.samples) / recording.rate)
    text = heard.sentence.text if heard.sentence else heard.text
    confidence = heard.confidence if made.confidence is None else made.confidence
    return Hearing(
        str(file), text, made.kind, made.answer, round(confidence, 3), made.decision, made.also, round(rtf, 4)
    )


def again(turn: Turn, hearing: SecondHearing) -> Second:
    """Hears recordings a second time, where the ear of a conversation would do so at `turn`."""

    def second(heard: Heard, recording: Recording) -> Heard:
        whole, activity = hearing.utterance(recording.rate, turn.name), Activity(recording.rate)
        size = round(_BLOCK * recording.rate)
        for place in range(0, len(recording.samples), size):
            block = recording.samples[place : place + size]
            activity.feed(block)
            whole.feed(block, speaking=activity.speaking)
        if is_settled(heard, turn, whole):
            return heard
        return replace(heard, sentence=whole.sentence(until=max(phrase.end for phrase in heard.phrases)))

    return second


def hear_all(
    files: Iterable[Path],
    recogniser: Recogniser,
    grammar: Grammar | None,
    judge: Judge,
    out: TextIO,
    errors: TextIO,
    second: Second | None = None,
) -> int:
    """Write one JSON object a line to `out`, in the order of `files`; one sentence to `errors` for each that fails.

    Returns the exit status: 0, or that of UsageError when a file could not be read.
    """
    status = 0
    for file in files:
        try:
            hearing = hear(file, recogniser, grammar, judge, second)
        except UsageError as error:
            print(error, file=errors)
            status = error.exit_status
        else:
            print(json.dumps(asdict(hearing), ensure_ascii=False), file=out, flush=True)
    return status
