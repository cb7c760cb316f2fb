"""Sleeps until somebody says the wake phrase: a gate by loudness, and behind it the recogniser with a small grammar.

While the room is quiet nothing is decoded. When it grows loud, decoding begins with the sound of the moment before.
What is taken for the wake phrase is heard once more, beside everything else that may be said to Charley: other speech
finds a better match there.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from skill.errors import HearingError, SoundError
from skill.language.grammar import Grammar
from skill.language.shipped import load_grammar
from skill.listening.activity import Activity
from skill.listening.ear import SILENCE, Ending, Heard
from skill.listening.recogniser import Decoding, Recogniser
from skill.listening.source import Samples, Source

#: The grammar's name, and the value of its greetings.
WAKE: Final = "wake"
#: The value of its calls for help.
CALL: Final = "call"
WAKING: Final = frozenset({WAKE, CALL})

#: Seconds of sound between two looks at the partial result.
_BLOCK: Final = 0.05
#: Blocks from before the gate opened that are decoded too: "hey" is softer than "Charley".
_PREROLL: Final = 14
#: Seconds of quiet that close the gate: in fear or in pain people pause between "Charley" and "help".
_HANGOVER: Final = 1.5
#: Seconds of quiet after a wake phrase at which it is judged.
_PAUSE: Final = 0.3
#: Seconds of quiet that end what is said with a wake phrase.
_END: Final = 1.4
#: Seconds after which a wake phrase in running speech is judged.
_SETTLED: Final = 0.8
#: Seconds after which running speech is cut: what is kept of it stays small.
_LONGEST: Final = 10.0
#: Seconds for which somebody may go on: "hey Charley, my calf is cramping".
_REQUEST: Final = 3.0


#: How many times likelier than its rivals the plain wake phrase is. At 10, near misses wake too (`bench/wake.py`).
_LIKELY: Final = 3
#: The same at the second hearing, where thousands of answers lie beside it; and of its other wordings.
_LIKELY_AGAIN: Final = 100
_OTHERWISE_AGAIN: Final = 15


@dataclass(frozen=True, slots=True)
class Woken:
    """What somebody said to wake Charley."""

    sound: Samples
    """From before the wake phrase to the pause after it, with what was said in between; shape (n,)."""
    confidence: float
    """0..1, the recogniser's posterior for the wake phrase."""
    called: bool = False
    """Whether it was a call for help: somebody is there, even if nothing more is heard of them."""


