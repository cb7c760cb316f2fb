"""Moonshine tiny (https://github.com/moonshine-ai/moonshine, MIT) in a child process: sentences of any words."""

from importlib.util import find_spec
from typing import Final

from skill.errors import HearingError
from skill.language.normalise import normalise
from skill.listening.sentence import Sentence
from skill.listening.source import Samples
from skill.system.child import Child, ChildError, module

#: Seconds for the model to load: 0.5 s here.
_LOADING: Final = 60.0
#: Seconds for a hearing, which takes 0.1 of its sound here: a child that hangs is ended. Nobody waits as long as that.
_PATIENCE: Final = 30.0


def installed() -> bool:
    """Whether the extra `sentences` is there: its wheel exists for x86-64 and aarch64."""
    return find_spec("moonshine_voice") is not None


class Moonshine:
    """A SentenceHearing. The model loads while nobody waits for it: the first hearing does."""

    def __init__(self) -> None:
        self._child = Child(module("skill.listening.moonshine_worker"))
        self._loaded = self._closed = False

    def hear(self, sound: Samples, rate: int, moment: str) -> Sentence:
        """What is said, whatever was asked. It gives no confidence."""
        del moment
        try:
            if not self._loaded:
                self._child.reply(_LOADING)
                self._loaded = True
            data = sound.tobytes()
            text = self._child.ask({"rate": rate, "bytes": len(data)}, _PATIENCE, data)["text"]
        except ChildError as failure:
            self._loaded = False
            if not self._closed:
                self._child.restart()
            raise HearingError(f"The hearing of sentences has failed ({failure}): answer again.") from failure
        return Sentence(normalise(text), None, "moonshine")

    def close(self) -> None:
        """End the child."""
        self._closed = True
        self._child.end()
