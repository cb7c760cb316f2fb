"""What goes wrong in the middle of a conversation: one fault, at a moment that is drawn beforehand."""

import os
import resource
import signal
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np

from skill.errors import SoundError, SoundHangsError
from skill.listening.recording import Recording
from skill.listening.source import Samples, Source
from tests.support.processes import children

#: A place where even root can make no file, and one below a file, where even root can read none.
READ_ONLY: Final = Path("/proc/episodes.sqlite")
UNREADABLE: Final = Path(__file__) / "charley"
#: A device that is always full.
FULL: Final = Path("/dev/full")
#: Seconds of sound after which an answer is disturbed: the patient has just begun to speak.
_MIDDLE: Final = 0.5
#: Seconds of a silence that is longer than anybody is waited for.
_SILENCE: Final = 8.0
#: Seconds of noise, and its root mean square of 32767: -14 dBFS, as loud as speech close to the microphone.
_NOISE: Final = (2.0, 6500)


class Fault(StrEnum):
    """One kind of fault."""

    RECOGNISER_ABORTS = "recogniser_aborts"
    RECOGNISER_KILLED = "recogniser_killed"
    RECOGNISER_HANGS = "recogniser_hangs"
    MICROPHONE_LOST = "microphone_lost"
    NOISE = "noise"
    SILENCE = "silence"
    VOICE_KILLED = "voice_killed"
    VOICE_HANGS = "voice_hangs"
    DISK_FULL = "disk_full"
    DISK_READ_ONLY = "disk_read_only"
    SOUND_HANGS = "sound_hangs"
    STREAMS_FULL = "streams_full"
    FOLDERS_UNREADABLE = "folders_unreadable"


#: Faults that come in the middle of an answer, and lose it: the advice may be higher for them.
LOSING_AN_ANSWER: Final = frozenset(
    {
        Fault.RECOGNISER_ABORTS,
        Fault.RECOGNISER_KILLED,
        Fault.RECOGNISER_HANGS,
        Fault.MICROPHONE_LOST,
        Fault.SOUND_HANGS,
        Fault.NOISE,
        Fault.SILENCE,
    }
)
#: Faults that are there from the beginning.
LASTING: Final = frozenset({Fault.DISK_READ_ONLY, Fault.STREAMS_FULL, Fault.FOLDERS_UNREADABLE})
#: Faults that meet Charley's voice as it begins to speak.
OF_THE_VOICE: Final = frozenset({Fault.VOICE_KILLED, Fault.VOICE_HANGS})
_SIGNALS: Final = {
    Fault.RECOGNISER_ABORTS: signal.SIGABRT,
    Fault.RECOGNISER_KILLED: signal.SIGKILL,
    Fault.RECOGNISER_HANGS: signal.SIGSTOP,
    Fault.VOICE_KILLED: signal.SIGKILL,
    Fault.VOICE_HANGS: signal.SIGSTOP,
}


class Mishap:
    """A fault that happens once: at an answer of the patient, or at something that Charley says."""

    def __init__(self, fault: Fault | None, moment: int) -> None:
        """`moment`: at which answer or utterance, from 1. Without a fault all goes well."""
        self.fault = fault
        self.happened = fault in LASTING
        self.voice: Iterable[int] = ()
        """The processes of Charley's voice."""
        self._left = moment
        self._room = resource.getrlimit(resource.RLIMIT_FSIZE)

    def answer(self, sound: Source) -> Source:
        """What becomes of the sound of an answer."""
        if self.fault is Fault.SOUND_HANGS and self.happened:
            return _Disturbed(sound, _hang)
        if self.fault not in LOSING_AN_ANSWER or not self._now():
            return sound
        match self.fault:
            case Fault.NOISE:
                seconds, loudness = _NOISE
                noise = np.random.default_rng(0).normal(0.0, loudness, round(seconds * sound.rate))
                return Recording(np.clip(noise, -32767, 32767).astype(np.int16), sound.rate)
            case Fault.SILENCE:
                return Recording(np.zeros(round(_SILENCE * sound.rate), np.int16), sound.rate)
            case Fault.MICROPHONE_LOST:
                return _Disturbed(sound, _lose_the_microphone)
            case Fault.SOUND_HANGS:
                return _Disturbed(sound, _hang)
            case _:
                return _Disturbed(sound, lambda: self._send(children("skill.listening.worker")))

    def utterance(self) -> None:
        """Charley is about to speak."""
        if self.fault in OF_THE_VOICE and self._now():
            self._send(self.voice)
        elif self.fault is Fault.DISK_FULL and self._now():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, self._room[1]))

    def over(self) -> None:
        """The disk has room again."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._room)

    def _now(self) -> bool:
        self._left -= 1
        self.happened |= self._left == 0
        return self._left == 0

    def _send(self, processes: Iterable[int]) -> None:
        assert self.fault is not None
        for process in processes:
            os.kill(process, _SIGNALS[self.fault])


class _Disturbed:
    """A source to which something happens in the middle."""

    def __init__(self, source: Source, disturb: Callable[[], None]) -> None:
        self._source = source
        self._disturb = disturb
        self._left = round(_MIDDLE * source.rate)

    @property
    def rate(self) -> int:
        return self._source.rate

    def read(self, seconds: float) -> Samples | None:
        samples = self._source.read(seconds)
        before, self._left = self._left, self._left - (0 if samples is None else len(samples))
        if before > 0 >= self._left:
            self._disturb()
        return samples

    def skip(self) -> None:
        self._source.skip()

    def close(self) -> None:
        self._source.close()


def _hang() -> None:
    """As the microphone's process does once it has been given up, for as long as the sound system hangs."""
    raise SoundHangsError("The sound system does not reply.")


def _lose_the_microphone() -> None:
    raise SoundError("The microphone has stopped: check its plug, then answer again.")
