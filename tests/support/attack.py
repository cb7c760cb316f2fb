"""Somebody who says anything at any moment: a hypothesis state machine that plays conversation after conversation.

Each rule says one thing at the turn that is open; the promises are checked on all that follows from it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import ClassVar, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from skill.dialogue.beginning import Beginning
from skill.dialogue.events import Answered, Concluded, EndReason
from skill.language.grammar import Grammar
from skill.language.normalise import UNKNOWN
from skill.language.shipped import load_grammar
from skill.listening.ear import CLOSED, SILENCE, Ending, Heard, Phrase, Turn, typed
from skill.listening.scripted_ear import spoken
from skill.triage.interview import Interview
from skill.triage.loader import load_protocol
from skill.triage.model import NO, YES, Level, Value
from skill.understanding.phrasebook import CHANGE, COMMANDS, EMERGENCY, FAQ, YES_NO, Phrasebook
from tests.support.held_conversation import HeldConversation
from tests.support.promises import Promises, Spoken
from training.examples.loader import Example, load_examples

_Choice = TypeVar("_Choice")

PROTOCOL = load_protocol()
PHRASEBOOK = Phrasebook(PROTOCOL)
#: Questions of which only a yes is sure to be kept: is a doctor's interview wanted, and was it read back right?
TAKEN = (PROTOCOL.doctor.offer, PROTOCOL.doctor.confirmed) if PROTOCOL.doctor else ()
#: Commands that are said by a rule of their own.
GRAVE_COMMANDS = ("back", "start_over", "stop")
#: Which of the many values, and ways to say them.
ANY = st.integers(0, 9999)
#: How many things are said before what ends a conversation may be: most conversations shall be long.
CALM = st.integers(0, 12)
#: How many benign answers a conversation begins with, so that its later parts are attacked as often as its first.
PRELUDE = st.integers(0, 12)
#: Confidences at which Charley asks back, or does not understand.
DOUBT = st.sampled_from((0.1, 0.35, 0.5, 0.65, 0.8, 0.9))


@cache
def _talk() -> Mapping[str, tuple[Example, ...]]:
    """What people say in words of their own, by the question; not who wants back, or to change something."""
    found: dict[str, list[Example]] = {}
    for example in load_examples():
        if not example.meaning.startswith(("command:", "change:")):
            found.setdefault(example.question, []).append(example)
    return {question: tuple(said) for question, said in found.items()}


@cache
def _wordings(topic: str) -> Mapping[Value, tuple[str, ...]]:
    """The sentences of a grammar by what they mean."""
    return _by_meaning(load_grammar(topic), topic)


def _by_meaning(grammar: Grammar, topic: str) -> Mapping[Value, tuple[str, ...]]:
    found: dict[Value, list[str]] = {}
    for sentence, sense in grammar.sentences.items():
        if sense.topic == topic:
            found.setdefault(sense.value, []).append(sentence)
    return {value: tuple(said) for value, said in found.items()}


def _with_noise(said: str) -> Heard:
    """`said` between words that are none of the grammar."""
    return Heard(Ending.SPEECH, tuple(Phrase(text, 1.0) for text in (UNKNOWN, said, UNKNOWN)))


def _values(topic: str) -> list[str]:
    return sorted(map(str, _wordings(topic)))


def _pick(choices: Sequence[_Choice], number: int) -> _Choice:
    return choices[number % len(choices)]


@dataclass
class Tally:
    """What was played."""

    conversations: int = 0
    spoken: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    """By the level advised last, or `stopped`."""
    answers: list[int] = field(default_factory=list)
    """How many answers each conversation took that ended with advice."""
    talked: int = 0
    """Things said in words of people's own."""
    grave: int = 0
    """Those of them that say yes to a red flag or raise an alarm at one."""
    denied: list[str] = field(default_factory=list)
    """Those that were taken for a no at once, with the question."""


