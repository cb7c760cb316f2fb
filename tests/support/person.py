"""A patient who answers in words, typed or spoken: the same question put again is answered in other words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from io import StringIO

from skill.dialogue.events import Asked, Coaching, Concluded, Event, Recorder, Said
from skill.dialogue.prompts import load_prompts
from skill.language.shipped import load_grammar
from skill.system.clock import Clock
from skill.triage.definition import Protocol
from skill.triage.model import NO, UNANSWERED, UNSURE, YES, Level, Value
from skill.triage.scenarios import Scenarios
from tests.support.patients import Advised, Patient

#: Seconds that somebody takes for an answer whose story is that nothing helps for a long time.
LINGERING = 700.0
#: How a plain yes or no is said, clearly enough for a recogniser.
PLAIN = {
    YES: ("yes it is", "yes", "yes i do"),
    NO: ("no", "no not at all", "no it isn't"),
    UNSURE: ("i'm not sure",),
}
#: Words of a sentence that is said rather than a single word or a long one.
USUAL_WORDS = 3


class Person(Mapping[str, tuple[str, ...]]):
    """What is said at each turn, by its name, as the replies of a demo patient are."""

    def __init__(self, patient: Patient, protocol: Protocol, recorder: Recorder, clock: Clock) -> None:
        self._facts = {**Scenarios(protocol).benign, **patient.facts}
        self._protocol = protocol
        self._recorder = recorder
        self._clock = clock
        self._asked: Counter[str] = Counter()
        self._meant = ("", "")
        """The question answered last, and the words."""
        self._lingers = any(patient.facts.get(question) == YES for question in protocol.timed)

    def __getitem__(self, turn: str) -> tuple[str, ...]:
        question = self._protocol.questions.get(turn)
        if question is None:
            return (self._judge(),) if turn == "confirm" else ("",)
        if self._lingers:
            self._clock.sleep(LINGERING)
        value = self._facts[turn]
        if value == UNANSWERED:
            return ("",)
        ways = _ways(question.grammar, value)
        said = ways[self._asked[turn] % len(ways)]
        self._asked[turn] += 1
        self._meant = (turn, said)
        return (said,)

    def __iter__(self) -> Iterator[str]:
        return iter(self._protocol.questions)

    def __len__(self) -> int:
        return len(self._protocol.questions)

    def _judge(self) -> str:
        """Yes when Charley says back what was meant, in its own words or in the person's."""
        question, said = self._meant
        prompts, value = load_prompts(), self._facts.get(question)
        known = (f"questions.{question}.values.{value}", f"dialogue.values.{value}")
        words = [said, *(prompts.texts[prompt] for prompt in known if prompts.has(prompt))]
        asked = [event.text for event in self._recorder.events if isinstance(event, Asked)][-1]
        backs = (text for prompt, text in prompts.texts.items() if prompt.startswith("dialogue.confirm"))
        right = any(asked == back.format(answer=answer) for back in backs for answer in words)
        return "yes" if right else "no"


class Typist(StringIO):
    """A keyboard at which the person answers the question that was put last."""

    def __init__(self, person: Person, recorder: Recorder) -> None:
        super().__init__()
        self._person = person
        self._recorder = recorder

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]  # as in typeshed: io's base wants bytes
        turn = [event.question for event in self._recorder.events if isinstance(event, Asked)][-1]
        return f"{self._person[turn][0]}\n"


def advised(events: list[Event], protocol: Protocol) -> Advised:
    """What the last advice of a conversation was, and what was led through before it."""
    verdict = [event for event in events if isinstance(event, Concluded)][-1]
    level = {level.id: level for level in Level}[verdict.level]
    levels = {rule.id: rule.level for rule in protocol.rules}
    led, leading = set(), False
    for event in events:
        match event:
            case Said("dialogue.coach.opening" | "dialogue.coach.next" as prompt):
                leading = prompt == "dialogue.coach.next"
            case Coaching(remedy) if leading:
                led.add(remedy)
    decisive = frozenset(reason.rule for reason in verdict.reasons if levels[reason.rule] is level)
    return Advised(level, decisive, frozenset(verdict.remedies), frozenset(led))


def _ways(topic: str, value: Value) -> tuple[str, ...]:
    """How a value is said, the usual wordings first."""
    if topic == "yes_no":
        return PLAIN[str(value)]
    said = [sentence for sentence, sense in load_grammar(topic).sentences.items() if sense.value == value]
    return tuple(sorted(said, key=lambda sentence: abs(len(sentence.split()) - USUAL_WORDS)))[:3]
