"""Whether protocol, grammars, prompts, patients and the model's vocabulary fit together; the safety proof beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from skill.commands.check_faq import ambiguous_questions, unanswered_questions
from skill.commands.check_reader import lost_under_reader
from skill.commands.shipped_data import shipped_data
from skill.demo.patient import load_patient, patient_names
from skill.dialogue.closing import ONCE_MORE, PLAN
from skill.dialogue.prompts import Prompts
from skill.language.normalise import normalise
from skill.language.numerals import dialled
from skill.language.shipped import load_grammar
from skill.listening.ear import typed
from skill.listening.lexicon import Lexicon
from skill.system.clock import SimulatedClock
from skill.system.compiled import user_folder
from skill.triage.citations import CLINICAL, sources_of
from skill.triage.definition import Protocol, Stage
from skill.triage.model import AMOUNTS, YES, Kind, Level
from skill.understanding.barge_in import early_answers
from skill.understanding.decision import load_thresholds
from skill.understanding.meanings import Unclear
from skill.understanding.moments import CONFIRM, HOLD
from skill.understanding.phrasebook import EMERGENCY, Phrasebook
from skill.understanding.understand import interpreter

#: What a listener in pain can hold: words in a sentence, and seconds in a turn.
SENTENCE_WORDS: Final = 25
TURN_SECONDS: Final = 12.0
#: What a letter and a comma, colon or semicolon take: fitted to the 60 longest prompts as pyttsx3 renders them at pace
#: 1.0, and off by 1.0 s at most.
LETTER_SECONDS: Final = 0.059
MARK_SECONDS: Final = 0.174

_SENTENCE_END: Final = re.compile(r"(?<=[.!?:;])\s+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was checked, how many things, and what is wrong with which of them."""

    name: str
    checked: int
    problems: tuple[str, ...]


def check_data(protocol: Protocol, followup: Protocol, prompts: Prompts, lexicon: Lexicon) -> tuple[Finding, ...]:
    """Every consistency check between the data files; a passing check has no problems."""
    phrasebook = Phrasebook(protocol)
    both = (protocol, followup)
    return (
        _finding("every question, rule, remedy and level has its prompts", _missing_prompts(both, prompts)),
        _finding("every prompt belongs to something in a protocol", _unused(both, prompts)),
        _finding("every text has its source", _sourceless(both, prompts)),
        _finding("every prompt is short enough to be held in mind", _long_prompts(prompts)),
        _finding("no prompt contains a word that interrupts it", _self_interruptions(prompts, phrasebook)),
        _finding("a plain yes may break into every red-flag question", _self_answers(both, prompts)),
        _finding("every question's grammar gives only values that the question takes", _strange_values(both)),
        _finding("every answer, and every emergency phrase, is read as itself", _misreadings(both)),
        _finding("the grammars' sentences keep their meaning under the reader", lost_under_reader(protocol)),
        _finding("every emergency number is an alarm at every question", _numbers_unheard(both, prompts)),
        _finding("every question that may be asked has its answer", unanswered_questions(prompts)),
        _finding("every question that may be asked is read as itself", ambiguous_questions(protocol)),
        _finding("every word that may be said has a pronunciation", _unpronounceable(both, lexicon)),
        _finding("every demo patient is understood at every question", _mute_patients(protocol, followup)),
        _finding("what is kept for a fast start is what the files say", _outdated()),
    )


def _outdated() -> Iterator[str | None]:
    for data in shipped_data():
        yield (
            None
            if data.load() == data.fresh()
            else f"The kept {data.name} differ from their files: delete {user_folder()}, or install Charley again."
        )


def longest_sentence(text: str) -> int:
    """Words in the longest stretch of `text` that is spoken without a pause; a colon and a semicolon make one too."""
    return max((len(sentence.split()) for sentence in _SENTENCE_END.split(text)), default=0)


def _finding(name: str, results: Iterable[str | None]) -> Finding:
    """Each result is None where all is well, else the problem."""
    every = tuple(results)
    return Finding(name, len(every), tuple(problem for problem in every if problem))


