"""Which phones a word is made of."""

from collections.abc import Iterable
from pathlib import Path

from skill.errors import InstallationError
from skill.listening.letter_to_sound import Pronunciation, guess
from skill.listening.phones import PHONES


class Lexicon:
    """The lexicon of a model, one `word<TAB>P1 P2 P3` a line, and guesses for the words that it lacks."""

    def __init__(self, *paths: Path) -> None:
        """Read the files; later ones add pronunciations, such as a user's own. Raises InstallationError."""
        self._words: dict[str, list[Pronunciation]] = {}
        for path in paths:
            self._read(path)

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that has a pronunciation."""
        return tuple(self._words)

    def cover(self, words: Iterable[str]) -> None:
        """Guess what is missing, so that every one of `words` has a pronunciation. Raises InstallationError if not."""
        missing = {word for word in words if word not in self._words}
        guesses = guess(missing)
        if silent := sorted(missing - guesses.keys()):
            raise InstallationError(f"Nobody knows how to say {silent}: spell it in English, or add it to the lexicon.")
        self._words.update({word: [phones] for word, phones in guesses.items()})

    def pronunciations(self, word: str) -> tuple[Pronunciation, ...]:
        """All pronunciations of a word, the commonest first. Raises InstallationError for a strange word."""
        if word not in self._words:
            self.cover([word])
        return tuple(self._words[word])

    def _read(self, path: Path) -> None:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise InstallationError(
                f"The lexicon {path} cannot be read ({error.strerror}); install Charley again."
            ) from error
        known = frozenset(PHONES)
        for number, line in enumerate(lines, start=1):
            word, _, spelled = line.partition("\t")
            phones = tuple(spelled.split())
            if not word or not phones or not known.issuperset(phones):
                raise InstallationError(
                    f"{path}, line {number}: write a word, a tab and ARPAbet phones such as `K AE F`."
                )
            self._words.setdefault(word, []).append(phones)
