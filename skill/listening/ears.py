"""Ears: sound with a recogniser, and recordings."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from skill.language.grammar import Grammar
from skill.listening.activity import Activity
from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Phrase, Turn
from skill.listening.openness import Openness, OverOwnVoice
from skill.listening.recogniser import Decoding, Recogniser
from skill.listening.recording import load_recording
from skill.listening.second_pass import SecondHearing, SecondPass
from skill.listening.source import Source
from skill.system.clock import Clock

#: Seconds of sound between two looks at the partial result.
_BLOCK: Final = 0.04
#: Seconds of quiet that are a pause, not the stop in a word: a complete partial result need not wait for the endpoint.
_QUIET: Final = 0.16
#: Seconds of quiet that end a sentence: who tells a story pauses for longer than who answers in a phrase.
_END_OF_SENTENCE: Final = 0.7
#: Seconds that a phrase and each of its words take at most; speech that goes on for longer said more than that.
_SLOW_PHRASE: Final = 0.7
_SLOW_WORD: Final = 0.6
#: Seconds of sound for which a partial result must stay the same to interrupt Charley.
_SETTLED: Final = 0.04
#: Seconds that an answer that breaks in may run past the end of the question.
_LATE: Final = 1.0
#: Seconds that speech under way may run past a turn's patience.
_OVERTIME: Final = 12.0
#: Seconds of silence between two signs that Charley still listens, and before the end of a turn, which is one itself.
_SIGN: Final = 2.5
_LAST_SIGN: Final = 1.7
#: Words in a hesitation, such as "um": listening goes on after it.
_HESITATION: Final = 2
#: Seconds of silence after a recording, so that its last word is heard to the end.
_TRAILING_SILENCE: Final = 1.0


class SoundEar:
    """Listens to a source with a recogniser. Time is counted in sound, not by a clock."""

    def __init__(
        self,
        source: Source,
        recogniser: Recogniser,
        reassure: Callable[[], None] = lambda: None,
        second: SecondHearing | None = None,
        over: OverOwnVoice | None = None,
    ) -> None:
        """`reassure`: makes a short sound that says that Charley still listens, and returns when it is over.

        `second`: hears sentences; None where nothing can. `over`: says what may be believed of what is heard while
        Charley speaks; None where all of it may.
        """
        self._source = source
        self._recogniser = recogniser
        self._reassure = reassure
        self._second = second
        self._over = over
        self._overheard = False

    def listen(self, turn: Turn) -> Heard:
        """Wait for one utterance; what was said before is forgotten, except right after `overhear`."""
        self._begin()
        utterance = _Utterance(self._recogniser.open(turn.grammar, self._source.rate), turn.grammar)
        activity = Activity(self._source.rate)
        again = self._again(turn)
        elapsed = signed = 0.0
        while True:
            samples = self._source.read(_BLOCK)
            if samples is None:
                heard = utterance.finish()
                return self._with_sentence(heard, turn, again) if heard else CLOSED
            elapsed += len(samples) / self._source.rate
            activity.feed(samples)
            if again:
                again.feed(samples, speaking=activity.speaking)
            endpoint = utterance.decoding.feed(samples)
            text = utterance.decoding.partial()
            paused = activity.quiet >= _QUIET
            early = turn.complete and text and paused and not utterance.phrases and turn.complete(text)
            late = elapsed >= turn.patience and not text and not utterance.phrases and paused
            over = late or elapsed >= turn.patience + _OVERTIME
            ended = utterance.phrases and activity.quiet >= _END_OF_SENTENCE
            if endpoint or early or over or ended:
                heard = utterance.finish()
                if heard is None and (early or over):
                    return SILENCE
                if heard and (over or ended or self._whole(heard, turn, again)):
                    return self._with_sentence(heard, turn, again)
                if heard:
                    utterance.phrases = heard.phrases
            if text or activity.speaking:
                signed = elapsed
            elif elapsed - signed >= _SIGN and turn.patience - elapsed >= _LAST_SIGN:
                self._reassure()
                self._source.skip()  # it was heard here too
                signed = elapsed

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Listen for what breaks in while `playing()`; while something is asked, who has begun by then may finish."""
        self._begin()
        decoding = self._recogniser.open(turn.grammar, self._source.rate, hurried=True)
        utterance = _Utterance(decoding, turn.grammar)
        activity = Activity(self._source.rate)
        answering, late = False, 0.0
        while (speaking := playing()) or (turn.answers and activity.quiet < _QUIET and late < _LATE):
            samples = self._source.read(_BLOCK)
            if samples is None:
                return CLOSED
            seconds = len(samples) / self._source.rate
            late += 0.0 if speaking else seconds
            activity.feed(samples)
            ended = utterance.decoding.feed(samples)
            text = utterance.decoding.partial()
            answering = turn.answers is not None and turn.answers(Heard(Ending.SPEECH, (Phrase(text, 1.0),)))
            paused = answering and activity.quiet >= _QUIET
            if ended or paused or utterance.settled(text, seconds, turn.interrupts) >= _SETTLED:
                heard = utterance.finish()  # a partial may look like an interruption that the final result denies
                if heard and turn.breaks_in(heard) and self._believes(heard, turn):
                    self._overheard = True
                    return heard
                answering = False
        # else the end of what was played would be taken for an answer to it
        self._overheard = self._over is None or self._over.openness is Openness.ANSWERS
        heard = utterance.finish()
        if heard and (turn.breaks_in(heard) if answering else turn.interrupts(heard.text)):
            return heard if self._believes(heard, turn) else SILENCE
        return SILENCE

    def close(self) -> None:
        """Release the source, the recogniser and the second hearing."""
        self._source.close()
        self._recogniser.close()
        if self._second:
            self._second.close()

    def _believes(self, heard: Heard, turn: Turn) -> bool:
        """Whether somebody else has said what was heard while Charley spoke."""
        if self._over is None:
            return True
        needed = Openness.ALARMS if turn.interrupts(heard.text) else Openness.ANSWERS
        return self._over.openness >= needed and not self._over.is_own_voice()

    def _begin(self) -> None:
        if not self._overheard:
            self._source.skip()
        self._overheard = False

    def _again(self, turn: Turn) -> SecondPass | None:
        """What hears this turn's sentences, if anything does."""
        if self._second is None or self._second.given_up or turn.plain is None:
            return None
        return self._second.utterance(self._source.rate, turn.name)

    def _whole(self, heard: Heard, turn: Turn, again: SecondPass | None) -> bool:
        """Whether nothing more need be waited for: a plain phrase, or a longer one in which both hearings agree."""
        if again is None or is_settled(heard, turn, again):
            return True
        return turn.grammar.read(heard.text).complete and self._with_sentence(heard, turn, again).agrees

    def _with_sentence(self, heard: Heard, turn: Turn, again: SecondPass | None) -> Heard:
        """The same, heard a second time where that is of use."""
        if again is None or is_settled(heard, turn, again):
            return heard
        sentence = again.sentence(until=max(phrase.end for phrase in heard.phrases))
        return replace(heard, sentence=sentence, given_up=self._second is not None and self._second.given_up)


