"""A note in the person's own words, kept beside the cramp that it is about."""

from dataclasses import replace
from typing import Final, Protocol

from skill.dialogue.narrator import Narrator
from skill.dialogue.outcome import Alarm, Digression, Turnaround
from skill.dialogue.prompts import Utterance
from skill.episodes.memory import Memory, NotedAt
from skill.listening.ear import Heard, typed
from skill.triage.model import YES, Answer, Kind, Question
from skill.understanding.meanings import Alarmed, Commanded, Gone, Meant, Silent, Understanding
from skill.understanding.understand import Interpreter, sentence_of

#: Which question a note is most likely to answer as well.
BEFORE: Final = "trigger"
#: What is to be written down: anything may be said, and is heard best where it tells what came before.
NOTE: Final = Question("note", Kind.CHOICE, BEFORE)
_BEFORE: Final = replace(NOTE, id=BEFORE)


class Listener(Protocol):
    """What asks and confirms."""

    def put(self, question: Question, *utterances: Utterance) -> tuple[Heard, Understanding]:
        """Say the utterances and listen once."""
        ...

    def confirm(self, answer: str) -> str | Alarm | Turnaround:
        """Whether `answer` was heard right."""
        ...

    def alarm(self, understood: Alarmed) -> Alarm | None:
        """The alarm to act on."""
        ...


def take_note(
    text: str, listener: Listener, narrator: Narrator, interpreter: Interpreter, memory: Memory
) -> Alarm | Turnaround | Digression | None:
    """Write `text` down; empty, ask for it. What was said instead, or what the note answers beside it, if anything."""
    if not text:
        heard, understood = listener.put(NOTE, narrator.prompts.utterance("dialogue.note.ask"))
        alarms = (one for one in (understood, interpreter.understand(heard, _BEFORE)) if isinstance(one, Alarmed))
        if (alarmed := next(alarms, None)) and (alarm := listener.alarm(alarmed)):
            return alarm
        said = sentence_of(heard)
        text = said.text if said else heard.words
        if not text or isinstance(understood, Silent | Gone | Commanded):
            narrator.say("dialogue.note.none")
            return Turnaround.CLOSED if isinstance(understood, Gone) else None
        reply = YES if heard.typed else listener.confirm(text)
        if isinstance(reply, Alarm | Turnaround):
            return reply
        if reply != YES:
            narrator.say("dialogue.note.none")
            return None
    place = memory.note(" ".join("".join(filter(str.isprintable, text)).split()))
    narrator.say(f"dialogue.note.{place}")
    meant = interpreter.understand(typed(text), _BEFORE)
    if place is NotedAt.THIS and isinstance(meant, Meant) and meant.sure:
        return Digression((Answer(BEFORE, meant.value),))
    return None
