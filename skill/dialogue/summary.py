"""The doctor's summary: the answers put into short sentences, read back, and confirmed or corrected by voice."""

from skill.dialogue.amounts import spoken_amount
from skill.dialogue.asking import Asker
from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Given, Outcome
from skill.dialogue.prompts import Prompts, Utterance
from skill.dialogue.repair import TRIES
from skill.episodes.episode import Episode
from skill.triage.definition import Protocol
from skill.triage.interview import Interview, takes
from skill.triage.model import NO, UNANSWERED, YES, Kind, Question, Value


def summary(interview: Interview, prompts: Prompts) -> tuple[Utterance, ...]:
    """One sentence for each answer that a doctor asks for, in the doctor's order."""
    doctor = interview.protocol.doctor
    if doctor is None:
        return ()
    told = (name for name in doctor.read_back if name not in doctor.unless_denied or interview.value(name) != NO)
    known = ((interview.protocol.questions[name], interview.value(name)) for name in told)
    sentences = (_sentence(question, value, prompts) for question, value in known if value is not None)
    return tuple(sentence for sentence in sentences if sentence is not None)


def summary_of(episode: Episode, protocol: Protocol, prompts: Prompts) -> tuple[Utterance, ...]:
    """The same for a remembered cramp; answers that this protocol cannot read are left out."""
    questions = protocol.questions
    readable = (
        one for one in episode.answers if one.question in questions and takes(questions[one.question], one.value)
    )
    return summary(Interview(protocol, history=tuple(readable)), prompts)


class ReadBack:
    """Reads the answers to the person, and asks whether they are right."""

    def __init__(self, narrator: Narrator, asker: Asker, told: tuple[Utterance, ...] = ()) -> None:
        """`told`: what an earlier conversation has told; it is read first."""
        self._narrator = narrator
        self._asker = asker
        self._told = told
        self._read: tuple[Utterance, ...] = ()

    def read(self, interview: Interview) -> None:
        """Read everything known so far."""
        self._read = (*self._told, *summary(interview, self._narrator.prompts))
        if self._read:
            self._narrator.say("summary.lead")
            self._narrator.deliver(*self._read)
        else:
            self._narrator.say("summary.nothing")

    def confirm(self, question: Question, interview: Interview) -> Outcome:
        """Read what is new since the last reading, and put `question`: is all of that right?"""
        if self._read:
            known, self._read = self._read, (*self._told, *summary(interview, self._narrator.prompts))
            self._narrator.deliver(*(sentence for sentence in self._read if sentence not in known))
        else:
            self.read(interview)
        for _ in range(TRIES):
            outcome = self._asker.ask(question)
            if outcome != Given(NO):
                break
            self._narrator.say("summary.what_to_change")
        if outcome == Given(YES):
            self._narrator.say("summary.saved")
        return outcome


def _sentence(question: Question, value: Value, prompts: Prompts) -> Utterance | None:
    """How an answer is read; None for a question that was left out and is no sign of anything."""
    if question.kind is Kind.YES_NO:
        return prompts.utterance(f"summary.{value}", topic=prompts.utterance(f"summary.topics.{question.id}").text)
    if value == UNANSWERED:
        return None
    return prompts.utterance(f"summary.values.{question.id}", value=_words(question, value, prompts))


def _words(question: Question, value: Value, prompts: Prompts) -> str:
    if question.kind is Kind.CHOICE:
        return prompts.utterance(f"questions.{question.id}.values.{value}").text
    return spoken_amount(question.kind, int(value), prompts) if question.kind is Kind.DURATION else str(value)
