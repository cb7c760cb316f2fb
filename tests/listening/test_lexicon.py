from pathlib import Path

import pytest

from skill.errors import InstallationError
from skill.listening.letter_to_sound import arpabet, guess
from skill.listening.lexicon import Lexicon


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    path = tmp_path / "lexicon.txt"
    path.write_text("calf\tK AE F\ncalf\tK AA F\nno\tN OW\n", encoding="utf-8")
    return Lexicon(path)


def test_a_word_has_all_its_pronunciations_in_order(lexicon: Lexicon) -> None:
    assert lexicon.pronunciations("calf") == (("K", "AE", "F"), ("K", "AA", "F"))


def test_a_user_may_add_pronunciations(lexicon: Lexicon, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("calf\tK AO F\n", encoding="utf-8")
    both = Lexicon(tmp_path / "lexicon.txt", own)
    assert both.pronunciations("calf")[-1] == ("K", "AO", "F")


def test_a_word_that_is_missing_is_guessed_from_its_letters(lexicon: Lexicon) -> None:
    assert lexicon.pronunciations("slurred") == (("S", "L", "ER", "D"),)


def test_a_word_that_nobody_can_say_is_named_never_dropped(lexicon: Lexicon) -> None:
    with pytest.raises(InstallationError, match="Nobody knows how to say \\['…'\\]"):
        lexicon.cover(["no", "…"])


@pytest.mark.parametrize("line", ["calf K AE F", "calf\tK QQ F", "calf\t", "\tK"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(f"no\tN OW\n{line}\n", encoding="utf-8")
    with pytest.raises(InstallationError, match=r"lexicon\.txt, line 2: write a word"):
        Lexicon(path)


def test_a_missing_lexicon_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        InstallationError, match=r"cannot be read \(No such file or directory\); install Charley again\."
    ):
        Lexicon(tmp_path / "none.txt")


def test_guesses_come_back_for_each_word() -> None:
    guesses = guess(["drooping", "heaviness"])
    assert guesses["drooping"] == ("D", "R", "UW", "P", "IH", "NG")
    assert guesses["heaviness"][:3] == ("HH", "EH", "V")


def test_foreign_sounds_have_no_arpabet() -> None:
    assert arpabet("tʃˈɑːɹli") == ("CH", "AA", "R", "L", "IY")
    assert arpabet("ǃa") == ()
