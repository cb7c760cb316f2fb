"""What stands on the page, and which buttons answer which question."""

from skill.dialogue.prompts import Prompts, load_written
from skill.triage.model import Kind


class Texts:
    """The texts of the page by id, and the lines that its buttons say."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    def __call__(self, name: str, **slots: str) -> str:
        """The text with its slots filled. Raises InstallationError for an unknown one."""
        return self._prompts.utterance(f"page.{name}", **slots).text

    def lines(self, name: str) -> tuple[str, ...]:
        """The texts of a list, or the single one; none where there is no such text."""
        return tuple(self._prompts.texts[one] for one in self._prompts.variants(f"page.{name}"))

    def answers(self, question: str, kind: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        """The lines that answer a question, or a moment such as `coaching`; `kind` and `choices` as it was asked.

        A question that is put in small steps ("is it your calf?") keeps its id, and is of the kind yes_no.
        """
        if kind == Kind.CHOICE:
            return tuple(line for choice in choices for line in self.lines(f"answers.{question}.{choice}"))
        return self.lines(f"answers.{kind if kind in (Kind.YES_NO, Kind.SCALE) else question}")


def load_texts() -> Texts:
    """The shipped texts. Raises InstallationError as `read_prompts`."""
    return Texts(load_written())
