"""What the recogniser makes of recordings: the command `charley hear`."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TextIO

from skill.errors import UsageError
from skill.language.grammar import Grammar, Reading, Sense
from skill.language.normalise import normalise
from skill.listening.ear import SILENCE, Ending, Heard
from skill.listening.lexicon import Lexicon
from skill.listening.recogniser import Recogniser
from skill.listening.recording import load_recording
from skill.triage.model import Value
from skill.understanding.decision import Decision, Thresholds, decide

#: Seconds of silence after a recording, so that its last word is heard to the end.
_TRAILING_SILENCE: Final = 1.0

#: What was heard and its reading as an answer, and how far to trust it.
Judge = Callable[[Heard, Reading], tuple[Value | None, Decision]]


@dataclass(frozen=True, slots=True)
class Hearing:
    """One line of the command's output."""

    file: str
    text: str
    answer: Value | None
    confidence: float
    decision: Decision
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

    def judge(heard: Heard, reading: Reading) -> tuple[Value | None, Decision]:
        decision = decide(heard, reading, thresholds)
        return (None if decision is Decision.REJECT else reading.senses[0].value), decision

    return judge


def judge_freely(thresholds: Thresholds) -> Judge:
    """There is no answer to find; the confidence alone decides."""

    def judge(heard: Heard, _reading: Reading) -> tuple[Value | None, Decision]:
        if heard.confidence >= thresholds.accept:
            return None, Decision.ACCEPT
        return None, Decision.CONFIRM if heard.confidence >= thresholds.confirm else Decision.REJECT

    return judge


def free_recogniser(model: Path) -> Recogniser:
    """A recogniser for every word of the model's lexicon; a standard Vosk model brings its own language model."""
    lexicon = model / "lexicon.txt"
    return Recogniser(model, Lexicon(lexicon).words if lexicon.is_file() else ())


def hear(file: Path, recogniser: Recogniser, grammar: Grammar | None, judge: Judge) -> Hearing:
    """Decode one recording as a single utterance; without a grammar freely. Raises UsageError for a bad file."""
    recording = load_recording(file, _TRAILING_SILENCE)
    begin = time.perf_counter()
    decoding = recogniser.open(grammar, recording.rate)
    decoding.feed(recording.samples)
    phrases = decoding.result()
    seconds = time.perf_counter() - begin
    heard = Heard(Ending.SPEECH, phrases) if phrases else SILENCE
    answer, decision = judge(heard, grammar.read(heard.text) if grammar else Reading((), complete=False))
    rtf = seconds / (len(recording.samples) / recording.rate)
    return Hearing(str(file), heard.text, answer, round(heard.confidence, 3), decision, round(rtf, 4))


def hear_all(
    files: Iterable[Path], recogniser: Recogniser, grammar: Grammar | None, judge: Judge, out: TextIO, errors: TextIO
) -> int:
    """Write one JSON object a line to `out`, in the order of `files`; one sentence to `errors` for each that fails.

    Returns the exit status: 0, or that of UsageError when a file could not be read.
    """
    status = 0
    for file in files:
        try:
            hearing = hear(file, recogniser, grammar, judge)
        except UsageError as error:
            print(error, file=errors)
            status = error.exit_status
        else:
            print(json.dumps(asdict(hearing), ensure_ascii=False), file=out, flush=True)
    return status
