"""Leads through a remedy step by step, with a timer that a word can end at any moment."""

import math
from dataclasses import dataclass
from typing import Final

from skill.dialogue.asking import Asker
from skill.dialogue.events import Coaching
from skill.dialogue.manner import WISHES
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Turnaround
from skill.speaking.voice import Earcon
from skill.system.clock import Clock
from skill.triage.model import Remedy
from skill.understanding.meanings import Alarmed, Command, Commanded, Gone, Meant, Silent
from skill.understanding.moments import HOLD

#: Seconds between two ticks of a hold: with the ear's own time for an endpoint, never more than 4 s of silence.
TICK: Final = 3.0
#: Seconds left of a hold at which they are said aloud, by the prompts `dialogue.coach.count`.
COUNTED: Final = (10, 5)
#: Seconds that "longer" adds to a hold.
LONGER: Final = 15
#: Seconds that a hold lasts at most, however often "longer" is said: then it is time to ask whether it eased.
LONGEST: Final = 120


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
        self._cautioned: set[str] = set()
        self._opened = False

    def open(self, remedy: Remedy) -> None:
        """Say the first step at once and let the person hold it; the questions go on meanwhile."""
        if not self._narrator.manner.brief:
            self._narrator.say("dialogue.coach.opening_more" if self._opened else "dialogue.coach.opening")
        self._opened = True
        self._announce(remedy, 0)
        self._narrator.say("dialogue.coach.opening_hold")

    def lead(self, remedy: Remedy, deadline: float = math.inf) -> CoachingOutcome:
        """Go through every step; ends early when the person says that it is gone, worse, hurts, or wants to skip.

        No hold runs past `deadline`, a time of the clock.
        """
        if self._narrator.manner.full:
            self._narrator.say(f"remedies.{remedy.id}.why")
        elif not self._narrator.manner.brief:
            self._narrator.say("dialogue.coach.next")
        for number, step in enumerate(remedy.steps):
            self._announce(remedy, number)
            ended = self._hold(step.seconds, deadline)
            if ended is not None:
                return ended
            if self._clock.now() >= deadline:
                break
        return Done()

    def _announce(self, remedy: Remedy, number: int) -> None:
        self._narrator.note(Coaching(remedy.id, number, remedy.steps[number].seconds))
        caution = f"remedies.{remedy.id}.caution"
        if remedy.id not in self._cautioned and self._narrator.prompts.has(caution):
            self._cautioned.add(remedy.id)
            self._narrator.say(caution)
        self._narrator.say(f"remedies.{remedy.id}.steps.{number}")

    def _hold(self, seconds: float, deadline: float) -> CoachingOutcome | None:
        """Listen until the time is over; None when nothing ended it early."""
        latest = min(deadline, self._clock.now() + LONGEST)
        until = min(latest, self._clock.now() + seconds)
        while (left := until - self._clock.now()) > 0:
            counted = next((second for second in COUNTED if 0 < left - second <= TICK), None)
            patience = min(TICK, left) if counted is None else left - counted
            _, understood = self._asker.listen(HOLD, patience=patience, optional=True)
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
                case Commanded(Command.SUMMARY):
                    return Turnaround.SUMMARY
                case Commanded(Command.SKIP | Command.GO_ON) | Meant("skip" | "done"):
                    return None
                case Commanded(Command.REPEAT):
                    self._narrator.again()
                case Commanded(command) if command in WISHES:
                    self._narrator.manner.change(command)
                    self._narrator.say(f"dialogue.{command}")
                case Meant("longer"):
                    until = min(latest, until + LONGER)
                    self._narrator.say("dialogue.coach.longer")
                case Meant("gone" | "better", sure=False):  # relief stops the clock: ask for it
                    return Done()
                case Meant("gone" | "better" as sign):
                    self._narrator.say("dialogue.coach.eased")
                    return Done(sign)
                case Meant("hurts" | "worse" as sign):
                    self._narrator.say(f"dialogue.coach.{sign}")
                    return Done(sign)
                case Silent() if counted is not None and not self._narrator.manner.brief:
                    self._narrator.say(f"dialogue.coach.count.{counted}")
                case _:
                    self._narrator.sound(Earcon.TICK)
        return None
