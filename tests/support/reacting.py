"""Somebody who answers into the microphone as soon as Charley has said something."""

import threading
from collections.abc import Callable

from skill.dialogue.events import Event, Recorder, Said

Reaction = Callable[[], object]


class Person(Recorder):
    """Reacts to a prompt with the next of its reactions, in a thread of its own, and remembers every event."""

    def __init__(self, reactions: dict[str, list[Reaction]]) -> None:
        super().__init__()
        self._reactions = {prompt: iter(row) for prompt, row in reactions.items()}
        self._speaking: list[threading.Thread] = []

    def emit(self, event: Event) -> None:
        """React, if there is something left to do."""
        super().emit(event)
        if isinstance(event, Said) and (react := next(self._reactions.get(event.prompt, iter(())), None)):
            self._speaking.append(threading.Thread(target=react, name="person"))
            self._speaking[-1].start()

    def finish(self) -> None:
        """Wait until everything is said; Charley may understand the last word before its sound is over."""
        for thread in self._speaking:
            thread.join()

    def count(self, prompt: str) -> int:
        """How often Charley said `prompt`."""
        return sum(isinstance(event, Said) and event.prompt == prompt for event in self.events)
