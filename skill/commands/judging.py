"""What a recording means as the answer to a question: for `charley hear --question`."""

from skill.commands.hear import Judge, Judgement, Kind
from skill.commands.read import reading_of
from skill.language.grammar import Reading
from skill.listening.ear import Heard
from skill.triage.model import Question
from skill.understanding.decision import Decision
from skill.understanding.understand import Interpreter


def judge_by_question(question: Question, reads: Interpreter) -> Judge:
    """Judges by the dialogue's own understanding: an answer's value, or the name of a command, alarm or question."""

    def judge(heard: Heard, _reading: Reading) -> Judgement:
        read = reading_of(heard, question, reads)
        return Judgement(Kind(read.kind), read.answer, Decision(read.decision), read.also, read.confidence)

    return judge
