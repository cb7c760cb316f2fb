"""Puts one question until there is an answer, a doubt that counts as one, or a wish to be elsewhere."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from typing import Final

from skill.dialogue.amounts import spoken_amount
from skill.dialogue.events import Asked, HeardSpeech
from skill.dialogue.looking_back import how_often, what_helped
from skill.dialogue.manner import WISHES
from skill.dialogue.narrator import Narrator
from skill.dialogue.noting import take_note
from skill.dialogue.outcome import Alarm, Correction, Digression, Given, Outcome, Turnaround
from skill.dialogue.prompts import Utterance
from skill.dialogue.repair import Repair
from skill.dialogue.reporting import Reporter, write_report
from skill.episodes.memory import Memory
from skill.errors import HearingError, InstallationError, SoundError
from skill.language.shipped import load_grammar
from skill.listening.ear import CLOSED, Ear, Ending, Heard, Turn
from skill.speaking.voice import Earcon
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Answer, Kind, Question, Value
from skill.understanding.barge_in import while_asking
from skill.understanding.decision import is_plain
from skill.understanding.faq import nearest
from skill.understanding.meanings import (
    Alarmed,
    Command,
    Commanded,
    Corrects,
    Digressed,
    Gone,
    Meant,
    Noted,
    Puzzled,
    Silent,
    Trouble,
    Unclear,
    Understanding,
    Wondered,
)
from skill.understanding.moments import CONFIRM
from skill.understanding.phrasebook import FAQ, YES_NO
from skill.understanding.phrases import is_complete
from skill.understanding.understand import Interpreter

#: Seconds without speech before Charley asks again; a person in pain needs longer than the 2 s of small talk.
PATIENCE: Final = 7.0
#: Seconds of quiet that "wait" buys.
PAUSE: Final = 120.0
#: All turns that one question may take, commands included: nobody says "repeat" for ever.
TURNS: Final = 20
#: How often a microphone or a recogniser that is lost is waited for.
REOPENINGS: Final = 3
#: How often Charley asks whether it heard right.
CONFIRMATIONS: Final = 2

_TURNAROUNDS: Final[Mapping[Command, Turnaround]] = {
    Command.BACK: Turnaround.BACK,
    Command.START_OVER: Turnaround.START_OVER,
    Command.SUMMARY: Turnaround.SUMMARY,
    Command.STOP: Turnaround.STOP,
}


class Asker:
    """Asks questions through a narrator and an ear."""

    def __init__(
        self,
        narrator: Narrator,
        ear: Ear,
        interpreter: Interpreter,
        memory: Memory,
        reporter: Reporter,
        *,
        keyboard: bool = False,
    ) -> None:
        """`memory`: what "forget everything" deletes. `reporter`: what writes for a doctor.

        `keyboard`: whether a voice's `ear` takes typed lines too.
        """
        self._narrator = narrator
        self._prompts = narrator.prompts
        self._ear = ear
        self._interpreter = interpreter
        self._phrasebook = interpreter.phrasebook
        self._thresholds = interpreter.thresholds
        self._memory = memory
        self._reporter = reporter
        self._keyboard = keyboard
        self._confirmations = cycle(self._prompts.variants("dialogue.confirm"))
        self._unsettled = ""
        """The question that was put last, until it is settled."""
        self.broken: InstallationError | None = None
        """Why nothing can be heard at all; the advice is said nevertheless."""

    def ask(self, question: Question, *, doubtful: bool = False) -> Outcome:
        """Put `question` until its tries are used up. Silence and doubt end as UNANSWERED: at a red flag, a yes.

        `doubtful`: whether anybody is there at all; then nothing but silence, twice, ends as NOBODY.
        """
        repeated = question.id == self._unsettled
        self._unsettled = "" if self._narrator.interrupted else question.id  # what was said before drowns the question
        saying = self._opening(question, repeated=repeated)
        repair = Repair(self._prompts, question, saying[-1].prompt, keyboard=self._keyboard)
        for _ in range(TURNS):
            heard, understood = self.put(question, *saying)
            doubtful = doubtful and isinstance(understood, Silent)
            match understood:
                case Silent() if doubtful and repair.trouble is Trouble.SILENCE:
                    return Turnaround.NOBODY
                case Meant(value, sure, also):
                    reply = YES if sure else self.confirm(self._spoken(question, heard, value))
                    if isinstance(reply, Alarm | Turnaround):
                        return reply
                    if reply == YES:
                        return self._settle(value, *also)
                    if reply == UNANSWERED and question.red_flag is not None:
                        return self._leave(question, Trouble.LOW_CONFIDENCE)
                    saying = repair.after(Trouble.DENIED if reply == NO else Trouble.LOW_CONFIDENCE)
                case Silent():
                    saying = repair.after(Trouble.SILENCE)
                case Unclear(trouble):
                    saying = repair.after(trouble)
                case Commanded(Command.SKIP | Command.DONT_KNOW):
                    return self._leave(question, None)
                case _:
                    steered = self._steer(understood, question)
                    if not isinstance(steered, tuple):
                        return steered
                    saying = (*steered, *self._opening(question, repeated=repeated))
            if repair.exhausted:
                break
        return self._ask_smaller(question) if question.smaller else self._leave(question, repair.trouble)

    def put(self, question: Question, *utterances: Utterance) -> tuple[Heard, Understanding]:
        """Say the utterances, the last of which asks `question`, and listen once."""
        text, early = utterances[-1].text, None
        self._narrator.note(Asked(question.id, question.kind, question.choices, text))
        if self._narrator.interruptible:
            early = while_asking(question, text, self._phrasebook, self._thresholds)
        self._narrator.deliver(*utterances, asking=early)
        if not self._narrator.interrupted:
            self._narrator.sound(Earcon.LISTENING)
        heard, understood = self.listen(question)
        return self._pause(question) if understood == Commanded(Command.WAIT) else (heard, understood)

    def listen(
        self, question: Question, patience: float = PATIENCE, *, optional: bool = False, last: bool = False
    ) -> tuple[Heard, Understanding]:
        """One turn of listening for `question`; what broke in while Charley spoke comes first.

        `optional`: nobody was asked, as in a hold. `last`: there is nothing left that "stop" could cut off.
        """
        phrasebook, thresholds = self._phrasebook, self._thresholds
        heard = self._narrator.interruption()
        broke_in = heard.ending is Ending.SPEECH and not heard.typed
        if heard.ending is not Ending.SPEECH:
            grammar = phrasebook.at(question)
            turn = Turn(
                question.id,
                grammar,
                patience,
                lambda text: is_complete(text, question, phrasebook),
                optional,
                plain=lambda heard: is_plain(heard, grammar.read(heard.text), thresholds, question),
            )
            heard = self._hear(turn)
        if heard.given_up:
            self._narrator.remark("dialogue.sentences_lost")
        understood = self._interpreter.understand(heard, question)
        if heard.ending is Ending.SPEECH:
            accepted = not isinstance(understood, Unclear | Puzzled)
            self._narrator.note(HeardSpeech(heard.said, round(heard.confidence, 3), accepted))
            if not accepted:
                self._narrator.sound(Earcon.NOT_UNDERSTOOD)
        if broke_in and understood == Commanded(Command.STOP) and question != CONFIRM and not last:
            return heard, self._stop_or_go_on()
        return heard, understood

    def alarm(self, understood: Alarmed) -> Alarm | None:
        """The alarm to act on; None when it was doubtful and is denied."""
        reply = YES if understood.sure else self.confirm(understood.text)
        if isinstance(reply, Alarm):
            return reply
        return None if reply == NO else Alarm(understood.alarm, understood.text)

    def told_from_memory(self, command: Command) -> tuple[Utterance, ...]:
        """What the memory answers to a command; nothing where it is no question to the memory."""
        if command is Command.REPORT:
            return write_report(self._reporter, self._narrator)
        if command is Command.HOW_OFTEN:
            return how_often(self._memory.past(), self._prompts)
        return what_helped(self._memory.past(), self._prompts) if command is Command.WHAT_HELPED else ()

    def note(self, text: str = "") -> Alarm | Turnaround | Digression | None:
        """Have `text` written down, or what is then asked for; what came instead, or what the note answers as well."""
        return take_note(text, self, self._narrator, self._interpreter, self._memory)

    def forget(self) -> Alarm | None:
        """Delete everything remembered after a plain yes, and say what became of it; or the alarm heard instead."""
        _, reply = self.put(CONFIRM, self._prompts.utterance("dialogue.forget.confirm"))
        if isinstance(reply, Alarmed) and (alarm := self.alarm(reply)):
            return alarm
        if not (isinstance(reply, Meant) and reply.value == YES and reply.sure):
            self._narrator.say("dialogue.forget.kept")
        else:
            self._narrator.say("dialogue.forget.done" if self._memory.forget() else "dialogue.forget.failed")
        return None

    def _hear(self, turn: Turn) -> Heard:
        """Listen. A microphone or a recogniser that is lost is told of, and what was asked is asked again; when it
        stays away the ear counts as closed.
        """
        for _ in range(REOPENINGS):
            try:
                return self._ear.listen(turn)
            except SoundError:
                self._narrator.remark("dialogue.microphone_lost")
            except HearingError:
                self._narrator.remark("dialogue.hearing_lost")
            except InstallationError as broken:
                self.broken = broken
                self._narrator.remark("dialogue.hearing_lost")
                return CLOSED
            if not turn.optional:
                self._narrator.again()
            if self._narrator.interrupted:
                return self._narrator.interruption()
        return CLOSED

    def _pause(self, question: Question) -> tuple[Heard, Understanding]:
        """Give the person time. Whatever is said meanwhile counts; silence brings the question again."""
        self._narrator.say("dialogue.pause")
        heard, understood = self.listen(question, patience=PAUSE, optional=True)
        return heard, Commanded(Command.GO_ON) if isinstance(understood, Silent) else understood

    def _stop_or_go_on(self) -> Understanding:
        """What "stop" means that broke into a prompt: it may have been Charley's own voice, or a wish for quiet."""
        with self._narrator.aside():
            _, reply = self.put(CONFIRM, self._prompts.utterance("dialogue.stop_here"))
        match reply:
            case Meant("yes", True):
                return Commanded(Command.STOP)
            case Alarmed() | Gone() | Commanded(Command.STOP):
                return reply
            case _:
                return Commanded(Command.REPEAT)

    def _opening(self, question: Question, *, repeated: bool) -> tuple[Utterance, ...]:
        """The question in the manner that the person likes; in other words when it was put only just now."""
        here, manner = f"questions.{question.id}", self._narrator.manner
        if repeated:
            return self._sentences(self._prompts.variants(f"{here}.again")[0])
        if manner.brief and self._prompts.has(f"{here}.brief"):
            return self._sentences(f"{here}.brief")
        return self._sentences(f"{here}.why", f"{here}.ask") if manner.full else self._sentences(f"{here}.ask")

    def _settle(self, value: Value, *also: Answer) -> Given:
        self._narrator.sound(Earcon.UNDERSTOOD)
        self._unsettled = ""
        return Given(value, also)

    def _leave(self, question: Question, trouble: Trouble | None) -> Given:
        """Leave a question unanswered, and say what that means and why; without `trouble` the person wished it."""
        if question.red_flag is None:
            self._narrator.say("dialogue.skipped")
        else:
            reason = "skipped" if trouble is None else "silence" if trouble is Trouble.SILENCE else "unclear"
            self._narrator.say(f"dialogue.assume_yes.{reason}")
        self._unsettled = ""
        return Given(UNANSWERED, skipped=trouble is None)

    def _ask_smaller(self, question: Question) -> Outcome:
        """Offer the likeliest values one by one, each to be answered by yes or no."""
        smaller = replace(question, kind=Kind.YES_NO, grammar=YES_NO, choices=(), smaller=())
        *offered, rest = question.smaller
        lead, doubtful = self._sentences("dialogue.smaller"), False
        for value in offered:
            reply = self._offer(smaller, value, lead)
            match reply:
                case Given("unanswered", skipped=skipped):
                    return self._leave(question, None if skipped else Trouble.SILENCE)
                case Given("unsure"):
                    doubtful = True
                case Given("no"):
                    pass
                case _:
                    return reply
            lead = ()
        return self._leave(question, Trouble.NO_MATCH) if doubtful else self._settle(rest)

    def _offer(self, smaller: Question, value: Value, lead: tuple[Utterance, ...]) -> Outcome:
        """Ask for one value: given after a yes, NO after a no, UNSURE if twice not understood, else UNANSWERED."""
        offer = self._prompts.utterance(f"questions.{smaller.id}.smaller.{value}")
        saying, unclear = (*lead, offer), False
        for _ in range(TURNS):
            _, understood = self.put(smaller, *saying)
            match understood:
                case Digressed(answers) | Meant(_, _, answers) if answers:  # "no, my foot"
                    own = next((answer for answer in answers if answer.question == smaller.id), None)
                    others = tuple(answer for answer in answers if answer is not own)
                    return self._settle(own.value, *others) if own else Digression(answers)
                case Meant("yes", True):
                    return self._settle(value)
                case Meant("no", True):
                    return Given(NO)
                case Silent():
                    return Given(UNANSWERED)
                case Unclear() if unclear:
                    return Given(UNSURE)
                case Unclear(trouble):
                    unclear, saying = True, (self._prompts.utterance(f"dialogue.repair.{trouble}.0"), offer)
                case Meant() | Commanded(Command.SKIP | Command.DONT_KNOW):
                    break
                case _:
                    steered = self._steer(understood, smaller)
                    if not isinstance(steered, tuple):
                        return steered
                    saying = (*steered, offer)
        return Given(UNANSWERED, skipped=True)

    def confirm(self, answer: str) -> str | Alarm | Turnaround:
        """Ask whether `answer` was heard right: YES, NO, UNANSWERED after CONFIRMATIONS, or what came instead."""
        for _ in range(CONFIRMATIONS):
            _, understood = self.put(CONFIRM, self._prompts.utterance(next(self._confirmations), answer=answer))
            match understood:
                case Meant("yes" | "no" as reply, True):
                    return str(reply)
                case Alarmed(alarm, text):
                    return Alarm(alarm, text)
                case Commanded(Command.BACK):  # "that was wrong", "I didn't say that"
                    return NO
                case Commanded(command) if command in _TURNAROUNDS:
                    return _TURNAROUNDS[command]
                case Gone():
                    return Turnaround.CLOSED
                case _:
                    continue
        return UNANSWERED

    def _steer(self, understood: Understanding, question: Question) -> Outcome | tuple[Utterance, ...]:
        """What anything but an answer leads to: elsewhere, or to what is said before the question comes again."""
        match understood:
            case Gone():
                return Turnaround.CLOSED
            case Alarmed():
                return self.alarm(understood) or ()
            case Digressed(answers):
                return Digression(answers)
            case Corrects(earlier):
                return Correction(earlier)
            case Wondered(entry):
                return self._sentences(f"{FAQ}.{entry}.answer")
            case Puzzled(unknown, entries):
                return (self._offer_instead(unknown, entries),)
            case Noted(text):
                return self.note(text) or ()
            case Commanded(command):
                return self._obey(command, question)
            case _:
                return ()

    def _obey(self, command: Command, question: Question) -> Outcome | tuple[Utterance, ...]:
        match command:
            case _ if command in _TURNAROUNDS:
                return _TURNAROUNDS[command]
            case _ if command in WISHES:
                self._narrator.manner.change(command)
                return self._sentences(f"dialogue.{command}")
            case Command.HELP:
                return self._sentences(f"questions.{question.id}.options")
            case Command.WHY:
                return self._sentences(f"questions.{question.id}.why")
            case Command.FORGET:
                return self.forget() or ()
            case Command.NOTE:
                return self.note() or ()
            case _:
                return self.told_from_memory(command)

    def _offer_instead(self, question: str, entries: tuple[str, ...]) -> Utterance:
        """Say that an answer is not known, and which ones are: the likeliest `entries`, else those that share words."""
        if not entries:
            wordings = {sentence: str(sense.value) for sentence, sense in load_grammar(FAQ).sentences.items()}
            entries = nearest(question, wordings)
        first, second = (self._prompts.utterance(f"{FAQ}.{entry}.title").text for entry in entries)
        return self._prompts.utterance("dialogue.unknown_question", first=first, second=second)

    def _spoken(self, question: Question, heard: Heard, value: Value) -> str:
        """How an answer is said back: an amount as it is kept; else the prompts' words, or the heard ones."""
        if isinstance(value, int):
            return spoken_amount(question.kind, value, self._prompts)
        for prompt in (f"questions.{question.id}.values.{value}", f"dialogue.values.{value}"):
            if self._prompts.has(prompt):
                return self._prompts.utterance(prompt).text
        return heard.words

    def _sentences(self, *prompts: str) -> tuple[Utterance, ...]:
        return tuple(self._prompts.utterance(prompt) for prompt in prompts)
