"""What it means to listen: the dialogue says what may be answered and for how long, and gets back what was heard."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from skill.language.normalise import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from skill.language.grammar import Grammar
    from skill.listening.sentence import Sentence


class Ending(StrEnum):
    """Why listening stopped."""

    SPEECH = "speech"
    """Somebody spoke (or typed) and paused."""
    SILENCE = "silence"
    """Nobody spoke within the patience of the turn."""
    CLOSED = "closed"
    """The source has ended for good: end of input, microphone gone."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the grammar in the transcript; `[unk]` stands for speech that is no entry."""

    text: str
    confidence: float
    """0..1, the recogniser's posterior for this entry."""
    start: float = 0.0
    """Seconds from the start of listening."""
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back from one turn of listening."""

    ending: Ending
    phrases: tuple[Phrase, ...] = ()
    sentence: "Sentence | None" = None
    """The same sound heard a second time; None where the phrases settle it, or nothing can hear sentences."""
    typed: bool = False
    """Whether the text is a typed line: beyond doubt, and a whole sentence."""
    given_up: bool = False
    """Whether the second hearing has proved too slow or too frail for this machine just now: there will be none."""

    @property
    def text(self) -> str:
        """The transcript, `[unk]` included."""
        return " ".join(phrase.text for phrase in self.phrases)

    @property
    def said(self) -> str:
        """The best transcript there is: that of the second hearing, where there was one."""
        return self.text if self.sentence is None else self.sentence.text

    @property
    def words(self) -> str:
        """What could be made out of it: the transcript without `[unk]`, to be said back."""
        return " ".join(phrase.text for phrase in self.phrases if phrase.text != UNKNOWN)

    @property
    def confidence(self) -> float:
        """The least sure phrase decides; 0 when nothing was heard."""
        return min((phrase.confidence for phrase in self.phrases), default=0.0)

    @property
    def word_count(self) -> int:
        """Words in the transcript, `[unk]` counted as one."""
        return len(self.text.split())

    @property
    def agrees(self) -> bool:
        """Whether both hearings have the same words: those of the phrases stand in the sentence, in their order."""
        if self.sentence is None or not self.words:
            return False
        rest = iter(self.sentence.text.split())
        return all(word in rest for word in self.words.split())


SILENCE = Heard(Ending.SILENCE)
CLOSED = Heard(Ending.CLOSED)
HUSHED = Heard(Ending.SILENCE, typed=True)
"""Somebody pressed Enter while Charley spoke, and said nothing."""


def typed(line: str) -> Heard:
    """A typed line as something heard beyond doubt; SILENCE when it is empty."""
    text = line.strip()
    return Heard(Ending.SPEECH, (Phrase(text, 1.0),), typed=True) if text else SILENCE


@dataclass(frozen=True, slots=True)
class Turn:
    """What the dialogue is waiting for."""

    name: str
    """The question's id, or the name of another kind of wait, such as `confirm` or `coaching`."""
    grammar: "Grammar"
    patience: float
    """Seconds without speech after which listening ends with SILENCE. Speech under way may run past it."""
    complete: "Callable[[str], bool] | None" = None
    """Says whether a partial transcript is whole and unambiguous; None where only the final result may count."""
    optional: bool = False
    """Whether nobody was asked: somebody may speak, but silence is as good."""
    answers: "Callable[[Heard], bool] | None" = None
    """While Charley speaks: whether this, said by somebody who has paused since, answers what is being asked; None
    where nothing is."""
    plain: "Callable[[Heard], bool] | None" = None
    """Whether what was heard is a short usual phrase, which needs no second hearing; None where nothing does."""

    def interrupts(self, text: str) -> bool:
        """Whether something overheard while Charley speaks is to be acted on at once, however unsure it is."""
        return self.complete(text) if self.complete else bool(self.grammar.read(text).senses)

    def breaks_in(self, heard: Heard) -> bool:
        """Whether something overheard while Charley speaks counts at all."""
        return self.interrupts(heard.text) or (self.answers is not None and self.answers(heard))


class Ear(Protocol):
    """Something that can listen: a microphone with a recogniser, a keyboard, a recording, a simulated patient."""

    def listen(self, turn: Turn) -> Heard:
        """Wait for one utterance. Raises SoundError when the source cannot be opened or stays lost."""
        ...

    def overhear(self, turn: Turn, playing: "Callable[[], bool]") -> Heard:
        """Listen while `playing()` is true for what breaks in at `turn`; SILENCE when it ends without."""
        ...

    def close(self) -> None:
        """Release the source."""
        ...
