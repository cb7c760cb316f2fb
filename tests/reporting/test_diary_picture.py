"""The diary's picture: everything in it stands there in words too, and everybody can tell its colours apart."""

import re
import struct
import zlib
from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree

import pytest

from skill.dialogue.prompts import load_prompts, load_written
from skill.errors import UsageError
from skill.reporting import diary_picture
from skill.reporting.diary import diary_of
from skill.reporting.diary_picture import draw
from skill.reporting.diary_words import DiaryWords
from skill.reporting.pictures import write_picture
from skill.reporting.svg import NAMESPACE, Drawing
from skill.triage.loader import load_protocol
from tests.support.made_up_diary import EPISODES, TODAY, cramp

WORDS = DiaryWords(load_written(), load_prompts())
CSS = (Path(diary_picture.__file__).parent / "diary.css").read_text(encoding="utf-8")
BODY = ElementTree.parse(Path(diary_picture.__file__).parent / "body.svg").getroot()
SPACE = {"": NAMESPACE}


def drawing() -> Drawing:
    return draw(diary_of(EPISODES, TODAY.date(), UTC), WORDS)


def nothing() -> Drawing:
    return draw(diary_of((), TODAY.date(), UTC), WORDS)


def parsed(made: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(made.source())


def colour(kind: str, attribute: str = "fill") -> str:
    found = re.search(rf"\.{kind}\b[^{{]*{{[^}}]*?\b{attribute}: (#[0-9a-f]{{6}})", CSS)
    assert found, kind
    return found[1]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""

    def luminance(of: str) -> float:
        parts = [int(of[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("#1a1a1a", colour("page")),
        ("#1a1a1a", colour("mild")),
        ("#1a1a1a", colour("untold")),
        (colour("on_strong"), colour("strong")),
        (colour("on_worst"), colour("worst")),
        (colour("on_count"), colour("count")),
    ],
)
def test_text_has_the_contrast_that_wcag_asks_for(text: str, behind: str) -> None:
    assert contrast(text, behind) >= 4.5


@pytest.mark.parametrize(
    ("shape", "behind"),
    [
        *((colour(kind), colour("page")) for kind in ("mild", "strong", "worst", "bar")),
        (colour("untold", "stroke"), colour("page")),
        (colour("whole", "stroke"), colour("page")),
        (colour("rule", "stroke"), colour("page")),
        (colour("stem", "stroke"), colour("page")),
        (colour("body", "stroke"), colour("page")),
        (colour("count"), colour("body")),
    ],
)
def test_shapes_have_the_contrast_that_wcag_asks_for(shape: str, behind: str) -> None:
    assert contrast(shape, behind) >= 3


def test_every_part_has_a_title_and_a_description() -> None:
    root = parsed(drawing())
    pictures = [root, *root.iterfind(".//*[@role='img']", SPACE)]
    named = {}
    for picture in pictures:
        title, description = picture.find("title", SPACE), picture.find("desc", SPACE)
        assert title is not None
        assert description is not None
        assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        named[title.text] = description.text or ""
    assert list(named) == [
        "Diary of cramps",
        "Calendar",
        "Pain over time",
        "Places on the body",
        "What came before",
        "What eased it",
    ]
    assert all(named.values())
    assert "Nov 2026: 3 cramps" in named["Calendar"]
    assert "calf 3 times" in named["Places on the body"]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_the_picture_shows_a_cell_a_day_a_dot_a_pain_and_a_circle_a_place() -> None:
    root = parsed(drawing())
    made = diary_of(EPISODES, TODAY.date(), UTC)
    cells = [cell for cell in root.iterfind(".//rect[@rx='3']", SPACE) if cell.get("y") != "-13"]
    assert len(cells) == (made.last - made.first).days + 1
    assert sum(cell.get("class") != "free" for cell in cells) == len(made.days)
    assert [dot.get("class") for dot in root.iterfind(".//circle[@r='5.5']", SPACE)] == ["dot worst", "dot strong"]
    counts = [text.text for text in root.iterfind(".//text", SPACE) if "on_count" in text.get("class", "")]
    assert sorted(counts, key=str) == ["1", "1", "1", "2", "3"], "feet, back, and the calves"


def test_every_place_is_on_the_body_but_those_that_are_none() -> None:
    drawn = {circle.get("data-place") for circle in BODY.iterfind(".//circle", SPACE)}
    assert drawn | {"several", "elsewhere"} == set(load_protocol().questions["place"].choices)


def test_places_that_are_none_are_told_below_the_body() -> None:
    made = draw(diary_of((cramp(3, place="several"), cramp(2, place="elsewhere")), TODAY.date(), UTC), WORDS)
    assert "other places 2 times" in made.source()


def test_nothing_lies_outside_the_picture() -> None:
    width, height = (float(n) for n in parsed(drawing()).get("viewBox", "").split()[2:])
    assert (width, height) == (diary_picture.WIDTH, diary_picture.HEIGHT)


def test_a_diary_of_nothing_can_be_drawn_and_says_so() -> None:
    source = nothing().source()
    assert "No pain was told as a number." in source
    assert "No cramp is remembered." in source


@pytest.mark.parametrize("name", ["diary.svg", "diary.SVG"])
def test_an_svg_is_written_for_its_owner_only(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    write_picture(file, drawing)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == drawing().source()
    assert list(tmp_path.iterdir()) == [file]


def chunks(png: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (checked,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert zlib.crc32(kind + body) == checked
        found[kind + body[: body.find(b"\0")] if kind == b"iTXt" else kind] = body
        at += 12 + length
    return found


def test_a_png_holds_its_words_as_well(tmp_path: Path) -> None:
    file = tmp_path / "diary.png"
    write_picture(file, drawing)
    found = chunks(file.read_bytes())
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    assert (width, height) == (2 * diary_picture.WIDTH, 2 * diary_picture.HEIGHT)
    assert found[b"iTXtTitle"].endswith(b"Diary of cramps")
    assert b"calf 3 times" in found[b"iTXtDescription"]


def test_a_picture_of_no_known_kind_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"neither \.svg nor \.png"):
        write_picture(tmp_path / "diary.gif", drawing)


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "diary.svg"
    folder.mkdir()
    with pytest.raises(UsageError, match="another file"):
        write_picture(folder, drawing)
    with pytest.raises(UsageError, match="another file"):
        write_picture(tmp_path / "nowhere" / "diary.svg", drawing)
