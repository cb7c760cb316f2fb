"""How dates, amounts and answers are written: shorter than they are said."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from skill.dialogue.amounts import UNITS
from skill.dialogue.prompts import Prompts, load_prompts, read_prompts
from skill.triage.model import UNANSWERED, Kind, Question, Value

_MINUTE: Final = 60


class Wording:
    """The texts of the report, with those that are spoken behind them."""

    def __init__(self) -> None:
        """Raises InstallationError where a file of texts is missing or damaged."""
        self._written = read_prompts(Path(__file__).parent / "en")
        self._spoken: Prompts = load_prompts()

    def text(self, name: str, /, **slots: str) -> str:
        """The text `report.NAME`, its slots filled."""
        return self._written.utterance(f"report.{name}", **slots).text

    def texts(self, name: str) -> tuple[str, ...]:
        """The list `report.NAME`."""
        return tuple(self._written.utterance(one).text for one in self._written.variants(f"report.{name}"))

    def spoken(self, prompt: str) -> str:
        """What Charley says, as it is said."""
        return self._spoken.utterance(prompt).text

    def asked(self, question: str) -> str:
        """How a question is put; what the clock or the memory answers is put to nobody."""
        return self._either(f"clock.{question}", f"questions.{question}.ask")

    def topic(self, question: str) -> str:
        """What a question of yes or no is about, in a few words."""
        return self._either(f"topics.{question}", f"summary.topics.{question}")

    def reason(self, rule: str) -> str:
        """Why something was advised, in one sentence without a full stop."""
        words = self._either(f"reasons.{rule}", f"reasons.{rule}").rstrip(".")
        return words[:1].upper() + words[1:]

    def answer(self, question: Question, value: Value) -> str:
        """An answer in a few words."""
        if question.kind is Kind.YES_NO or value == UNANSWERED:
            return self.text(f"answers.{value}")
        if question.kind is Kind.CHOICE:
            name = f"{question.id}.{value}"
            return self._either(f"values.{name}", f"questions.{question.id}.values.{value}")
        if question.kind is Kind.DURATION:
            return self.duration(int(value))
        return self.text("scale", number=str(value)) if question.kind is Kind.SCALE else str(value)

    def day(self, moment: date | datetime) -> str:
        """As in 3 Nov 2026."""
        return f"{moment.day} {moment:%b %Y}"

    def moment(self, moment: datetime) -> str:
        """As in 3 Nov 2026, 02:40."""
        return f"{self.day(moment)}, {moment:%H:%M}"

    def joined(self, parts: Iterable[str], *, by: str = "; ") -> str:
        """Parts that have commas of their own."""
        return by.join(parts)

    def duration(self, seconds: int) -> str:
        """In the largest unit that fits. "Over ten minutes" is kept as one second more, "less than" as one less."""
        for bound, step in (("over", 1), ("under", -1)):
            if seconds - step >= _MINUTE and (seconds - step) % _MINUTE == 0:
                return self.text(f"amounts.{bound}", amount=self._rounded(seconds - step))
        return self._rounded(seconds)

    def _rounded(self, seconds: int) -> str:
        """In the largest unit that fits, to the half."""
        unit, length = next((one for one in UNITS if seconds >= one[1]), UNITS[-1])
        number = round(2 * seconds / length) / 2
        return self.text(f"amounts.{unit}.{'one' if number == 1 else 'many'}", number=f"{number:g}")

    def _either(self, written: str, spoken: str) -> str:
        own = f"report.{written}"
        return self._written.utterance(own).text if self._written.has(own) else self.spoken(spoken)
