"""What a recording means as the answer to a question: for `charley hear --question`."""

from datetime import datetime

from skill.commands.hear import Judge
from skill.language.grammar import Reading
from skill.listening.ear import Heard
from skill.triage.model import Question, Value
from skill.understanding.decision import Decision, Thresholds
from skill.understanding.phrasebook import Phrasebook
from skill.understanding.understand import Alarmed, Commanded, Meant, Wondered, understand


def judge_by_question(question: Question, phrasebook: Phrasebook, thresholds: Thresholds, now: datetime) -> Judge:
    """Judges by the dialogue's own understanding: an answer's value, or the name of a command, alarm or question."""

    def judge(heard: Heard, _reading: Reading) -> tuple[Value | None, Decision]:
        match understand(heard, question, phrasebook, thresholds, now):
            case Meant(value, sure) | Alarmed(value, _, sure):
                return value, Decision.ACCEPT if sure else Decision.CONFIRM
            case Commanded(command):
                return command.value, Decision.ACCEPT
            case Wondered(entry):
                return entry, Decision.ACCEPT
            case _:
                return None, Decision.REJECT

    return judge
