"""Puts one question until there is an answer, a doubt that counts as one, or a wish to be elsewhere."""

from collections.abc import Mapping
from typing import Final

from skill.dialogue.events import Asked, HeardSpeech
from skill.dialogue.faq import nearest
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Correction, Digression, Given, Outcome, Turnaround
from skill.dialogue.phrasebook import FAQ, YES_NO, Phrasebook
from skill.dialogue.prompts import Utterance
from skill.dialogue.understanding import (
    Alarmed,
    Command,
    Commanded,
    Corrects,
    Digressed,
    Gone,
    Meant,
    Puzzled,
    Silent,
    Unclear,
    Understanding,
    Wondered,
    is_complete,
    understand,
)
from skill.episodes.memory import Memory
from skill.errors import SoundError
from skill.listening.decision import Thresholds
from skill.listening.ear import CLOSED, Ear, Ending, Heard, Turn
from skill.listening.grammar import load_grammar
from skill.speaking.voice import Earcon
from skill.triage.model import NO, UNANSWERED, YES, Kind, Question

#: Seconds without speech before Charley asks again; a person in pain needs longer than the 2 s of small talk.
PATIENCE: Final = 7.0
#: Seconds of quiet that "wait" buys.
PAUSE: Final = 120.0
#: A question is put this often before it counts as unanswered.
TRIES: Final = 3
#: All turns that one question may take, commands included: nobody says "repeat" for ever.
TURNS: Final = 20

CONFIRM: Final = Question("confirm", Kind.YES_NO, YES_NO)

_TURNAROUNDS: Final[Mapping[Command, Turnaround]] = {
    Command.BACK: Turnaround.BACK,
    Command.START_OVER: Turnaround.START_OVER,
    Command.STOP: Turnaround.STOP,
}


