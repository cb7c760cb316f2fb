"""The voice of the user's screen reader: speech-dispatcher speaks and plays, pyttsx3 stands in when it fails.

It hands out no samples (speechd issue 348), so there is nothing to cache, and nothing to take out of what is heard.
"""

import time
from collections.abc import Callable
from typing import Final

from skill.errors import CharleyError, SpeechError
from skill.speaking.captions import Captions
from skill.speaking.silent_engine import speaking_time
from skill.speaking.ssip import Dispatcher
from skill.speaking.voice import Delivery, Earcon, Playback, Voice

#: Seconds in which speech must begin; 0.03 s here, but another program's warning may be spoken first.
_BEGINNING: Final = 5.0
#: Speech may take so many times as long as usual, and so many seconds more: the user's own rate may be a slow one.
_SLOW, _MORE = 3.0, 5.0
#: Seconds between two looks at whether speech is over.
_LOOK: Final = 0.05


class DispatchedVoice:
    """Speaks through a Dispatcher for as long as that works, and then through another voice, to the end."""

    def __init__(
        self,
        connect: Callable[[], Dispatcher],
        stand_in: Voice,
        captions: Captions,
        on_fault: Callable[[CharleyError], None],
    ) -> None:
        """`stand_in` plays the earcons too, shows no captions, and is closed with this voice.

        `on_fault` is told once why it speaks.
        """
        self._stand_in = stand_in
        self._captions = captions
        self._on_fault = on_fault
        self._dispatcher: Dispatcher | None = None
        try:
            self._dispatcher = connect()
        except SpeechError as failure:
            on_fault(failure)

    @property
    def delivery(self) -> Delivery:
        """How to speak from the next utterance on."""
        return self._stand_in.delivery

    @delivery.setter
    def delivery(self, delivery: Delivery) -> None:
        self._stand_in.delivery = delivery

    def say(self, text: str) -> Playback:
        """Start to speak and return at once."""
        playback = self._begin(text)
        self._captions.show(text)
        return playback

    def play(self, earcon: Earcon) -> Playback:
        """Start a short sound and return at once."""
        return self._stand_in.play(earcon)

    def prepare(self, texts: tuple[str, ...]) -> None:
        """Nothing can be rendered ahead."""

    def close(self) -> None:
        """Stop sound."""
        if self._dispatcher is not None:
            self._dispatcher.close()
        self._stand_in.close()

    def give_up(self, failure: SpeechError, text: str) -> Playback:
        """Let the stand-in speak from now on, `text` first: nobody heard it to its end."""
        if self._dispatcher is not None:
            self._dispatcher.close()
            self._dispatcher = None
            self._on_fault(failure)
        return self._stand_in.say(text)

    def _begin(self, text: str) -> Playback:
        if self._dispatcher is None:
            return self._stand_in.say(text)
        try:
            message = self._dispatcher.speak(text, self.delivery)
        except SpeechError as failure:
            return self.give_up(failure, text)
        return _Spoken(self, self._dispatcher, message, text)


class _Spoken:
    """Speech that the daemon plays."""

    def __init__(self, voice: DispatchedVoice, dispatcher: Dispatcher, message: str, text: str) -> None:
        self._voice = voice
        self._dispatcher = dispatcher
        self._message = message
        self._text = text
        self._asked = time.monotonic()
        self._longest = _BEGINNING + _SLOW * speaking_time(text, voice.delivery.pace) + _MORE
        self._instead: Playback | None = None

    def playing(self) -> bool:
        """Whether sound is still to come."""
        return self._goes_on(0.0)

    def stop(self) -> None:
        """Be silent; the daemon needs 0.1 s for it."""
        try:
            if self._instead is None:
                self._dispatcher.cancel()
        except SpeechError:  # the next utterance finds out
            return
        if self._instead is not None:
            self._instead.stop()

    def wait(self) -> None:
        """Return when the last word has been spoken."""
        while self._instead is None and self._goes_on(_LOOK):
            pass
        if self._instead is not None:
            self._instead.wait()

    def _goes_on(self, patience: float) -> bool:
        """Whether sound is still to come after `patience` seconds; the stand-in's, once the daemon has failed."""
        if self._instead is not None:
            return self._instead.playing()
        try:
            if self._dispatcher.ended(self._message, patience):
                return False
            late = time.monotonic() - self._asked
            if late > (self._longest if self._dispatcher.begun(self._message) else _BEGINNING):
                raise SpeechError("speech-dispatcher does not speak any more: pyttsx3 speaks instead.")
        except SpeechError as failure:
            self._instead = self._voice.give_up(failure, self._text)
        return True
