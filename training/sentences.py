"""The words and the language of the second hearing by Vosk: `python -m training.sentences [--out FILE]`.

Written from the examples of people who are not held out and the sentences of the grammars, in about a minute; the same
input gives the same file. `skill/listening/sentence_model.py` unpacks it beside the acoustic model.
"""

import argparse
import hashlib
import io
import json
import lzma
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from skill.errors import InstallationError
from skill.language.shipped import grammar_names, load_grammar
from skill.listening.graph import load_costs
from skill.listening.lexicon import Lexicon
from skill.listening.sentence_model import PACKED
from skill.system import resources
from training import examples as examples_package
from training.examples.loader import load_examples
from training.ngram import Trigram, estimate, transducer
from training.word_graph import WordGraph

#: How often a word must be found to be heard; words of the grammars always are.
_FREQUENT: Final = 2
#: How often two, and three, words must follow each other to be listed.
_LEAST: Final = (1, 2)
#: How much the language counts beside the sound.
SCALE: Final = 1.0
#: The search is narrower than for phrases, of which there are fewer than rows of words: 59 % of the words of real
#: conversations were wrong instead of 57 %, in 0.13 instead of 0.36 of the sound's time.
_SEARCH: Final = {"beam": "10.0", "max-active": "2000"}
#: How often an example counts, and a sentence of a grammar.
_EXAMPLE: Final = 1
_LIKELY: Final = 1
_SENTENCE: Final = 1

Weighed = list[tuple[tuple[str, ...], int]]


def texts() -> Weighed:
    """What people say, as rows of words, and how often each counts."""
    said: Weighed = [(tuple(example.said.split()), _EXAMPLE) for example in load_examples() if not example.held_out]
    for name in grammar_names():
        grammar = load_grammar(name)
        said += [
            (tuple(sentence.split()), _LIKELY if sentence in grammar.likely else _SENTENCE)
            for sentence in sorted(grammar.sentences)
        ]
    return said


def vocabulary(said: Weighed, lexicon: Lexicon) -> frozenset[str]:
    """The words to hear: all of the grammars, and those that are frequent among the examples."""
    counts: Counter[str] = Counter()
    for row, times in said:
        counts.update(dict.fromkeys(row, times))
    chosen = {word for name in grammar_names() for phrase in load_grammar(name).phrases for word in phrase.split()}
    chosen |= {word for word, times in counts.items() if times >= _FREQUENT * _EXAMPLE}
    try:
        lexicon.cover(chosen)
    except InstallationError:  # some cannot be said in English
        chosen = {word for word in chosen if _can_be_said(lexicon, word)}
    return frozenset(chosen)


def _can_be_said(lexicon: Lexicon, word: str) -> bool:
    try:
        return bool(lexicon.pronunciations(word))
    except InstallationError:
        return False


def build(said: Weighed, folder: Path, scale: float = SCALE, least: tuple[int, int] = _LEAST) -> Trigram:
    """Write `graph/` and `conf/` of a Vosk model into `folder`."""
    lexicon = Lexicon(resources.MODEL / "lexicon.txt")
    known = vocabulary(said, lexicon)
    words = {word: number for number, word in enumerate(sorted(known), start=1)}
    model = estimate(said, known, least)
    graph = folder / "graph"
    graph.mkdir(parents=True)
    costs = load_costs(resources.MODEL / "graph.yaml")
    WordGraph(lexicon, costs, model.explicit[()]).build(words).write(graph / "HCLr.fst")
    transducer(model, words, scale).write(graph / "Gr.fst")
    table = "".join(f"{word} {number}\n" for word, number in {"<eps>": 0, **words}.items())
    (graph / "words.txt").write_text(table, encoding="utf-8")
    (graph / "disambig_tid.int").write_text("", encoding="utf-8")
    _write_conf(folder / "conf")
    return model


def _write_conf(folder: Path) -> None:
    """The shipped model's, with this search."""
    folder.mkdir()
    shipped = resources.MODEL / "conf"
    (folder / "mfcc.conf").write_bytes((shipped / "mfcc.conf").read_bytes())
    lines = (shipped / "model.conf").read_text(encoding="utf-8").splitlines()
    pairs = (line.removeprefix("--").partition("=") for line in lines)
    settings = "".join(f"--{name}={_SEARCH.get(name, value)}\n" for name, _, value in pairs)
    (folder / "model.conf").write_text(settings, encoding="utf-8")


def inputs() -> str:
    """The hash of all that the file is made of."""
    data = hashlib.sha256()
    home = Path(examples_package.__file__).parent
    sources = [*home.glob("en/*.tsv"), *resources.GRAMMARS.rglob("*.yaml"), resources.MODEL / "lexicon.txt"]
    for path in sorted(sources):
        data.update(path.name.encode() + path.read_bytes())
    return data.hexdigest()


def pack(folder: Path, target: Path) -> None:
    """The files below `folder` and what they were made of, without times or owners."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in _contents(folder):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    target.write_bytes(lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/*")):
        yield str(path.relative_to(folder)), path.read_bytes()
    yield "made_of.json", json.dumps({"inputs": inputs()}).encode()


def held_out() -> Iterable[Sequence[str]]:
    """What people say who are kept out of training."""
    return [example.said.split() for example in load_examples() if example.held_out]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=PACKED)
    target = parser.parse_args().out
    with TemporaryDirectory() as scratch:
        model = build(texts(), Path(scratch))
        pack(Path(scratch), target)
    listed = Counter(len(history) + 1 for history, words in model.explicit.items() for _ in words)
    words = len(model.explicit[()])
    missing = sum(word not in model.explicit[()] for row in held_out() for word in row)
    every = sum(len(row) for row in held_out())
    print(f"{words} words, {listed[2]} pairs, {listed[3]} threes, {target.stat().st_size / 1e6:.2f} MB")
    print(f"held-out people: perplexity {model.perplexity(held_out()):.0f}, {missing / every:.1%} of the words unknown")
