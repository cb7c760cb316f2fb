"""The ear of a demo: what the patient says is rendered by a synthetic voice and heard by the real recogniser."""

from collections.abc import Callable
from typing import Final

import numpy as np

from skill.demo.patient import Memory, Patient
from skill.listening.ear import SILENCE, Ending, Heard, Turn
from skill.listening.ears import SoundEar
from skill.listening.recogniser import Recogniser
from skill.listening.recording import Recording
from skill.listening.second_pass import SecondHearing
from skill.listening.source import Source
from skill.speaking.captions import Captions
from skill.speaking.player import Player
from skill.speaking.voice import Clip, Delivery, Engine
from skill.system.clock import Clock

#: Seconds that the patient thinks before answering: the usual gap between two speakers is 0.2 s.
_THINKING: Final = 0.3
#: Seconds of room after the last word, so that the endpoint is found in the recording.
_AFTERWARDS: Final = 1.2
#: Root mean square of the room's noise, as a share of full scale: -66 dBFS, a quiet bedroom at a microphone.
_ROOM_NOISE: Final = 5e-4
_FULL_SCALE: Final = 32767


class PatientEar:
    """Hears one patient."""

    def __init__(
        self,
        patient: Patient,
        recogniser: Recogniser,
        voice: Engine,
        player: Player,
        clock: Clock,
        captions: Captions,
        second: SecondHearing | None = None,
    ) -> None:
        """`player` lets the listener hear the patient too, `captions` read what the recogniser made of it.

        `second`: hears sentences; None where nothing can.
        """
        self._memory = Memory(patient)
        self._pace = patient.voice.pace
        self._recogniser = recogniser
        self._voice = voice
        self._player = player
        self._clock = clock
        self._captions = captions
        self._second = second
        self._noise = np.random.default_rng(0)

    def listen(self, turn: Turn) -> Heard:
        """What the recogniser makes of the patient's answer; silence takes the turn's patience."""
        said = self._memory.reply(turn)
        if not said:
            self._clock.sleep(turn.patience)
            return SILENCE
        clip = self._voice.render(said, Delivery(pace=self._pace))
        self._player.play([clip]).wait()
        heard = SoundEar(self.in_the_room(clip), self._recogniser, second=self._second).listen(turn)
        if heard.ending is Ending.CLOSED:
            return SILENCE
        self._captions.show(f"» {heard.sentence.text if heard.sentence else heard.text}")
        return heard

    def overhear(self, turn: Turn, playing: Callable[[], bool]) -> Heard:
        """A patient lets Charley finish."""
        del turn, playing
        return SILENCE

    def in_the_room(self, clip: Clip) -> Source:
        """What the microphone picks up while the patient says `clip`."""
        before, after = (np.zeros(round(seconds * clip.rate)) for seconds in (_THINKING, _AFTERWARDS))
        sound = np.concatenate([before, clip.samples, after])
        sound += self._noise.normal(0.0, _ROOM_NOISE * _FULL_SCALE, len(sound))
        return Recording(np.clip(np.rint(sound), -_FULL_SCALE, _FULL_SCALE).astype(np.int16), clip.rate)

    def close(self) -> None:
        """Nothing to release."""
