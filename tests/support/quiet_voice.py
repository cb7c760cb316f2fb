"""A voice that only remembers: what was said and played, in order."""

from skill.speaking.voice import Delivery, Earcon
from skill.system.clock import Clock

SECONDS_A_WORD = 60 / 165


class Utterance:
    """Speech that lasts until somebody waits for its end, or stops it."""

    def __init__(self) -> None:
        self._playing = True

    def playing(self) -> bool:
        return self._playing

    def stop(self) -> None:
        self._playing = False

    def wait(self) -> None:
        self._playing = False


class QuietVoice:
    """Takes the time that speech takes, on the clock given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.delivery = Delivery()
        self.said: list[str] = []
        self.played: list[Earcon] = []
        self.longest_silence = 0.0
        """Seconds between two things said or played."""
        self._silent_since = clock.now()

    def say(self, text: str) -> Utterance:
        self.said.append(text)
        self._break_silence(len(text.split()) * SECONDS_A_WORD)
        return Utterance()

    def play(self, earcon: Earcon) -> Utterance:
        self.played.append(earcon)
        self._break_silence(0.0)
        return Utterance()

    def _break_silence(self, seconds: float) -> None:
        self.longest_silence = max(self.longest_silence, self._clock.now() - self._silent_since)
        self._clock.sleep(seconds)
        self._silent_since = self._clock.now()

    def prepare(self, texts: tuple[str, ...]) -> None:
        pass

    def close(self) -> None:
        pass
