"""What the recogniser knows of every clip: people who fit the confidences, and others with whom they are measured.

The first have spoken in training, or may have; the others never do. Whoever fits and measures with the same people
finds what he wishes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from measuring.moments import moments
from measuring.rooms import distant
from skill.language.grammar import Grammar, Sense
from skill.listening.confidence import Evidence
from skill.listening.recogniser import Hearing, Recogniser
from training import data
from training.cases import Case, case, noisy, pcm, said
from training.features import RATE

QUIET, NOISY, FAR = "quiet", "10 dB", "3 m"
_DECIBELS: Final = 10.0
_METRES: Final = 3.0
#: Words that may be said, and the other words of the same recordings.
LISTS: Final = {
    "yes/no": ("yes", "no"),
    "commands": ("up", "down", "left", "right", "on", "off", "stop", "go"),
    "digits": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
#: Moments of the conversation at which everything else is heard too.
_TURNS: Final = ("yes_no", "place", "scale")


@dataclass(frozen=True)
class Clip:
    """A sound, what may be said at that moment, and what was; None: nothing that was meant for Charley."""

    group: str
    grammar: str
    case: Case


@dataclass(frozen=True)
class Candidate:
    """What may have been meant, and what is known of it."""

    known: Evidence
    right: bool
    understood: bool
    """Whether it is something that may be said, without contradiction."""
    complete: bool
    no: bool
    """Whether it is a no."""


@dataclass(frozen=True)
class Heard:
    """One clip, as it was heard."""

    group: str
    condition: str
    speaker: str
    spoken: bool
    """Whether it was said to Charley."""
    once: tuple[Candidate, ...]
    """The likeliest, and behind it the likeliest that may be said."""
    again: tuple[Candidate, ...]
    """The same after hearings at other speeds."""

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Heard":
        """From what JSON keeps."""
        hearings = {
            name: tuple(Candidate(**{**one, "known": Evidence(**one["known"])}) for one in kept[name])
            for name in ("once", "again")
        }
        return Heard(**{**kept, **hearings})

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


class Clips:
    """Recordings of people, drawn with a fixed seed."""

    def __init__(self, speech: Path, rendered: Sequence[Path], count: int, *, fitting: bool) -> None:
        """At most `count` of every word and of every group; `fitting`: of those who fit."""
        self._rng = np.random.default_rng(7)
        self._count = count
        self.grammars = dict(moments()) | {name: _listed(name, words) for name, words in LISTS.items()}
        self.noises = data.noises(speech, held_out=not fitting)
        splits = {name: data.split(speech, name) for name in (_FITTING if fitting else _MEASURING)}
        everybody = [utterance for split in splits.values() for utterance in split]
        words = [u for u in everybody if u.source.startswith(_WORDS) and " " not in said(u)]
        self.clips = [*self._words(words), *self._sentences(everybody)]
        self.clips += self._strangers("running speech", [u for u in everybody if u.source.startswith(_RUNNING)])
        self.clips += self._strangers("noise", self.noises)
        voices = [u for folder in rendered for m in sorted(folder.glob("*/manifest.tsv")) for u in data.rendered(m)]
        self.clips += [Clip("voices", at, case(u)) for u in voices if (at := self._moment(said(u)))]

    @property
    def count(self) -> int:
        """How many are heard, in all conditions."""
        return len(self.clips) + 2 * sum(clip.case.text is not None for clip in self.clips)

    def _words(self, utterances: Sequence[data.Utterance]) -> Iterator[Clip]:
        by_word: dict[str, list[data.Utterance]] = {}
        for utterance in utterances:
            by_word.setdefault(said(utterance), []).append(utterance)
        for word, spoken in sorted(by_word.items()):
            for utterance in self._drawn(spoken):
                for name, words in LISTS.items():
                    if word in words:
                        yield Clip(name, name, case(utterance))
                    elif self._rng.random() < 1 / len(LISTS):
                        yield Clip(f"other words as {name}", name, _strange(utterance))
                moment = self._moment(word)
                yield (
                    Clip("words of a moment", moment, case(utterance))
                    if moment
                    else Clip("other words", self._any_turn(), _strange(utterance))
                )

    def _sentences(self, utterances: Sequence[data.Utterance]) -> Iterator[Clip]:
        for source in ("speechocean", "cv13_validated"):
            chosen = self._drawn([u for u in utterances if u.source.startswith(source) and " " in said(u)])
            self.grammars[source] = _listed(source, tuple(said(u) for u in chosen))
            yield from (Clip("sentences", source, case(u)) for u in chosen)

    def _strangers(self, group: str, utterances: Sequence[data.Utterance]) -> Iterator[Clip]:
        names = (*LISTS, *_TURNS)
        for number, utterance in enumerate(self._drawn(utterances)):
            yield Clip(group, names[number % len(names)], _strange(utterance))

    def _drawn(self, utterances: Sequence[data.Utterance]) -> list[data.Utterance]:
        return [utterances[i] for i in self._rng.permutation(len(utterances))[: self._count]]

    def _moment(self, text: str) -> str | None:
        return next((name for name in moments() if self.grammars[name].read(text).complete), None)

    def _any_turn(self) -> str:
        return _TURNS[int(self._rng.integers(len(_TURNS)))]


_FITTING: Final = ("train", "train_words", "train_libri")
_MEASURING: Final = ("dev", "dev_words", "dev_offtopic")
_WORDS: Final = ("sc", "alnum", "an4")
_RUNNING: Final = ("librispeech", "kathleen", "picovoice_barista")
#: Seconds of other speech: longer speech is heard as a sentence.
_LONGEST: Final = 3.0


def hear(clips: Clips, recogniser: Recogniser) -> Iterator[Heard]:
    """Every clip in quiet; what was said to Charley in noise and across a room as well. Always heard again."""
    sounds = [data.sound(noise.file) for noise in clips.noises]
    spoken = [clip for clip in clips.clips if clip.case.text is not None]
    for condition, chosen, cases in (
        (QUIET, clips.clips, [clip.case for clip in clips.clips]),
        (NOISY, spoken, noisy([clip.case for clip in spoken], sounds, _DECIBELS)),
        (FAR, spoken, distant([clip.case for clip in spoken], _METRES)),
    ):
        for clip, changed in zip(chosen, cases, strict=True):
            grammar = clips.grammars[clip.grammar]
            decoding = recogniser.open(grammar, RATE)
            decoding.feed(pcm(changed.sound))
            hearing = decoding.hearing()
            once = _candidates(hearing, grammar, clip.case.text)
            again = _candidates(hearing.again, grammar, clip.case.text) if once and hearing.is_short else ()
            yield Heard(clip.group, condition, clip.case.speaker, clip.case.text is not None, once, again)


def _candidates(hearing: Hearing, grammar: Grammar, text: str | None) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            known,
            right=text is not None and reading.senses == grammar.read(text).senses,
            understood=bool(reading.senses) and len({s.topic for s in reading.senses}) == len(reading.senses),
            complete=reading.complete,
            no=any(sense.value == "no" for sense in reading.senses),
        )
        for meaning, known in hearing.known()
        for reading in [grammar.read(" ".join(word.text for word in meaning.words))]
    )


def _strange(utterance: data.Utterance) -> Case:
    return Case(data.sound(utterance.file)[: round(_LONGEST * RATE)], None, utterance.speaker)


def _listed(name: str, words: tuple[str, ...]) -> Grammar:
    return Grammar(name, {text: Sense("said", text) for text in words})
