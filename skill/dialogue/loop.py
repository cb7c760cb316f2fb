"""The conversation: ask, listen, understand, coach, advise, until the interview has nothing more to ask."""

import math
from typing import Final

from skill.dialogue.amounts import spoken_span
from skill.dialogue.asking import Asker
from skill.dialogue.beginning import Beginning, kept, resumed
from skill.dialogue.closing import ONCE_MORE, PLAN, Closing
from skill.dialogue.coaching import Coacher, Done
from skill.dialogue.events import Answered, Ended, EndReason
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Correction, Digression, Given, Outcome, Turnaround
from skill.dialogue.prompts import Contacts
from skill.dialogue.relief import ReliefLog
from skill.dialogue.repair import TRIES
from skill.dialogue.summary import ReadBack
from skill.dialogue.telling import Teller
from skill.episodes.episode import Episode
from skill.episodes.memory import Memory
from skill.errors import InstallationError
from skill.speaking.voice import Earcon
from skill.system.clock import Clock
from skill.triage.definition import Stage
from skill.triage.model import (
    UNANSWERED,
    YES,
    Answer,
    Ask,
    Coach,
    Coached,
    Conclude,
    Level,
    Question,
    Remedy,
    Value,
    Verdict,
)
from skill.understanding.meanings import Alarmed, Command, Commanded, Meant

#: Questions in a row without any answer, after which nobody is taken to be there.
UNANSWERED_IN_A_ROW: Final = 2


