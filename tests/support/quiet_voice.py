"""A voice that only remembers: what was said and played, in order."""

from skill.clock import Clock
from skill.speaking.voice import Delivery, Earcon

SECONDS_A_WORD = 60 / 165


class Ended:
    """A playback that is over."""

    def playing(self) -> bool:
        return False

    def stop(self) -> None:
        pass

    def wait(self) -> None:
        pass


class QuietVoice:
    """Takes the time that speech takes, on the clock given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.delivery = Delivery()
        self.said: list[str] = []
        self.played: list[Earcon] = []

    def say(self, text: str) -> Ended:
        self.said.append(text)
        self._clock.sleep(len(text.split()) * SECONDS_A_WORD)
        return Ended()

    def play(self, earcon: Earcon) -> Ended:
        self.played.append(earcon)
        return Ended()

    def prepare(self, texts: tuple[str, ...]) -> None:
        pass

    def close(self) -> None:
        pass