class Asker:
    """Asks questions through a narrator and an ear."""

    def __init__(
        self, narrator: Narrator, ear: Ear, phrasebook: Phrasebook, thresholds: Thresholds, memory: Memory
    ) -> None:
        """`memory`: what "forget everything" deletes."""
        self._narrator = narrator
        self._prompts = narrator.prompts
        self._ear = ear
        self._phrasebook = phrasebook
        self._thresholds = thresholds
        self._memory = memory

    def ask(self, question: Question) -> Outcome:
        """Put `question` up to TRIES times. Silence and doubt end as UNANSWERED, which a red flag takes for a yes."""
        opening = self._sentences(f"questions.{question.id}.ask")
        saying, failures = opening, 0
        for _ in range(TURNS):
            heard, understood = self._put(question, *saying)
            match understood:
                case Gone():
                    return Turnaround.CLOSED
                case Alarmed():
                    alarm = self.alarm(understood)
                    if alarm is not None:
                        return alarm
                    saying = opening
                case Digressed(answers):
                    return Digression(answers)
                case Corrects(earlier):
                    return Correction(earlier)
                case Meant(value, sure, also):
                    confirmed = YES if sure else self._confirm(self._spoken(question, heard, str(value)))
                    if confirmed == YES:
                        self._narrator.sound(Earcon.UNDERSTOOD)
                        return Given(value, also)
                    if confirmed == UNANSWERED and question.red_flag is not None:
                        break
                    failures += 1
                    saying = (*self._sentences("dialogue.not_confirmed"), *opening)
                case Commanded(command) if command in _TURNAROUNDS:
                    return _TURNAROUNDS[command]
                case Commanded(Command.SKIP | Command.DONT_KNOW):
                    break
                case Commanded(Command.FORGET):
                    forgotten = self.forget()
                    if isinstance(forgotten, Alarm):
                        return forgotten
                    saying = (forgotten, *opening)
                case Commanded(command):
                    saying = (*self._obey(command, question), *opening)
                case Wondered(entry):
                    saying = (*self._sentences(f"{FAQ}.{entry}.answer"), *opening)
                case Puzzled(unknown):
                    saying = (self._offer_instead(unknown), *opening)
                case Silent() | Unclear():
                    failures += 1
                    saying = self._repair(question, failures, silent=isinstance(understood, Silent))
            if failures >= TRIES:
                break
        self._narrator.say("dialogue.skipped" if question.red_flag is None else "dialogue.assume_yes")
        return Given(UNANSWERED)

    def listen(
        self, question: Question, patience: float = PATIENCE, *, optional: bool = False
    ) -> tuple[Heard, Understanding]:
        """One turn of listening for `question`; what broke in while Charley spoke comes first.

        `optional`: nobody was asked, as in a hold.
        """
        phrasebook = self._phrasebook
        heard = self._narrator.interruption()
        if heard.ending is not Ending.SPEECH:
            turn = Turn(
                question.id,
                phrasebook.at(question),
                patience,
                lambda text: is_complete(text, question, phrasebook),
                optional,
            )
            heard = self._hear(turn)
        understood = understand(heard, question, phrasebook, self._thresholds)
        if heard.ending is Ending.SPEECH:
            accepted = not isinstance(understood, Unclear | Puzzled)
            self._narrator.note(HeardSpeech(heard.text, round(heard.confidence, 3), accepted))
            if not accepted:
                self._narrator.sound(Earcon.NOT_UNDERSTOOD)
        return heard, understood

    def alarm(self, understood: Alarmed) -> Alarm | None:
        """The alarm to act on; None when it was doubtful and is denied."""
        if understood.sure or self._confirm(understood.text) != NO:
            return Alarm(understood.alarm, understood.text)
        return None

    def forget(self) -> Utterance | Alarm:
        """Delete everything remembered after a plain yes; returns what to say of it, or the alarm heard instead."""
        _, reply = self._put(CONFIRM, self._prompts.utterance("dialogue.forget.confirm"))
        if isinstance(reply, Alarmed) and (alarm := self.alarm(reply)):
            return alarm
        if not (isinstance(reply, Meant) and reply.value == YES and reply.sure):
            return self._prompts.utterance("dialogue.forget.kept")
        return self._prompts.utterance("dialogue.forget.done" if self._memory.forget() else "dialogue.forget.failed")

    def _hear(self, turn: Turn) -> Heard:
        """Listen; a microphone that is lost is waited for, and counts as closed when it stays away."""
        for _ in range(TRIES):
            try:
                return self._ear.listen(turn)
            except SoundError:
                self._narrator.say("dialogue.microphone_lost")
        return CLOSED

    def _put(self, question: Question, *utterances: Utterance) -> tuple[Heard, Understanding]:
        text = utterances[-1].text
        self._narrator.note(Asked(question.id, question.kind, question.choices, text))
        self._narrator.deliver(*utterances)
        if not self._narrator.interrupted:
            self._narrator.sound(Earcon.LISTENING)
        return self.listen(question)

    def _confirm(self, answer: str) -> str:
        """Ask whether `answer` was heard right: YES, NO, or UNANSWERED after two tries."""
        for prompt in ("dialogue.confirm", "dialogue.confirm_again"):
            _, understood = self._put(CONFIRM, self._prompts.utterance(prompt, answer=answer))
            if isinstance(understood, Meant) and understood.value in (YES, NO) and understood.sure:
                return str(understood.value)
        return UNANSWERED

    def _repair(self, question: Question, failures: int, *, silent: bool) -> tuple[Utterance, ...]:
        """What to say after a silence or a mishearing: another apology and another wording at every try."""
        sorry = self._prompts.variants("dialogue.silence" if silent else "dialogue.no_match")
        wordings = (*self._prompts.variants(f"questions.{question.id}.again"), f"questions.{question.id}.options")
        turn = failures - 1
        return self._sentences(sorry[turn % len(sorry)], wordings[turn % len(wordings)])

    def _offer_instead(self, question: str) -> Utterance:
        """Say that an answer is not known, and which ones are."""
        wordings = {sentence: str(sense.value) for sentence, sense in load_grammar(FAQ).sentences.items()}
        first, second = (self._prompts.utterance(f"{FAQ}.{entry}.title").text for entry in nearest(question, wordings))
        return self._prompts.utterance("dialogue.unknown_question", first=first, second=second)

    def _obey(self, command: Command, question: Question) -> tuple[Utterance, ...]:
        """Carry out a command that stays at this question; returns what to say before the question comes again."""
        match command:
            case Command.HELP:
                return self._sentences(f"questions.{question.id}.options")
            case Command.WHY | Command.EXPLAIN:
                return self._sentences(f"questions.{question.id}.why")
            case Command.WAIT:
                self._narrator.say("dialogue.pause")
                self.listen(question, patience=PAUSE, optional=True)
                return ()
            case Command.SLOWER | Command.FASTER:
                self._narrator.change_pace(faster=command is Command.FASTER)
                return self._sentences(f"dialogue.{command}")
            case Command.LOUDER | Command.QUIETER:
                self._narrator.change_volume(louder=command is Command.LOUDER)
                return self._sentences(f"dialogue.{command}")
            case _:
                return ()

    def _spoken(self, question: Question, heard: Heard, value: str) -> str:
        """How an answer is said back: by the question's own words, the general ones, or as it was heard."""
        for prompt in (f"questions.{question.id}.values.{value}", f"dialogue.values.{value}"):
            if self._prompts.has(prompt):
                return self._prompts.utterance(prompt).text
        return heard.text

    def _sentences(self, *prompts: str) -> tuple[Utterance, ...]:
        return tuple(self._prompts.utterance(prompt) for prompt in prompts)
