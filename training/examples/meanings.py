"""Which meanings an example may have at a question, by the protocol and the grammars."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill.language.shipped import load_grammar
from skill.triage.interview import takes
from skill.triage.model import AMOUNTS, UNANSWERED, Question, Value
from skill.understanding.moments import every_question

#: Said to somebody else, or no answer to anything.
NOBODY: Final = "none"
#: The same where `none` is an answer: at the trigger, the medicines and the conditions.
NOBODY_BESIDE_NONE: Final = "nobody"
#: A question of the person's own that no entry of the prompts `faq` answers.
NO_ENTRY: Final = "-"


@dataclass(frozen=True)
class Meanings:
    """What can be meant at every moment of a conversation."""

    questions: Mapping[str, Question]
    """By id: the questions of both protocols, and the moments `confirm`, `offer` and `coaching`."""
    besides: Mapping[str, frozenset[str]]
    """What may be meant at any question: by `command`, `alarm`, `change` and `question`, their ids."""

    def fault(self, question: str, meaning: str) -> str | None:
        """Why `meaning` is none that `question` can have; None when it is one."""
        topic, colon, name = meaning.partition(":")
        if colon:
            if topic not in self.besides:
                return f"there is nothing like {topic!r}"
            return None if name in self.besides[topic] else f"there is no {topic} {name!r}"
        nobody = NOBODY_BESIDE_NONE if NOBODY in self.questions[question].choices else NOBODY
        return None if meaning == nobody else self.value_fault(question, meaning)

    def value_fault(self, question: str, value: str) -> str | None:
        """Why `value` is no answer to `question`; None when it is one."""
        if question not in self.questions:
            return f"there is no question {question!r}"
        asked = self.questions[question]
        read: Value = int(value) if asked.kind in AMOUNTS and value.isdecimal() else value
        return None if value != UNANSWERED and takes(asked, read) else f"{question!r} has no answer {value!r}"


@cache
def load_meanings() -> Meanings:
    """The meanings of the shipped protocol, follow-up and grammars. Raises InstallationError where those are wrong."""
    questions = every_question()
    besides = {
        "command": _values("command"),
        "alarm": _values("emergency"),
        "change": _values("change"),
        "question": _values("faq") | {NO_ENTRY},
    }
    return Meanings(questions, besides)


def _values(grammar: str) -> frozenset[str]:
    return frozenset(str(sense.value) for sense in load_grammar(grammar).sentences.values())