def _missing_prompts(protocols: tuple[Protocol, ...], prompts: Prompts) -> Iterator[str | None]:
    needed = [f"levels.{level.id}.say" for level in Level]
    needed += [f"reasons.{rule.id}" for protocol in protocols for rule in protocol.rules]
    for item in (item for protocol in protocols for item in protocol.items if item.stage is not Stage.CLOCK):
        here = f"questions.{item.question.id}"
        needed += [f"{here}.{part}" for part in ("ask", "options", "why", "again.0", "again.1", "sign")]
        needed += [f"{here}.smaller.{value}" for value in item.question.smaller[:-1]]
    for remedy in (remedy for protocol in protocols for remedy in protocol.remedies.values()):
        needed += [f"remedies.{remedy.id}.{part}" for part in ("name", "why")]
        needed += [f"remedies.{remedy.id}.steps.{number}" for number in range(len(remedy.steps))]
        if prompts.has(f"remedies.{remedy.id}.steps.{len(remedy.steps)}"):
            yield f"remedies.{remedy.id} has more sentences than steps: give the protocol a step for each."
    for protocol in protocols:
        needed += [f"causes.{cause.id}" for cause in protocol.causes]
        needed += [f"prevention.{step.id}" for step in protocol.prevention]
        needed += [f"first_aid.{aid.id}" for aid in protocol.first_aid]
        needed += [f"watch.{sign.id}" for sign in protocol.watch]
    for prompt in needed:
        yield None if prompts.has(prompt) else f"The prompt {prompt} is missing: write it under prompts/."


def _unused(protocols: tuple[Protocol, ...], prompts: Prompts) -> Iterator[str | None]:
    """The prompts of questions, rules, remedies, causes and plan steps that no protocol has."""
    known = {f"levels.{level.id}" for level in Level}
    for protocol in protocols:
        known |= {f"questions.{name}" for name in protocol.questions}
        known |= {f"reasons.{rule.id}" for rule in protocol.rules}
        known |= {f"remedies.{name}" for name in protocol.remedies}
        known |= {f"causes.{cause.id}" for cause in protocol.causes}
        known |= {f"prevention.{step.id}" for step in protocol.prevention}
        known |= {f"first_aid.{aid.id}" for aid in protocol.first_aid}
        known |= {f"watch.{sign.id}" for sign in protocol.watch}
    topics = {name.partition(".")[0] for name in known}
    spoken_of = {".".join(prompt.split(".")[:2]) for prompt in prompts.texts if prompt.partition(".")[0] in topics}
    for name in sorted(spoken_of):
        yield None if name in known else f"The prompts {name} belong to nothing in the protocol: take them out."


def _sourceless(protocols: tuple[Protocol, ...], prompts: Prompts) -> Iterator[str | None]:
    """Clinical texts, and citations that belong to no text."""
    for prompt in prompts.texts:
        if prompt.partition(".")[0] in CLINICAL:
            cited = any(sources_of(prompt, protocol) for protocol in protocols)
            yield None if cited else f"{prompt} has no source: name one in the protocol, or in its texts.yaml."
    for name in (name for protocol in protocols for name in protocol.cited):
        known = any(prompt == name or prompt.startswith(f"{name}.") for prompt in prompts.texts)
        yield None if known else f"A source is given for {name}, which is no prompt: take it out."


def _long_prompts(prompts: Prompts) -> Iterator[str | None]:
    for prompt, text in prompts.texts.items():
        longest = longest_sentence(text)
        seconds = LETTER_SECONDS * len(text) + MARK_SECONDS * sum(map(text.count, ",:;"))
        if longest > SENTENCE_WORDS:
            yield f"{prompt} has a sentence of {longest} words: at most {SENTENCE_WORDS}."
        elif seconds > TURN_SECONDS:
            yield f"{prompt} takes about {seconds:.0f} s to say: at most {TURN_SECONDS:.0f} s."
        else:
            yield None


def _self_interruptions(prompts: Prompts, phrasebook: Phrasebook) -> Iterator[str | None]:
    breaking_in = [f" {phrase} " for phrase in phrasebook.interrupting().sentences]
    for prompt, text in prompts.texts.items():
        if prompt.endswith(".sign"):  # never spoken
            continue
        words = f" {normalise(text, {})} "
        found = [phrase.strip() for phrase in breaking_in if phrase in words]
        yield f"{prompt} contains {found[0]!r}, which would interrupt it: say it otherwise." if found else None