class Conversation:
    """One conversation, from the welcome to the advice."""

    def __init__(
        self,
        beginning: Beginning,
        narrator: Narrator,
        asker: Asker,
        coacher: Coacher,
        clock: Clock,
        memory: Memory,
        contacts: Contacts,
        teller: Teller,
    ) -> None:
        """`contacts`: whom the advice names. `teller`: who tells others of it."""
        self._beginning = beginning
        self._interview = beginning.interview
        self._narrator = narrator
        self._asker = asker
        self._coacher = coacher
        self._clock = clock
        self._memory = memory
        self._number = contacts.number
        self._closing = Closing(narrator, asker, contacts, teller)
        self._read_back = ReadBack(narrator, asker, beginning.told)
        self._advised: Verdict | None = None
        self._doctor_offered = False
        self._mentioned: dict[str, Value] = {}
        """What was said in passing to questions that only a doctor asks; used when they have their turn."""
        self._relief_began: float | None = None
        self._relief = ReliefLog(clock)
        self._unanswered = 0
        self._digressions = 0
        self._ending = EndReason.FINISHED
        self._nobody_came = False

    def run(self) -> EndReason:
        """Hold the conversation. Says the advice in every case but "stop", and where nobody ever was there; the last
        event is always the end.
        """
        self._narrator.heed(self._beginning.said)
        self._narrator.deliver(*self._beginning.opening)
        if self._beginning.cut_off is not None:
            self._offer_to_resume(self._beginning.cut_off)
        self._narrator.say("dialogue.welcome")
        self._take(self._beginning.volunteered)
        while True:
            self._watch_the_time()
            self._remember()
            match self._interview.next():
                case Ask(question):
                    self._ask(question)
                case Coach(remedy, opening):
                    self._coach(remedy, opening)
                case Conclude(verdict):
                    if self._conclude(verdict):
                        break
            if self._nobody_came or (self._ending is EndReason.STOPPED and self._stop()):
                break
        if self._asker.broken is not None:
            self._ending = EndReason.ERROR
        self._narrator.note(Ended(self._ending))
        return self._ending

    @property
    def broken(self) -> InstallationError | None:
        """What made the ear useless, if anything did; it is for whoever holds the conversation to tell."""
        return self._asker.broken

    def _offer_to_resume(self, cut_off: Episode) -> None:
        """Go on with an earlier conversation after a plain yes; with anything else this one begins afresh."""
        self._narrator.say("dialogue.resume")
        _, understood = self._asker.listen(ONCE_MORE, optional=True, last=True)
        match understood:
            case Alarmed(alarm, text, _):
                self._turn(Alarm(alarm, text))
            case Meant("yes", True):
                self._interview = resumed(cut_off, self._interview)
                self._memory.resume(cut_off)
            case Commanded(Command.FORGET):
                if alarm_heard := self._asker.forget():
                    self._turn(alarm_heard)
            case _:
                pass

    def _remember(self) -> None:
        """Keep what stands so far."""
        answers = tuple(entry for entry in self._interview.history if isinstance(entry, Answer))
        self._memory.keep(answers, self._relief.tried(self._interview))

    def _ask(self, question: Question) -> None:
        if self._ending is EndReason.SILENCE:
            self._answer(question.id, UNANSWERED)
            return
        if question.id in self._mentioned:
            self._answer(question.id, self._mentioned.pop(question.id))
            return
        doctor, remembrance = self._interview.protocol.doctor, self._interview.protocol.remembrance
        if remembrance is not None and question.id == remembrance.changed:
            self._narrator.deliver(kept(self._interview, self._narrator.prompts))
        if doctor is not None and question.id == doctor.confirmed:
            self._follow(question, self._read_back.confirm(question, self._interview))
        else:
            doubtful = self._beginning.doubtful and not self._interview.history
            self._follow(question, self._asker.ask(question, doubtful=doubtful))

    def _follow(self, question: Question, outcome: Outcome) -> None:
        """Act on how a question ended."""
        match outcome:
            case Given(value, also, skipped):
                self._unanswered = self._unanswered + 1 if value == UNANSWERED and not skipped else 0
                self._digressions = 0
                nobody_yet = not self._interview.history
                self._answer(question.id, value)
                self._take(also)
                if self._unanswered >= (1 if nobody_yet else UNANSWERED_IN_A_ROW):
                    self._nobody("dialogue.nobody")
            case Digression(answers):
                self._digressions += 1
                self._take(answers)
                if self._digressions >= TRIES:
                    self._answer(question.id, UNANSWERED)
            case Correction(earlier):
                self._mentioned.pop(earlier, None)
                self._ask(self._interview.correctable(earlier))
            case _:
                self._turn(outcome)

    def _coach(self, remedy: Remedy, opening: bool) -> None:
        if self._relief_began is None:
            self._relief_began = self._clock.now()
        first = not any(isinstance(entry, Coached) and entry.remedy == remedy.id for entry in self._interview.history)
        self._interview = self._interview.coached(remedy.id, opening)
        if self._ending is EndReason.SILENCE:
            return
        self._relief.begin(remedy.id)
        if first:
            self._say_what_helped(remedy)
        if opening:
            self._coacher.open(remedy)
            return
        outcome = self._coacher.lead(remedy, self._deadline())
        if isinstance(outcome, Done):
            self._relief.ended(remedy.id, outcome.sign)
            answer = self._interview.protocol.signs.get(outcome.sign or "")
            if answer is not None:
                self._answer(answer.question, answer.value)
        else:
            self._turn(outcome)

    def _say_what_helped(self, remedy: Remedy) -> None:
        """Say that this eased the last cramp like this one, and how soon."""
        helped = self._interview.helped_before(remedy.id)
        if helped is not None:
            prompts = self._narrator.prompts
            name = prompts.utterance(f"remedies.{remedy.id}.name").text
            self._narrator.say("dialogue.coach.helped", name=name, time=spoken_span(helped.seconds, prompts))

    def _conclude(self, verdict: Verdict) -> bool:
        """Say the advice; False when the person took an answer back and the conversation goes on."""
        if self._alarm_broke_in(verdict):
            return False
        if self._is_news(verdict):
            outcome = self._advise(verdict)
            if outcome is not None:
                self._turn(outcome)
                return False
        if self._ending is not EndReason.SILENCE and not self._offers_done(verdict):
            return False
        self._memory.conclude(verdict)
        self._narrator.say("dialogue.goodbye")
        return not self._alarm_broke_in(verdict)

    def _stop(self) -> bool:
        """Say what to do in an emergency; False when an alarm broke in and the conversation goes on."""
        self._memory.conclude(self._advised)
        self._narrator.say("dialogue.stopped", number=self._number)
        if not self._alarm_broke_in(self._interview.verdict()):
            return True
        self._ending = EndReason.FINISHED
        return False

    def _alarm_broke_in(self, verdict: Verdict) -> bool:
        """Whether an alarm broke in that the verdict does not answer; all else is answered by it."""
        if not self._narrator.interrupted:
            return False
        _, understood = self._asker.listen(ONCE_MORE, optional=True, last=True)
        if not isinstance(understood, Alarmed):
            return False
        if verdict.level is Level.EMERGENCY and understood.alarm != self._interview.protocol.help_coming:
            return False
        self._turn(Alarm(understood.alarm, understood.text))
        return True

    def _is_news(self, verdict: Verdict) -> bool:
        """Whether the advice has not been said yet, or is no longer what it was."""
        last = self._advised
        return last is None or (verdict.level, verdict.remedies) != (last.level, last.remedies)

    def _advise(self, verdict: Verdict) -> Alarm | Turnaround | None:
        """Say the advice."""
        if self._advised is not None and verdict.level is not Level.EMERGENCY:
            self._narrator.say("summary.changed")
        self._advised = verdict
        self._memory.conclude(verdict)
        return self._closing.advise(verdict, self._interview, answered=self._ending is not EndReason.SILENCE)

    def _offers_done(self, verdict: Verdict) -> bool:
        """Offer the doctor's interview and the prevention plan; False when the conversation goes on for one."""
        doctor = self._interview.protocol.doctor
        outcome: Outcome
        if doctor is not None and verdict.level in doctor.offered_at and not self._doctor_offered:
            self._doctor_offered = True
            question = self._interview.protocol.questions[doctor.offer]
            outcome = self._closing.offer(question, self._narrator.prompts.utterance(f"questions.{question.id}.ask"))
            if outcome == Given(YES):
                self._turn(Turnaround.SUMMARY)
                return False
            if not isinstance(outcome, Given):
                self._follow(question, outcome)
                return False
        return verdict.level > Level.SOON or self._plan_done()

    def _plan_done(self) -> bool:
        """Offer the prevention plan, ask what only the plan needs, and tell it; False when the conversation goes on."""
        question, outcome = PLAN, self._closing.offer_plan(self._interview)
        if outcome == Given(YES):
            for question in self._interview.for_the_plan():
                outcome = self._asker.ask(question)
                if not isinstance(outcome, Given):
                    break
                self._follow(question, outcome)
            else:
                self._closing.tell_plan(self._interview)
        if not isinstance(outcome, Given):
            self._follow(question, outcome)
            return False
        return True

    def _turn(self, outcome: Alarm | Turnaround) -> None:
        match outcome:
            case Alarm(alarm, text):
                self._narrator.say("dialogue.alarm_heard", heard=text)
                answer = self._interview.protocol.alarms[alarm]
                self._answer(answer.question, answer.value)
                self._advised = None  # the alarm may have cut the advice off
                if alarm == self._interview.protocol.help_coming:
                    self._advised = self._interview.verdict()
                    self._closing.help_is_coming(self._advised, self._interview)
            case Turnaround.BACK:
                self._narrator.say("dialogue.back" if self._interview.history else "dialogue.first_question")
                self._interview = self._interview.undo()
                self._advised = None
            case Turnaround.START_OVER:
                self._interview = self._beginning.interview
                self._advised = None
            case Turnaround.SUMMARY:
                self._summarise()
            case Turnaround.STOP:
                self._ending = EndReason.STOPPED
            case Turnaround.CLOSED:
                self._nobody("dialogue.input_closed")
            case Turnaround.NOBODY:
                self._nobody_came, self._ending = True, EndReason.SILENCE
                self._narrator.sound(Earcon.ASLEEP)

    def _summarise(self) -> None:
        """Read what is known; once advice short of an ambulance was given, collect first what a doctor will ask."""
        doctor = self._interview.protocol.doctor
        advised = self._advised is not None and self._advised.level is not Level.EMERGENCY
        if doctor is None or not advised or self._interview.value(doctor.offer) == YES:
            self._read_back.read(self._interview)
            return
        self._doctor_offered = True
        self._answer(doctor.offer, YES)
        self._narrator.say("summary.collecting")

    def _take(self, answers: tuple[Answer, ...]) -> None:
        """Answers that were volunteered or corrected."""
        for answer in answers:
            if self._interview.protocol.stages[answer.question] is Stage.DOCTOR:
                self._mentioned[answer.question] = answer.value
            else:
                self._answer(answer.question, answer.value)

    def _answer(self, question: str, value: Value) -> None:
        self._interview = self._interview.answer(question, value)
        self._narrator.note(Answered(question, value))

    def _nobody(self, prompt: str) -> None:
        """Nobody is there any more: every open question counts as unanswered, and the advice is said all the same."""
        self._ending = EndReason.SILENCE
        self._narrator.say(prompt if self._advised is None else "summary.left_off")

    def _deadline(self) -> float:
        """The time of the clock at which the cramp has outlasted the limit."""
        limit = self._interview.protocol.relief_limit
        if limit is None or self._relief_began is None or self._interview.value(limit.question) == YES:
            return math.inf
        return self._relief_began + limit.seconds

    def _watch_the_time(self) -> None:
        """A cramp that outlasts the limit goes up by the clock, even if nobody answers."""
        limit = self._interview.protocol.relief_limit
        if limit is not None and self._interview.cramping and self._clock.now() >= self._deadline():
            self._answer(limit.question, YES)