def is_settled(heard: Heard, turn: Turn, again: SecondPass) -> bool:
    """Whether the phrases are what was said: usual ones, and as long as it took to say them."""
    most = _SLOW_PHRASE + _SLOW_WORD * heard.word_count
    return turn.plain is None or (again.speech <= most and turn.plain(heard))


class _Utterance:
    """One decoding, with pauses that did not end it, and how long its partial result has stayed the same."""

    def __init__(self, decoding: Decoding, grammar: Grammar) -> None:
        self.decoding = decoding
        self._grammar = grammar
        self.phrases: tuple[Phrase, ...] = ()
        """What was said before the last pause."""
        self._text = ""
        self._stable = 0.0

    def settled(self, text: str, seconds: float, complete: Callable[[str], bool]) -> float:
        """Seconds of sound, `seconds` of it new, for which `text` has been the same complete partial."""
        self._stable = self._stable + seconds if text and text == self._text else 0.0
        self._text = text
        return self._stable if text and complete(text) else 0.0

    def finish(self) -> Heard | None:
        """All that was said; None when it was nothing, or a hesitation. More sound may follow."""
        phrases = self.phrases + self.decoding.result()
        words = sum(len(phrase.text.split()) for phrase in phrases)
        if words <= _HESITATION and all(phrase.text in self._grammar.fillers for phrase in phrases):
            return None
        return Heard(Ending.SPEECH, phrases)


class RecordingEar:
    """Answers every turn with the next recording; CLOSED when none is left. Nothing is overheard."""

    def __init__(self, paths: Iterable[Path], recogniser: Recogniser, clock: Clock) -> None:
        self._paths = iter(paths)
        self._recogniser = recogniser
        self._clock = clock

    def listen(self, turn: Turn) -> Heard:
        """What the next recording says; SILENCE when it says nothing. Raises UsageError for an unreadable file.

        A recording answers a question; where nobody was asked the turn's patience passes in silence.
        """
        if turn.optional:
            self._clock.sleep(turn.patience)
            return SILENCE
        path = next(self._paths, None)
        if path is None:
            return CLOSED
        heard = SoundEar(load_recording(path, _TRAILING_SILENCE), self._recogniser).listen(turn)
        return SILENCE if heard.ending is Ending.CLOSED else heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """Nobody interrupts in a recording."""
        del turn, playing
        return SILENCE

    def close(self) -> None:
        """Nothing to release."""