def _self_answers(protocols: tuple[Protocol, ...], prompts: Prompts) -> Iterator[str | None]:
    """A question that says the word itself cannot tell Charley's own yes from the person's."""
    for question in (question for protocol in protocols for question in protocol.questions.values()):
        prompt = f"questions.{question.id}.ask"
        if question.red_flag is not None and prompts.has(prompt):
            early = early_answers(question, prompts.texts[prompt]).sentences
            yield (
                None if YES in early else f"{prompt} contains {YES!r}, which cannot interrupt it then: ask otherwise."
            )


def _strange_values(protocols: tuple[Protocol, ...]) -> Iterator[str | None]:
    for question in (question for protocol in protocols for question in protocol.questions.values()):
        values = {sense.value for sense in load_grammar(question.grammar).sentences.values()}
        if question.kind is Kind.CHOICE:
            for value in values ^ set(question.choices):
                yield f"The question {question.id} and its grammar {question.grammar} disagree about {value!r}."
        numeric = question.kind in AMOUNTS
        for value in values:
            yield (
                f"{question.grammar} gives {value!r} to {question.id}."
                if isinstance(value, int) is not numeric
                else None
            )


def _misreadings(protocols: tuple[Protocol, ...]) -> Iterator[str | None]:
    alarms = load_grammar(EMERGENCY).sentences
    askable = [(Phrasebook(protocol), question) for protocol in protocols for question in protocol.questions.values()]
    for phrasebook, question in askable:
        whole = phrasebook.at(question)
        for sentence, sense in {**alarms, **load_grammar(question.grammar).sentences}.items():
            read = whole.read(sentence).senses
            yield None if read == (sense,) else f"At {question.id} {sentence!r} is read as {read}, not {sense}."
        for sentence in alarms.keys() & load_grammar(question.grammar).sentences.keys():
            yield f"{sentence!r} is an answer to {question.id} and an emergency phrase: take it out of the answers."


def _numbers_unheard(protocols: tuple[Protocol, ...], prompts: Prompts) -> Iterator[str | None]:
    """Whatever number is right in some country: a traveller calls for that of home."""
    numbers = {text for prompt, text in prompts.texts.items() if prompt.startswith("numbers.")}
    askable = [(Phrasebook(protocol), question) for protocol in protocols for question in protocol.questions.values()]
    for phrasebook, question in askable:
        for number in sorted(numbers):
            for said in (number, " ".join(number), *dialled(number)):
                senses = phrasebook.at(question).read(said).senses
                alarm = len(senses) == 1 and senses[0].topic == EMERGENCY
                yield None if alarm else f"At {question.id} {said!r} is no alarm: add {number} to emergency.yaml."


def _unpronounceable(protocols: tuple[Protocol, ...], lexicon: Lexicon) -> Iterator[str | None]:
    known = frozenset(lexicon.words)
    phrases = frozenset[str]().union(*(Phrasebook(protocol).everything() for protocol in protocols))
    for word in sorted({word for phrase in phrases for word in phrase.split()}):
        yield None if word in known else f"The word {word!r} has no pronunciation: add it to the lexicon."


def _mute_patients(protocol: Protocol, followup: Protocol) -> Iterator[str | None]:
    for name in patient_names():
        patient = load_patient(name)
        asked = followup if patient.remembered else protocol
        reads = interpreter(Phrasebook(asked), load_thresholds(), SimulatedClock().today)
        askable = {**asked.questions, **{one.id: one for one in (CONFIRM, HOLD, ONCE_MORE, PLAN)}}
        for question, replies in patient.replies.items():
            if question not in askable:
                yield f"The patient {name} answers {question!r}, which is no question."
                continue
            understood = [reads.understand(typed(said), askable[question]) for said in replies if said]
            lost = understood and all(isinstance(one, Unclear) for one in understood)
            yield f"{name}: {replies!r} is no answer to {question}." if lost else None
