"""Leads through a remedy step by step, with a timer that a word can end at any moment."""

from dataclasses import dataclass
from typing import Final

from skill.clock import Clock
from skill.dialogue.asking import Asker
from skill.dialogue.events import Coaching
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Turnaround
from skill.dialogue.phrasebook import COACHING
from skill.dialogue.understanding import Alarmed, Command, Commanded, Gone, Meant
from skill.speaking.voice import Earcon
from skill.triage.model import Kind, Question, Remedy

#: Seconds between two ticks of a hold: often enough to hear that Charley is still there.
TICK: Final = 4.0
#: Seconds that "longer" adds to a hold.
LONGER: Final = 15

#: What may be said during a hold; the values of the grammar `coaching`.
HOLD: Final = Question("coaching", Kind.CHOICE, COACHING)


@dataclass(frozen=True, slots=True)
class Done:
    """The remedy is over; `sign` is the word that ended it (`gone`, `better`, `worse`, `hurts`), None when time did."""

    sign: str | None = None


CoachingOutcome = Done | Alarm | Turnaround


class Coacher:
    """Coaches remedies through a narrator and an ear."""

    def __init__(self, narrator: Narrator, asker: Asker, clock: Clock) -> None:
        self._narrator = narrator
        self._asker = asker
        self._clock = clock

    def open(self, remedy: Remedy) -> None:
        """Say the first step at once and let the person hold it; the questions go on meanwhile."""
        self._narrator.say("dialogue.coach.opening")
        self._announce(remedy, 0)
        self._narrator.say("dialogue.coach.opening_hold")

    def lead(self, remedy: Remedy) -> CoachingOutcome:
        """Go through every step; ends early when the person says that it is gone, worse, hurts, or wants to skip."""
        self._narrator.say("dialogue.coach.next")
        for number, step in enumerate(remedy.steps):
            self._announce(remedy, number)
            ended = self._hold(step.seconds)
            if ended is not None:
                return ended
        return Done()

    def _announce(self, remedy: Remedy, number: int) -> None:
        self._narrator.note(Coaching(remedy.id, number, remedy.steps[number].seconds))
        self._narrator.say(f"remedies.{remedy.id}.steps.{number}")

    def _hold(self, seconds: float) -> CoachingOutcome | None:
        """Listen until the time is over; None when nothing ended it early."""
        until = self._clock.now() + seconds
        while (left := until - self._clock.now()) > 0:
            _, understood = self._asker.listen(HOLD, patience=min(TICK, left), optional=True)
            match understood:
                case Gone():
                    return Turnaround.CLOSED
                case Alarmed():
                    alarm = self._asker.alarm(understood)
                    if alarm is not None:
                        return alarm
                case Commanded(Command.STOP):
                    return Turnaround.STOP
                case Commanded(Command.BACK):
                    return Turnaround.BACK
                case Commanded(Command.SKIP | Command.GO_ON) | Meant("skip" | "done"):
                    return None
                case Commanded(Command.REPEAT):
                    self._narrator.again()
                case Meant("longer"):
                    until += LONGER
                    self._narrator.say("dialogue.coach.longer")
                case Meant("gone" | "better" as sign):
                    self._narrator.say("dialogue.coach.eased")
                    return Done(sign)
                case Meant("hurts" | "worse" as sign):
                    self._narrator.say(f"dialogue.coach.{sign}")
                    return Done(sign)
                case _:
                    self._narrator.sound(Earcon.TICK)
        return None
