"""What is said after a try that failed: another apology and another wording every time, never the same one twice."""

from typing import Final

from skill.dialogue.prompts import Prompts, Utterance
from skill.triage.model import Question
from skill.understanding.meanings import Trouble

#: A question is put this often before it counts as unanswered; smaller questions take the place of the last try.
TRIES: Final = 3


class Repair:
    """The failed tries of one question."""

    def __init__(self, prompts: Prompts, question: Question, opening: str, *, keyboard: bool) -> None:
        """`opening`: the prompt that the question begins with.

        `keyboard`: whether an answer may be typed, so that this can be offered before the last try.
        """
        here = f"questions.{question.id}"
        wordings = (*prompts.variants(f"{here}.again"), f"{here}.options", f"{here}.ask")
        self._prompts = prompts
        self._keyboard = keyboard
        self._wordings = tuple(wording for wording in wordings if wording != opening)
        self._tries = TRIES - 1 if question.smaller else TRIES
        self._troubles: list[Trouble] = []

    @property
    def trouble(self) -> Trouble | None:
        """What went wrong in the last try; None when none has failed."""
        return self._troubles[-1] if self._troubles else None

    @property
    def exhausted(self) -> bool:
        """Whether the question has been put often enough."""
        return len(self._troubles) >= self._tries

    def after(self, trouble: Trouble) -> tuple[Utterance, ...]:
        """Count the failed try; returns what to say next, the question itself last."""
        sorry = self._prompts.variants(f"dialogue.repair.{trouble}")
        turn = len(self._troubles)
        self._troubles.append(trouble)
        said = [sorry[turn % len(sorry)], self._wordings[turn % len(self._wordings)]]
        if self._keyboard and turn == TRIES - 2:
            said.insert(1, "dialogue.type_instead")
        return tuple(self._prompts.utterance(prompt) for prompt in said)
