"""Says prompts: voice and event together, remembered so that they can be said again, interrupted by a word."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from skill.dialogue.events import Event, EventSink, Said
from skill.dialogue.manner import Manner
from skill.dialogue.prompts import Prompts, Utterance
from skill.errors import HearingError, InstallationError, SoundError
from skill.listening.ear import SILENCE, Ear, Ending, Heard, Turn
from skill.speaking.voice import Earcon, Voice


class Narrator:
    """The dialogue's mouth."""

    def __init__(
        self,
        prompts: Prompts,
        voice: Voice,
        ear: Ear,
        events: EventSink,
        interrupting: Turn | None,
        manner: Manner,
    ) -> None:
        """`interrupting`: the words that break in while Charley speaks; None where nobody can (a keyboard)."""
        self.prompts = prompts
        self.manner = manner
        self._voice = voice
        self._ear = ear
        self._events = events
        self._interrupting = interrupting
        self._last: tuple[Utterance, ...] = ()
        self._interruption = SILENCE

    @property
    def interruptible(self) -> bool:
        """Whether somebody can break in at all."""
        return self._interrupting is not None

    @property
    def interrupted(self) -> bool:
        """Whether somebody broke in, and has not been answered yet."""
        return self._interruption.ending is Ending.SPEECH

    def heed(self, heard: Heard) -> None:
        """Take `heard` as an interruption; SILENCE is none."""
        self._interruption = heard

    def interruption(self) -> Heard:
        """The words that broke in, once; SILENCE when there are none."""
        heard, self._interruption = self._interruption, SILENCE
        return heard

    def say(self, prompt: str, **slots: str) -> None:
        """Say one prompt."""
        self.deliver(self.prompts.utterance(prompt, **slots))

    def deliver(self, *utterances: Utterance, asking: Turn | None = None) -> None:
        """Say the utterances one after the other; `again` says them once more.

        `asking`: what may break into the last of them, where it is not the usual.
        Who breaks in wants to be heard: from then on nothing is said until `interruption` has been taken.
        """
        self._last = utterances
        for utterance in utterances:
            if self.interrupted:
                return
            self._events.emit(Said(utterance.prompt, utterance.text))
            last = asking is not None and utterance is utterances[-1]
            self._interruption = self._speak(utterance.text, asking if last else self._interrupting)

    def remark(self, prompt: str) -> None:
        """Say one prompt that `again` does not repeat."""
        with self.aside():
            self.say(prompt)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is said meanwhile `again` does not repeat."""
        before = self._last
        yield
        self._last = before

    def again(self) -> None:
        """Say the last utterances once more."""
        self.deliver(*self._last)

    def note(self, event: Event) -> None:
        """Pass an event on."""
        self._events.emit(event)

    def sound(self, earcon: Earcon) -> None:
        """Play a short sound to its end."""
        self._voice.play(earcon).wait()

    def _speak(self, text: str, turn: Turn | None) -> Heard:
        playback = self._voice.say(text)
        heard = SILENCE
        if turn is not None:
            with suppress(SoundError, HearingError, InstallationError):  # whoever listens next finds out, and tells
                heard = self._ear.overhear(turn, playback.playing)
        if heard.ending is Ending.SPEECH or heard.typed:
            playback.stop()
        playback.wait()
        return heard
