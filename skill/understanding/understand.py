"""From what was heard to what was meant: the phrases first, sentences by the learned reader."""

from collections.abc import Callable
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from skill.language.shipped import load_grammar
from skill.listening.ear import Ending, Heard
from skill.system import resources
from skill.triage.model import UNSURE, YES, Answer, Question
from skill.understanding.decision import Decision, Thresholds, decide, is_plain
from skill.understanding.meanings import DIARY, Alarmed, Command, Commanded, Gone, Meant, Noted, Silent, Understanding
from skill.understanding.phrasebook import COMMANDS, EMERGENCY, Phrasebook
from skill.understanding.phrases import by_phrases
from skill.understanding.reader.calibration import Stake, load_calibration
from skill.understanding.reader.reader import LoadingReader, load_reader
from skill.understanding.sentences import Judgement, Said, SentenceReader

#: Share of letters that two hearings of the same words have in common; those of other words share less.
_ALIKE: Final = 0.65


class Interpreter:
    """Reads what was heard as an answer to a question."""

    def __init__(
        self,
        phrasebook: Phrasebook,
        thresholds: Thresholds,
        sentences: SentenceReader | None,
        now: Callable[[], datetime],
    ) -> None:
        """`sentences`: None where only phrases are read. `now`: the time of day where the person is, with its zone."""
        self.phrasebook = phrasebook
        self.thresholds = thresholds
        self.sentences = sentences
        self._now = now

    def understand(self, heard: Heard, question: Question) -> Understanding:
        """What was meant. A short usual phrase settles it; everything else is read as a sentence."""
        if heard.ending is not Ending.SPEECH:
            return Gone() if heard.ending is Ending.CLOSED else Silent()
        said = self._sentence(heard, question)
        understood = self.sentences.understand(said, question) if self.sentences and said else None
        understood = understood or by_phrases(heard, question, self.phrasebook, self.thresholds, self._now())
        return self._for_the_diary(heard, understood, question) or understood

    def _for_the_diary(self, heard: Heard, otherwise: Understanding, question: Question) -> Understanding | None:
        """What is asked of the diary, in the whole sentences of the grammar, or told to it after words such as "note
        that". `otherwise` is what it means else: an alarm is never taken for it, nor a note for a yes to a red flag.
        """
        said = sentence_of(heard)
        words = said.text if said else heard.words
        if isinstance(otherwise, Alarmed):
            return None
        sense = load_grammar(COMMANDS).read(words).sole
        if sense and sense.value in DIARY:
            return Commanded(Command(str(sense.value)))
        flagged = isinstance(otherwise, Meant) and question.red_flag is not None and otherwise.value in (YES, UNSURE)
        note = "" if flagged else self.phrasebook.to_be_noted(words)
        return Noted(note) if note else None

    def judge(self, heard: Heard, question: Question) -> Judgement | None:
        """How the sentence in it was judged; None where the phrases settled it, or there was none."""
        said = self._sentence(heard, question)
        return self.sentences.judge(said, question) if self.sentences and said else None

    def told(self, heard: Heard, question: Question) -> tuple[Answer, ...]:
        """What a sentence tells of other questions than `question`, whatever it says to this one."""
        said = sentence_of(heard)
        return self.sentences.in_passing(said, question) if self.sentences and said else ()

    def _sentence(self, heard: Heard, question: Question) -> Said | None:
        """What is to be read as a sentence; None where a short usual phrase settles it, or two that sound alike.

        An alarm among the phrases is for the sentence to share: "my chest is tight", "my chest is fine".
        A phrase does not settle it where the reader is certain of another meaning here: "fine", of one's bladder.
        """
        reading, said = self.phrasebook.at(question).read(heard.text), sentence_of(heard)
        alarm = any(sense.topic == EMERGENCY for sense in reading.senses)
        whole = not alarm and decide(heard, reading, self.thresholds, question) is Decision.ACCEPT and _alike(heard)
        if not whole and not is_plain(heard, reading, self.thresholds, question):
            return said
        said = said or Said(heard.words, True, 1.0)
        return said if self.sentences and self.sentences.denies(reading, said, question) else None


def interpreter(
    phrasebook: Phrasebook, thresholds: Thresholds, now: Callable[[], datetime], *, confidence_known: bool = True
) -> Interpreter:
    """An interpreter with the shipped reader. Raises InstallationError.

    `confidence_known`: where nobody tells how surely the words were made out, a no to a red flag counts at once in its
    usual words alone; in any others it is asked back.
    """
    calibration = load_calibration(resources.READER)
    if not confidence_known:
        calibration = calibration.asking_back(Stake.RED_FLAG_NO)
    return Interpreter(
        phrasebook, thresholds, SentenceReader(LoadingReader(load_reader), calibration, phrasebook, now), now
    )


def sentence_of(heard: Heard) -> Said | None:
    """The sentence in what was heard: that of the second hearing, or what was typed; None where there is none."""
    if heard.sentence is not None:
        words = heard.sentence.text.split()
        first = set(heard.words.split())
        return Said(heard.sentence.text, True, sum(word in first for word in words) / max(len(words), 1))
    if heard.typed:
        return Said(heard.text, False, 1.0)
    return None


def _alike(heard: Heard) -> bool:
    """Whether both hearings spell nearly the same: "what is a charley horse", "what in a tally horse"."""
    if heard.sentence is None:
        return False
    return SequenceMatcher(None, heard.words, heard.sentence.text, autojunk=False).ratio() >= _ALIKE
