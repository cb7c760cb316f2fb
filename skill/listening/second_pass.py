"""Hears an utterance a second time, from memory, while the first hearing still waits for the end of the pause.

Begun when somebody pauses, dropped and begun again when they go on: by the time the pause is long enough to be the end,
most of it is done. A long utterance is heard in pieces, from pause to pause.
"""

import math
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTimeError
from typing import Final

import numpy as np

from skill.errors import HearingError
from skill.listening.sentence import Sentence, SentenceHearing
from skill.listening.source import Samples

#: Seconds from before somebody is noticed to speak that are heard too: words begin softly.
_PREROLL: Final = 0.6
#: Seconds of quiet that are a pause.
_PAUSE: Final = 0.2
#: Seconds of speech from which on what lies before a pause is a piece of its own, heard once and for all.
_PIECE: Final = 6.0
#: Seconds that somebody who has finished waits at most for the second hearing.
_PATIENCE: Final = 2.5
#: Failures and late results after which Charley goes on without it.
_TROUBLES: Final = 2
#: Seconds of work a second of sound above which the machine is too slow: nobody would be heard in time.
_TOO_SLOW: Final = 0.6
#: Seconds of sound that are heard before that is judged: the first hearing waits for the model to load.
_JUDGED_AFTER: Final = 6.0


class SecondHearing:
    """A SentenceHearing in a thread of its own, until it proves too slow or too frail for this machine."""

    def __init__(self, hearing: SentenceHearing, *, hurried: bool = True) -> None:
        """`hurried`: whether somebody waits for it; False for recordings, which take as long as they take."""
        self._hearing = hearing
        self._hurried = hurried
        self._thread = ThreadPoolExecutor(1, "sentences")
        self._troubles = 0
        self._work = self._sound = 0.0
        self._warm = False
        self.given_up = False
        """Whether Charley goes on without: nothing will be heard any more."""

    @property
    def patience(self) -> float:
        """Seconds that an utterance which is over is waited for."""
        return _PATIENCE if self._hurried else math.inf

    def utterance(self, rate: int, moment: str) -> "SecondPass":
        """Begin to remember one utterance, of sound at `rate` Hz in answer to `moment`."""
        return SecondPass(self, rate, moment)

    def begin(self, sound: Samples, rate: int, moment: str) -> Future[Sentence]:
        """Hear `sound` as soon as what was begun before is done."""
        return self._thread.submit(self._hear, sound, rate, moment)

    def trouble(self) -> None:
        """A hearing failed or came too late; after the second one Charley goes on without."""
        self._troubles += 1
        if self._troubles >= _TROUBLES:
            self.give_up()

    def give_up(self) -> None:
        """Go on without."""
        self.given_up = True
        self.close()

    def close(self) -> None:
        """Release the engine."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._hearing.close()

    def _hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        began = time.monotonic()
        sentence = self._hearing.hear(sound, rate, moment)
        if self._warm:
            self._work += time.monotonic() - began
            self._sound += len(sound) / rate
        self._warm = True
        return sentence

    @property
    def too_slow(self) -> bool:
        """Whether this machine cannot keep up, by all that it has heard."""
        return self._hurried and self._sound >= _JUDGED_AFTER and self._work > _TOO_SLOW * self._sound


class SecondPass:
    """One utterance: its sound, and what is being heard of it."""

    def __init__(self, second: SecondHearing, rate: int, moment: str) -> None:
        self._second = second
        self._rate = rate
        self._moment = moment
        self._before: deque[Samples] = deque()
        self._sound: list[Samples] = []
        self._pieces: list[Future[Sentence]] = []
        self._begun: Future[Sentence] | None = None
        self._heard = 0  # blocks of the sound that it hears
        self._until = 0.0  # the moment up to which it hears
        self._elapsed = self._quiet = self._speech = 0.0

    @property
    def speech(self) -> float:
        """Seconds in which somebody was loud, with the pauses in between that are none."""
        return self._speech

    def feed(self, samples: Samples, *, speaking: bool) -> None:
        """Take in the next sound; `speaking`: whether somebody seems to speak in it."""
        if self._second.given_up:
            return
        seconds = len(samples) / self._rate
        self._elapsed += seconds
        if not self._sound:
            self._before.append(samples)
            while sum(map(len, self._before)) > _PREROLL * self._rate and len(self._before) > 1:
                self._before.popleft()
            if not speaking:
                return
            self._sound = list(self._before)
        else:
            self._sound.append(samples)
        if speaking:
            self._speech += seconds + (self._quiet if self._quiet < _PAUSE else 0.0)
            self._quiet = 0.0
            self._go_on()
        else:
            self._quiet += seconds
            if self._quiet >= _PAUSE and self._begun is None:
                self._begin()

    def sentence(self, until: float) -> Sentence | None:
        """The whole utterance, of which the first hearing heard the end `until` seconds after the first sound.

        Waits for what is under way. None where the second hearing fails or comes too late.
        """
        if self._second.given_up:
            return None
        if self._begun is not None and until > self._until:
            self._go_on()
        if self._begun is None:
            self._begin()
        assert self._begun is not None
        latest = time.monotonic() + self._second.patience
        try:
            heard = [_in_time(piece, latest) for piece in (*self._pieces, self._begun)]
        except (HearingError, NotInTimeError):
            self._second.trouble()
            return None
        if self._second.too_slow:
            self._second.give_up()
        return _joined(heard)

    def _begin(self) -> None:
        sound = np.concatenate(self._sound or self._before)
        self._begun = self._second.begin(sound, self._rate, self._moment)
        self._heard, self._until = len(self._sound), self._elapsed

    def _go_on(self) -> None:
        """Speech goes on: a long piece stays, a short one is heard again with what follows."""
        if self._begun is None:
            return
        if sum(map(len, self._sound[: self._heard])) >= _PIECE * self._rate:
            self._pieces.append(self._begun)
            self._sound = self._sound[self._heard :]
        else:
            self._begun.cancel()
        self._begun = None


def _in_time(piece: Future[Sentence], latest: float) -> Sentence:
    """What became of `piece` by the moment `latest`. Raises TimeoutError, HearingError."""
    return piece.result(None if math.isinf(latest) else max(0.0, latest - time.monotonic()))


def _joined(heard: list[Sentence]) -> Sentence:
    """One sentence of all pieces; the confidence is the mean over their words."""
    said = [sentence for sentence in heard if sentence.text]
    confidences = [(sentence.word_count, sentence.confidence) for sentence in said if sentence.confidence is not None]
    words = sum(count for count, _ in confidences)
    confidence = sum(count * each for count, each in confidences) / words if words else None
    return Sentence(" ".join(sentence.text for sentence in said), confidence, heard[-1].engine)
