import pytest

from skill.speaking.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Where is it?", ("Where is it?",)),
        ("Call 1 1 2. Unlock the door.", ("Call 1 1 2.", "Unlock the door.")),
        ("I heard: yes. Is that right?", ("I heard: yes.", "Is that right?")),
        ("Take 2.5 litres a day.", ("Take 2.5 litres a day.",)),
        ("Ask Dr. Jones. Now.", ("Ask Dr. Jones.", "Now.")),
        ("  Two\n lines. \t End! ", ("Two lines.", "End!")),
    ],
)
def test_a_text_is_cut_after_its_sentences(text: str, parts: tuple[str, ...]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize("text", ["", "  ", "...", "- ?!"])
def test_what_has_no_word_has_no_sentence(text: str) -> None:
    assert sentences(text) == ()