class WakeWord:
    """Listens to a source for the wake phrase."""

    def __init__(self, source: Source, recogniser: Recogniser, confidence: float, answers: Grammar) -> None:
        """`confidence`, 0..1: the least with which a wake phrase counts, see `Thresholds`.

        `answers`: what may be said to Charley once it is awake.
        """
        self._source = source
        self._recogniser = recogniser
        self._confidence = confidence
        self._grammar = wake_grammar()
        self._answers = answers
        self._activity = Activity(source.rate)
        self._everything = _wake_phrases().expected(_LIKELY_AGAIN, _OTHERWISE_AGAIN).union(answers)

    def wait(self, called: Callable[[], bool] = lambda: False) -> Woken | None:
        """Sleep until the wake phrase; None as soon as `called()` is true, or the source has ended.

        Raises SoundError when the source cannot be opened, or has stopped delivering; HearingError when the recogniser
        breaks down.
        """
        self._source.skip()
        rate = self._source.rate
        activity = self._activity = Activity(rate)
        before: deque[Samples] = deque(maxlen=_PREROLL)
        speech: _Speech | None = None
        while not called() and (samples := self._source.read(_BLOCK)) is not None:
            activity.feed(samples)
            before.append(samples)
            if speech is not None:
                speech.feed(samples)
            elif activity.speaking:
                speech = _Speech(self._recogniser.open(self._grammar, rate), self._grammar, rate)
                speech.feed(np.concatenate(before))
            if speech is not None and speech.due(activity.quiet):
                confidence = speech.confidence()
                if confidence > 0 and confidence >= self._confidence:
                    sound = self._to_the_pause(speech.sound, _PAUSE)
                    said = self._again(sound)
                    if said & WAKING:
                        return Woken(sound, confidence, called=CALL in said)
                speech = None
        return None

    def request(self, woken: Woken) -> Heard:
        """What was said beside the wake phrase, or follows it after a pause; SILENCE where nothing of it is an answer.

        The same when the recogniser or the microphone breaks down: whoever calls is asked, whatever happens.
        """
        grammar = self._answers
        wake_phrases = {sentence for sentence, sense in self._grammar.sentences.items() if sense.value in WAKING}
        answers = {sentence: sense for sentence, sense in grammar.sentences.items() if sentence not in wake_phrases}
        around = replace(grammar, sentences=answers, fillers=grammar.fillers | wake_phrases)
        try:
            sound = self._to_the_pause(woken.sound, _END)
            decoding = self._recogniser.open(around, self._source.rate, hurried=True)
            decoding.feed(sound)
            heard = Heard(Ending.SPEECH, decoding.result())
        except (HearingError, SoundError):
            return SILENCE
        return heard if around.read(heard.text).senses else SILENCE

    def _again(self, sound: Samples) -> set[str]:
        """The wake values in it, where all else that may be said to Charley lies beside them."""
        decoding = self._recogniser.open(self._everything, self._source.rate)
        decoding.feed(sound)
        text, _ = decoding.hearing().likeliest
        return {str(sense.value) for sense in self._everything.read(text).senses if sense.topic == WAKE}

    def _to_the_pause(self, sound: Samples, pause: float) -> Samples:
        """`sound` and what follows it until the person has been quiet for `pause` seconds."""
        parts, most = [sound], round(_REQUEST / _BLOCK)
        while self._activity.quiet < pause and len(parts) <= most:
            samples = self._source.read(_BLOCK)
            if samples is None:
                break
            self._activity.feed(samples)
            parts.append(samples)
        return np.concatenate(parts)


class _Speech:
    """One stretch of speech under way."""

    def __init__(self, decoding: Decoding, grammar: Grammar, rate: int) -> None:
        self._decoding = decoding
        self._grammar = grammar
        self._rate = rate
        self._parts: list[Samples] = []
        self._seconds = 0.0
        self._since = 0.0  # seconds since the partial result first held a wake phrase

    @property
    def sound(self) -> Samples:
        """All of it, shape (n,)."""
        return np.concatenate(self._parts)

    def feed(self, samples: Samples) -> None:
        """Take in the next sound."""
        seconds = len(samples) / self._rate
        self._parts.append(samples)
        self._seconds += seconds
        self._decoding.feed(samples)  # past the endpoint too: it comes at half a second of quiet
        self._since = self._since + seconds if _wakes(self._grammar, self._decoding.partial()) else 0.0

    def due(self, quiet: float) -> bool:
        """Whether it is time to judge, after `quiet` seconds without speech."""
        if quiet >= _HANGOVER or self._seconds >= _LONGEST:
            return True
        return self._since >= _SETTLED or (self._since > 0 and quiet >= _PAUSE)

    def confidence(self) -> float:
        """How sure it is that a wake phrase was said, 0..1; 0 where none was. Ends the decoding."""
        text, posterior = self._decoding.hearing().likeliest
        return posterior if _wakes(self._grammar, text) else 0.0


def wake_grammar() -> Grammar:
    """The wake phrases and their rivals, without the fillers of conversation, which would be further rivals."""
    return _wake_phrases().expected(_LIKELY, 1)


def _wake_phrases() -> Grammar:
    return replace(load_grammar(WAKE), fillers=frozenset())


def _wakes(grammar: Grammar, text: str) -> bool:
    return any(sense.topic == WAKE and sense.value in WAKING for sense in grammar.read(text).senses)
