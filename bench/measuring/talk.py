"""People who talk, aloud: what a voice says of an example, in noise and across a room, and what Charley hears of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import soxr

from measuring.rooms import distant
from skill.commands.hear import Second, again
from skill.language.grammar import Grammar
from skill.language.normalise import normalise
from skill.listening.ear import SILENCE, Ending, Heard, Turn
from skill.listening.moonshine import Moonshine, installed
from skill.listening.recogniser import Recogniser
from skill.listening.recording import Recording
from skill.listening.second_pass import SecondHearing
from skill.listening.sentence import Sentence, SentenceHearing
from skill.listening.source import Samples
from skill.system import resources
from skill.triage.model import Question
from skill.understanding.decision import is_plain
from skill.understanding.understand import Interpreter
from training.cases import Case, noisy, pcm
from training.examples.loader import Example
from training.features import RATE
from training.voices import ESPEAK_HELD_OUT, espeak_held_out

#: Conditions in which the same sentences are heard.
QUIET: Final = "quiet"
NOISE: Final = "noise, 10 dB"
FAR: Final = "3 m away"
_DECIBELS: Final = 10.0
_METRES: Final = 3.0
#: The highest sample of a rendered sentence, as a share of full scale.
_PEAK: Final = 0.5


@dataclass(frozen=True)
class Spoken:
    """A sound, and the example that it says."""

    example: Example
    case: Case


def voiced(examples: Sequence[Example]) -> list[Spoken]:
    """Each said by one of the espeak-ng voices that no training heard, by turns."""
    spoken = []
    for number, example in enumerate(examples):
        voice = ESPEAK_HELD_OUT[number % len(ESPEAK_HELD_OUT)]
        clip = espeak_held_out(example.said, np.random.default_rng([number, 0]), voice)
        sound = soxr.resample(clip.samples, clip.rate, RATE)
        sound *= _PEAK / (float(np.abs(sound).max()) + 1e-9)
        spoken.append(Spoken(example, Case(sound.astype(np.float32), example.said, voice)))
    return spoken


def in_conditions(spoken: Sequence[Spoken], noises: Sequence[np.ndarray]) -> Mapping[str, list[Spoken]]:
    """The same in quiet, in recorded noise and across a room."""
    cases = [one.case for one in spoken]
    changed = {QUIET: cases, FAR: distant(cases, _METRES)}
    if noises:
        changed[NOISE] = noisy(cases, noises, _DECIBELS)
    return {
        name: [replace(one, case=case) for one, case in zip(spoken, heard, strict=True)]
        for name, heard in changed.items()
    }


class WhisperSentences:
    """Whisper tiny.en as a SentenceHearing; what it needs is in `bench/requirements.txt`."""

    def __init__(self) -> None:
        from measuring.recognisers import Whisper

        self._whisper = Whisper(())

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """What is said, whatever was asked."""
        del moment
        samples = soxr.resample(sound.astype(np.float32) / 32_768, rate, RATE)
        return Sentence(normalise(self._whisper.transcribe(samples)), None, "whisper")

    def close(self) -> None:
        """Nothing to release."""


@dataclass
class Cost:
    """What the second hearing took, and how well it heard."""

    sentences: int = 0
    sound: float = 0.0
    """Seconds."""
    work: float = 0.0
    """Seconds from the end of the sound until the sentence was there; all of it was heard at once."""
    words: int = 0
    errors: int = 0

    def told(self) -> dict[str, float]:
        """As figures."""
        return {
            "sentences": self.sentences,
            "words_wrong_per_cent": round(100 * self.errors / max(1, self.words), 1),
            "real_time_factor": round(self.work / max(1e-9, self.sound), 3),
            "seconds_a_sentence": round(self.work / max(1, self.sentences), 3),
        }


class Listener:
    """Both hearings of one kind, as a conversation has them."""

    def __init__(self, recogniser: Recogniser, sentences: SentenceHearing | None) -> None:
        """`sentences`: None for the phrase pass alone."""
        self._recogniser = recogniser
        self._second = SecondHearing(sentences, hurried=False) if sentences else None
        self._cost = Cost()

    @property
    def hears_sentences(self) -> bool:
        """Whether there is a second hearing."""
        return self._second is not None

    def hear(self, spoken: Spoken, question: Question, reads: Interpreter) -> Heard:
        """What is heard of it in answer to `question`."""
        grammar = reads.phrasebook.at(question)
        recording = Recording(np.concatenate([pcm(spoken.case.sound), _TRAILING]), RATE)
        phrases = self._phrases(recording, grammar)
        heard = Heard(Ending.SPEECH, phrases.phrases) if phrases.phrases else SILENCE
        if self._second is None or heard is SILENCE:
            return heard
        turn = Turn(
            question.id,
            grammar,
            0.0,
            plain=lambda heard: is_plain(heard, grammar.read(heard.text), reads.thresholds, question),
        )
        began = time.perf_counter()
        second: Second = again(turn, self._second)
        heard = second(heard, recording)
        if heard.sentence is not None:
            self._count(spoken, heard.sentence, time.perf_counter() - began)
        return heard

    def take(self) -> Cost:
        """What the second hearing took since the last time that this was asked."""
        cost, self._cost = self._cost, Cost()
        return cost

    def close(self) -> None:
        """Release the second hearing."""
        if self._second:
            self._second.close()

    def _phrases(self, recording: Recording, grammar: Grammar) -> Heard:
        decoding = self._recogniser.open(grammar, recording.rate)
        decoding.feed(recording.samples)
        return Heard(Ending.SPEECH, decoding.result())

    def _count(self, spoken: Spoken, sentence: Sentence, seconds: float) -> None:
        said = normalise(spoken.example.said).split()
        self._cost.sentences += 1
        self._cost.sound += len(spoken.case.sound) / RATE
        self._cost.work += seconds
        self._cost.words += len(said)
        self._cost.errors += words_wrong(said, sentence.text.split())


_TRAILING: Final = np.zeros(RATE, np.int16)


def engines(recogniser: Recogniser) -> Mapping[str, Callable[[], SentenceHearing | None]]:
    """The second hearings that can be here, by name; None for the phrase pass alone."""
    found: dict[str, Callable[[], SentenceHearing | None]] = {"phrases alone": lambda: None}
    if installed():
        found["Moonshine"] = Moonshine
    found["Vosk"] = recogniser.sentences
    found["Whisper"] = WhisperSentences
    return found


def open_recogniser(phrases: frozenset[str]) -> Recogniser:
    """The shipped recogniser, for these phrases."""
    return Recogniser(resources.MODEL, phrases)


def words_wrong(said: Sequence[str], heard: Sequence[str]) -> int:
    """The least number of words to change, add or leave out."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for other, found in enumerate(heard, 1):
            before, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, before + (word != found))
    return row[-1]
