"""Pronunciations for words that no lexicon has, by espeak-ng.

espeak-ng keeps one voice per process, and the speaking room may be using it. So `guess` asks a process of its own,
which runs this module.
"""

import ctypes
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

Pronunciation = tuple[str, ...]

#: espeak-ng's IPA for American English as ARPAbet.
_ARPABET: Final = {
    "aɪɚ": "AY ER", "aɪə": "AY AH", "oːɹ": "AO R", "ɔːɹ": "AO R", "ɑːɹ": "AA R", "ɪɹ": "IH R", "ɛɹ": "EH R",
    "ʊɹ": "UH R", "iə": "IY AH", "əl": "AH L", "tʃ": "CH", "dʒ": "JH", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "aʊ": "AW",
    "oʊ": "OW", "n̩": "AH N", "iː": "IY", "uː": "UW", "ɑː": "AA", "ɔː": "AO", "oː": "AO", "ɜː": "ER", "ɚ": "ER",
    "ɹ": "R", "ɾ": "T", "ʔ": "T", "ɐ": "AH", "ə": "AH", "ʌ": "AH", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "ʊ": "UH",
    "ɛ": "EH", "æ": "AE", "a": "AE", "ɑ": "AA", "ɔ": "AO", "e": "EY", "o": "OW", "u": "UW", "ŋ": "NG", "θ": "TH",
    "ð": "DH", "ʃ": "SH", "ʒ": "ZH", "j": "Y", "ɡ": "G", "x": "K", "ɬ": "L", "h": "HH",
    **{letter: letter.upper() for letter in "bdfklmnpstvwz"},
}  # fmt: skip
_SYMBOL: Final = re.compile("|".join(sorted(map(re.escape, _ARPABET), key=len, reverse=True)))
_STRESS_AND_TIES: Final = re.compile("[ˈˌ‿͡\u200d ]")

# From speak_lib.h.
_RETRIEVAL: Final = 1
_UTF8: Final = 1
_IPA: Final = 2


def guess(words: Iterable[str]) -> dict[str, Pronunciation]:
    """One pronunciation a word, in ARPAbet without stress. A word that cannot be spoken in English is left out."""
    wanted = sorted(set(words))
    if not wanted:
        return {}
    child = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", __name__],
        input="\n".join(wanted),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    guesses = {word: arpabet(ipa) for word, ipa in zip(wanted, child.stdout.splitlines(), strict=False)}
    return {word: phones for word, phones in guesses.items() if phones}


def arpabet(ipa: str) -> Pronunciation:
    """espeak-ng's IPA as ARPAbet; empty when it holds a sound that English lacks."""
    bare = _STRESS_AND_TIES.sub("", ipa)
    symbols = _SYMBOL.findall(bare)
    if "".join(symbols) != bare:
        return ()
    return tuple(" ".join(_ARPABET[symbol] for symbol in symbols).split())


def _speak_phonemes(words: Iterable[str]) -> list[str]:
    """The IPA of each word."""
    import espeakng_loader  # not there while a wheel is built, which compiles the graph's costs

    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    espeak.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    espeak.espeak_SetVoiceByName(b"en-us")
    spoken = []
    for word in words:
        text = ctypes.c_char_p(word.encode())
        spoken.append(espeak.espeak_TextToPhonemes(ctypes.byref(text), _UTF8, _IPA).decode())
    return spoken


if __name__ == "__main__":
    for ipa in _speak_phonemes(sys.stdin.read().split("\n")):
        print(ipa)
