"""The end of a conversation: the advice, and what is offered after it."""

from collections.abc import Mapping
from typing import Final

from skill.dialogue.advice import advice, concluded
from skill.dialogue.asking import Asker
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Correction, Digression, Given, Outcome, Turnaround
from skill.dialogue.prompts import Contacts, Utterance
from skill.dialogue.repair import TRIES
from skill.dialogue.telling import Teller, Tidings
from skill.triage.interview import Interview
from skill.triage.model import NO, YES, Kind, Question, Verdict
from skill.understanding.meanings import Alarmed, Command, Commanded, Corrects, Digressed, Meant, Noted
from skill.understanding.phrasebook import YES_NO

#: The advice is said at most this often.
ADVICE_TIMES: Final = 3

ONCE_MORE: Final = Question("once_more", Kind.YES_NO, YES_NO)
PLAN: Final = Question("plan", Kind.YES_NO, YES_NO)

#: The question whose answer says where it cramps.
_PLACE: Final = "place"

#: Where a command leads that ends the closing; "stop" is no more than a no here.
_ELSEWHERE: Final[Mapping[Command, Turnaround]] = {
    Command.BACK: Turnaround.BACK,
    Command.START_OVER: Turnaround.START_OVER,
    Command.SUMMARY: Turnaround.SUMMARY,
}


class Closing:
    """Says what to do, and asks what more is wanted."""

    def __init__(self, narrator: Narrator, asker: Asker, contacts: Contacts, teller: Teller) -> None:
        """`contacts`: whom the advice names. `teller`: who tells others of it."""
        self._narrator = narrator
        self._prompts = narrator.prompts
        self._asker = asker
        self._contacts = contacts
        self._teller = teller

    def advise(self, verdict: Verdict, interview: Interview, *, answered: bool) -> Alarm | Turnaround | None:
        """Say the advice, and once more on request; what the person wants instead, None when it was taken in.

        `answered`: whether anybody is there to be asked.
        """
        said = advice(verdict, interview, self._prompts, self._contacts, self._narrator.manner.detail)
        self._conclude(verdict, interview)
        for _ in range(ADVICE_TIMES):
            self._narrator.deliver(*said)
            if self._teller.has_failed():
                self._narrator.remark("dialogue.not_told")
            if not answered:
                break
            self._narrator.say("dialogue.once_more")
            _, understood = self._asker.listen(ONCE_MORE, optional=True)
            match understood:
                case Alarmed(name, text, _):
                    return Alarm(name, text)
                case Commanded(command) if command in _ELSEWHERE:
                    return _ELSEWHERE[command]
                case Commanded(Command.FORGET):
                    if alarm := self._asker.forget():
                        return alarm
                    break
                case Noted() | Commanded(Command.NOTE):
                    outcome = self._asker.note(understood.text if isinstance(understood, Noted) else "")
                    return outcome if isinstance(outcome, Alarm | Turnaround) else None
                case Commanded(Command.HOW_OFTEN | Command.WHAT_HELPED | Command.REPORT as command):
                    self._narrator.deliver(*self._asker.told_from_memory(command))
                    break
                case Commanded(Command.REPEAT | Command.HELP | Command.WAIT) | Meant("yes"):
                    continue
                case _:
                    break
        return None

    def help_is_coming(self, verdict: Verdict, interview: Interview) -> None:
        """What to do until then, for somebody who has called already."""
        self._conclude(verdict, interview)
        self._narrator.say("dialogue.help_coming", number=self._contacts.number)

    def offer(self, question: Question, offered: Utterance) -> Outcome:
        """Put an offer, which only a plain yes takes; alarms, other answers and commands are heard all the same."""
        for _ in range(TRIES):
            _, understood = self._asker.put(question, offered)
            match understood:
                case Alarmed():
                    if alarm := self._asker.alarm(understood):
                        return alarm
                case Corrects(earlier):
                    return Correction(earlier)
                case Digressed(answers):
                    return Digression(answers)
                case Commanded(command) if command in _ELSEWHERE:
                    return _ELSEWHERE[command]
                case Commanded(Command.FORGET):
                    if alarm := self._asker.forget():
                        return alarm
                case Noted() | Commanded(Command.NOTE):
                    outcome = self._asker.note(understood.text if isinstance(understood, Noted) else "")
                    if outcome is not None:
                        return outcome
                case Commanded(Command.HOW_OFTEN | Command.WHAT_HELPED | Command.REPORT as command):
                    self._narrator.deliver(*self._asker.told_from_memory(command))
                case Commanded(Command.REPEAT | Command.HELP | Command.WHY | Command.EXPLAIN | Command.WAIT):
                    continue
                case Meant("yes", True):
                    return Given(YES)
                case _:
                    break
        return Given(NO)

    def offer_plan(self, interview: Interview) -> Outcome:
        """Whether the person wants to hear how to prevent the next one; no where there may be nothing to say."""
        if not (interview.plan() or interview.for_the_plan()):
            return Given(NO)
        return self.offer(PLAN, self._prompts.utterance("dialogue.offer_plan"))

    def tell_plan(self, interview: Interview) -> None:
        """Say how to prevent the next one."""
        plan = tuple(f"prevention.{step.id}" for step in interview.plan()) or ("dialogue.no_plan",)
        self._narrator.deliver(*(self._prompts.utterance(prompt) for prompt in plan))

    def _conclude(self, verdict: Verdict, interview: Interview) -> None:
        """Let other programs know, and whoever should be told."""
        event, place = concluded(verdict, self._prompts), str(interview.value(_PLACE) or "").replace("_", " ")
        self._narrator.note(event)
        self._teller.tell(Tidings(event.level, place, " ".join(reason.text for reason in event.reasons)))