class Attack(RuleBasedStateMachine):
    """One person after the other, until hypothesis has seen enough."""

    tally: ClassVar[Tally]
    _begun = False

    @initialize(interruptible=st.booleans(), prelude=PRELUDE, calm=CALM)
    def begin(self, interruptible: bool, prelude: int, calm: int) -> None:
        self._held = HeldConversation(Beginning(Interview(PROTOCOL)), interruptible=interruptible)
        self._begun = True
        self._interruptible = interruptible
        self._promises = Promises(PROTOCOL)
        self._read = 0
        self._calm = 0
        self._follow(Spoken())
        self.answer_benignly(prelude, calm * prelude)
        self._calm = calm

    @precondition(lambda self: self._over)
    @rule(interruptible=st.booleans(), prelude=PRELUDE, calm=CALM)
    def begin_again(self, interruptible: bool, prelude: int, calm: int) -> None:
        self.begin(interruptible, prelude, calm)

    @precondition(lambda self: not self._over)
    @rule(times=st.integers(1, 8), choice=ANY)
    def answer_benignly(self, times: int, choice: int) -> None:
        for _ in range(times):
            if not self._over:
                self._answer(self._benign(choice), choice)

    @precondition(lambda self: not self._over and (self._wild or not self._at_emergency))
    @rule(choice=ANY, wording=ANY)
    def answer_anything(self, choice: int, wording: int) -> None:
        self._answer(_pick(sorted(self._own, key=str), choice), wording)

    @precondition(lambda self: not self._over and (self._wild or not self._at_emergency))
    @rule(choice=ANY, wording=ANY, confidence=DOUBT)
    def be_heard_badly(self, choice: int, wording: int, confidence: float) -> None:
        self._say(spoken(_pick(self._own[_pick(sorted(self._own, key=str), choice)], wording), confidence))

    @precondition(lambda self: not self._over and (self._wild or not self._at_emergency))
    @rule(wording=ANY, hidden=st.booleans())
    def mumble(self, wording: int, hidden: bool) -> None:
        said = _pick(self._own[self._benign(wording)], wording)
        self._say(_with_noise(said) if hidden else spoken(UNKNOWN))

    @precondition(lambda self: not self._over and (self._wild or not self._asked))
    @rule()
    def say_nothing(self) -> None:
        self._say(SILENCE)

    @precondition(lambda self: not self._over)
    @rule(minutes=st.integers(1, 15))
    def let_time_pass(self, minutes: int) -> None:
        self._held.clock.sleep(60.0 * minutes)
        self.answer_benignly(1, minutes)

    @precondition(lambda self: not self._over)
    @rule(command=st.sampled_from([name for name in _values(COMMANDS) if name not in GRAVE_COMMANDS]), wording=ANY)
    def steer(self, command: str, wording: int) -> None:
        self._say(spoken(_pick(_wordings(COMMANDS)[command], wording)))

    @precondition(lambda self: not self._over and self._asked)
    @rule(wording=ANY)
    def go_back(self, wording: int) -> None:
        self._say(spoken(_pick(_wordings(COMMANDS)["back"], wording)), Spoken(goes_back=True))

    @precondition(lambda self: not self._over and self._asked)
    @rule(wording=ANY)
    def start_over(self, wording: int) -> None:
        self._say(spoken(_pick(_wordings(COMMANDS)["start_over"], wording)), Spoken(starts_over=True))

    @precondition(lambda self: not self._over and self._asked)
    @rule(question=st.sampled_from(_values(CHANGE)), wording=ANY)
    def correct(self, question: str, wording: int) -> None:
        self._say(spoken(_pick(_wordings(CHANGE)[question], wording)), Spoken(touches=frozenset({question})))

    @precondition(lambda self: not self._over and self._asked)
    @rule(topic=st.sampled_from(sorted(PHRASEBOOK.asides)), choice=ANY, wording=ANY, answering=st.booleans())
    def volunteer(self, topic: str, choice: int, wording: int, answering: bool) -> None:
        """Answer another question, alone or after the answer that was asked for."""
        aside = _pick(_pick(sorted(_wordings(topic).items(), key=str), choice)[1], wording)
        said = f"{_pick(self._own[self._benign(choice)], wording)} {aside}" if answering else aside
        self._say(spoken(said), Spoken(touches=frozenset({PHRASEBOOK.asides[topic]})))

    @precondition(lambda self: not self._over and self._asked and (self._wild or not self._at_emergency))
    @rule(wording=st.integers(0, 99_999))
    def talk(self, wording: int) -> None:
        """Answer in words of one's own. What is meant is known; a yes to a red flag must not be taken for a no."""
        question = PROTOCOL.questions[self._turn.name]
        said = _talk().get(question.id)
        if not said:
            return
        example = _pick(said, wording)
        note(f"said at {question.id}: {example.said} ({example.meaning})")
        topic, _, name = example.meaning.partition(":")
        touched = {beside for beside, _ in example.also}
        touched |= {other.id for other, _ in PHRASEBOOK.mentioned(example.said, question)}
        touched |= {PROTOCOL.alarms[name].question} if topic == "alarm" else set()
        begin = len(self._held.journal.entries)
        self._say(typed(example.said), Spoken(touches=frozenset(touched)))
        self.tally.talked += 1
        if question.red_flag is not None and (topic == "alarm" or example.meaning == YES):
            self.tally.grave += 1
            if Answered(question.id, NO) in self._held.journal.entries[begin:]:
                self.tally.denied.append(f"{question.id}: {example.said}")

    @precondition(lambda self: not self._over and self._asked)
    @rule(entry=st.sampled_from(_values(FAQ)), wording=ANY)
    def wonder(self, entry: str, wording: int) -> None:
        self._say(spoken(_pick(_wordings(FAQ)[entry], wording)))

    @precondition(lambda self: not self._over and self._wild)
    @rule(alarm=st.sampled_from(_values(EMERGENCY)), wording=ANY, noise=st.booleans())
    def raise_alarm(self, alarm: str, wording: int, noise: bool) -> None:
        said = _pick(_wordings(EMERGENCY)[alarm], wording)
        touched = frozenset({PROTOCOL.alarms[alarm].question})
        self._say(_with_noise(said) if noise else spoken(said), Spoken(touches=touched, alarms=not noise))

    @precondition(lambda self: not self._over and self._wild and self._interruptible)
    @rule(choice=ANY, wording=ANY)
    def break_in(self, choice: int, wording: int) -> None:
        """Say something else while Charley replies to a benign answer."""
        sentences = PHRASEBOOK.interrupting().sentences
        said = _pick(sorted(sentences), choice)
        sense = sentences[said]
        self._held.breaking_in = spoken(said)
        heard = spoken(_pick(self._own[self._benign(wording)], wording))
        if sense.topic == EMERGENCY:
            touched = frozenset({PROTOCOL.alarms[str(sense.value)].question})
            self._say(heard, Spoken(touches=touched, alarms=True))
        else:
            self._say(heard, Spoken(stops=sense.value == "stop"))

    @precondition(lambda self: not self._over and self._asked and self._interruptible)
    @rule(choice=ANY, wording=ANY)
    def deny_early(self, choice: int, wording: int) -> None:
        """Say no while Charley replies to a benign answer and puts the next question.

        Not while an answer is being confirmed: a yes to that may deny what was asked before.
        """
        asked, begin = self._turn.name, len(self._held.journal.entries)
        self._held.breaking_in = spoken(_pick(_wordings(YES_NO)[NO], choice))
        self._say(spoken(_pick(self._own[self._benign(wording)], wording)))
        answered = [entry for entry in self._held.journal.entries[begin:] if isinstance(entry, Answered)]
        denied = [entry.question for entry in answered if entry.value == NO and entry.question != asked]
        unheard = [question for question in denied if PROTOCOL.questions[question].red_flag is not None]
        assert not unheard, f"{unheard} denied before the question was over"

    @precondition(lambda self: not self._over and self._wild)
    @rule(wording=ANY)
    def stop(self, wording: int) -> None:
        self._say(spoken(_pick(_wordings(COMMANDS)["stop"], wording)), Spoken(stops=True))

    @precondition(lambda self: not self._over and self._wild and self._interruptible)
    @rule(choice=ANY, wording=ANY)
    def cry_out_after_stop(self, choice: int, wording: int) -> None:
        """Raise an alarm while Charley replies to a stop."""
        sentences = PHRASEBOOK.interrupting().sentences
        said = _pick(sorted(said for said, sense in sentences.items() if sense.topic == EMERGENCY), choice)
        self._held.breaking_in = spoken(said)
        touched = frozenset({PROTOCOL.alarms[str(sentences[said].value)].question})
        stop = spoken(_pick(_wordings(COMMANDS)["stop"], wording))
        self._say(stop, Spoken(touches=touched, alarms=True, stops=True))

    @precondition(lambda self: not self._over and self._wild)
    @rule()
    def hang_up(self) -> None:
        self._say(CLOSED)

    def teardown(self) -> None:
        """Whoever falls silent for good is advised all the same."""
        if self._begun and not self._over:
            self._say(CLOSED)

    @property
    def _over(self) -> bool:
        return self._held.turn is None

    @property
    def _wild(self) -> bool:
        """Whether that may be said now after which a conversation ends."""
        return self._calm <= 0

    @property
    def _at_emergency(self) -> bool:
        return self._asked and PROTOCOL.questions[self._turn.name].red_flag is Level.EMERGENCY

    @property
    def _turn(self) -> Turn:
        assert self._held.turn is not None
        return self._held.turn

    @property
    def _asked(self) -> bool:
        """Whether a question of the protocol is open, so that everything may be said."""
        return self._turn.name in PROTOCOL.questions

    @property
    def _topic(self) -> str:
        """The grammar of the answers that are asked for: the first of those that are open."""
        return self._turn.grammar.name.partition("+")[0]

    @property
    def _own(self) -> Mapping[Value, tuple[str, ...]]:
        """The answers that are asked for, and how each may be said."""
        return _wordings(self._topic)

    def _benign(self, number: int) -> Value:
        """An answer with which the conversation goes on."""
        if self._asked and PROTOCOL.questions[self._turn.name].red_flag is not None:
            return NO
        return _pick(sorted(self._own, key=str), number)

    def _answer(self, value: Value, number: int) -> None:
        question = PROTOCOL.questions.get(self._turn.name)
        plain = question is not None and question.grammar == self._topic  # a smaller question has a yes for its value
        declined = self._turn.name in TAKEN and value != YES  # an offer is forgotten, a summary mended and read again
        gives = {self._turn.name: value} if plain and not declined else {}
        self._say(spoken(_pick(self._own[value], number)), Spoken(gives=gives))

    def _say(self, heard: Heard, said: Spoken | None = None) -> None:
        self.tally.spoken += 1
        self._calm -= 1
        self._held.reply(heard)
        said = said or Spoken()
        if self._held.breaking_in is not SILENCE:  # Charley said nothing that could be broken into
            self._held.breaking_in, said = SILENCE, replace(said, alarms=False, stops=False)
        self._follow(said)

    def _follow(self, said: Spoken) -> None:
        entries = self._held.journal.entries
        happened, self._read = entries[self._read :], len(entries)
        self._promises.follow(said, happened)
        if self._over:
            self._promises.end(self._held.ended, said)
            self._count()

    def _count(self) -> None:
        self.tally.conversations += 1
        stopped = self._held.ended is EndReason.STOPPED
        levels = [entry.level for entry in self._held.journal.entries if isinstance(entry, Concluded)]
        self.tally.endings["stopped" if stopped else levels[-1]] += 1
        if not stopped:
            given = {entry.question for entry in self._held.journal.entries if isinstance(entry, Answered)}
            self.tally.answers.append(len(given))
