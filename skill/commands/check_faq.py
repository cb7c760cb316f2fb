"""Whether the questions that a person may ask are answered, and can be taken for nothing else.

Each check yields a sentence for each problem, and None for each thing that is well.
"""

from collections.abc import Iterator
from typing import Final

from skill.dialogue.prompts import Prompts
from skill.language.shipped import load_grammar
from skill.system import resources
from skill.triage.definition import Protocol
from skill.understanding.phrasebook import EMERGENCY, FAQ, Phrasebook

#: Words that a question has at least, so that it is no plain answer that was misheard.
LEAST_WORDS: Final = 3


def unanswered_questions(prompts: Prompts) -> Iterator[str | None]:
    """Every entry of the grammar has its prompts, and every entry of the prompts its wordings."""
    asked = {str(sense.value) for sense in load_grammar(FAQ).sentences.values()}
    answered = {prompt.split(".")[1] for prompt in prompts.texts if prompt.startswith(f"{FAQ}.")}
    for entry in sorted(answered - asked):
        yield f"Nobody can ask for {FAQ}.{entry}: write its wordings into grammars/."
    for entry in sorted(asked):
        missing = [part for part in ("title", "answer") if not prompts.has(f"{FAQ}.{entry}.{part}")]
        yield f"The prompt {FAQ}.{entry}.{missing[0]} is missing: write it under prompts/." if missing else None


def ambiguous_questions(protocol: Protocol) -> Iterator[str | None]:
    """No wording is short, is known to another grammar, hides an alarm, or is read as anything else at a question."""
    elsewhere = {
        sentence: path.stem
        for path in sorted(resources.GRAMMARS.glob("*.yaml"))
        if path.stem != FAQ
        for sentence in load_grammar(path.stem).phrases
    }
    alarms = [f" {phrase} " for phrase in load_grammar(EMERGENCY).sentences if " " in phrase]
    phrasebook = Phrasebook(protocol)
    one_for_each_grammar = {question.grammar: question for question in protocol.questions.values()}.values()
    for sentence, sense in load_grammar(FAQ).sentences.items():
        hidden = [alarm.strip() for alarm in alarms if alarm in f" {sentence} "]
        misread = [one.id for one in one_for_each_grammar if phrasebook.at(one).read(sentence).sole != sense]
        if len(sentence.split()) < LEAST_WORDS:
            yield f"The question {sentence!r} is too short: give it {LEAST_WORDS} words."
        elif sentence in elsewhere:
            yield f"The question {sentence!r} stands in {elsewhere[sentence]} too: keep one."
        elif hidden:
            yield f"The question {sentence!r} holds the emergency phrase {hidden[0]!r}: ask it otherwise."
        else:
            yield f"The question {sentence!r} is misread at {misread[0]}: ask it otherwise." if misread else None
