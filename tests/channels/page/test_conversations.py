"""Whole conversations on the page: demo patients by touch and by keyboard, and somebody who speaks beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from skill.demo.patient import Patient, load_patient
from tests.conftest import Say
from tests.support.axe import THEMES, assert_accessible, assert_nothing_cut_off
from tests.support.monitor import Monitor
from tests.support.page import SETTLING, Reader, Served, open_page, served
from tests.support.virtual_sound import VirtualSound

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

QUICK = 'pace = 2.0\ndetail = "brief"\n'
#: Windows of 1280 by 1024 pixels as they are at 100, 200 and 400 per cent.
ZOOMS = {100: (1280, 1024), 200: (640, 512), 400: (320, 256)}


@pytest.fixture(name="charley")
def _charley(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, "--touch", settings=QUICK) as process:
        yield process


def replies(patient: Patient, question: str, asked: int) -> str:
    """What the patient says; to a hold nothing, unless the story has it."""
    given = patient.replies.get(question)
    if given is None:
        return "" if question == "coaching" else patient.otherwise
    return given[min(asked, len(given) - 1)]


def by_touch(reader: Reader, line: str) -> None:
    """Touch the button with these words, or write them where there is none."""
    button = reader.answers.get_by_role("button", name=line, exact=True)
    reader.page.wait_for_timeout(SETTLING)
    if button.count():
        button.click()
    else:
        reader.types(line)


def by_keyboard(reader: Reader, line: str) -> None:
    """Reach the button by Tab and press it with Enter, or write."""
    lines = [one.lower() for one in reader.answers.get_by_role("button").all_inner_texts()]
    if line.lower() not in lines:
        reader.types(line)
        return
    reader.answers.focus()
    for _ in range(lines.index(line.lower()) + 1):
        reader.page.keyboard.press("Tab")
    reader.page.wait_for_timeout(SETTLING)
    reader.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("name", "answer"),
    [("calf_at_night", by_touch), ("swollen_red_calf", by_keyboard), ("eyelid_twitch", by_keyboard)],
)
def test_a_demo_patient_gets_the_right_advice(chromium: Browser, charley: Served, name: str, answer: object) -> None:
    assert callable(answer)
    patient, reader = load_patient(name), open_page(chromium, charley.url)
    moment, asked, looked_at = "", dict[str, int](), set[str]()
    while True:
        reader.page.locator(f"body[data-state=over], #answers:not([data-moment='{moment}']) button").first.wait_for()
        if reader.page.locator("body[data-state=over]").count():
            break
        moment = reader.answers.get_attribute("data-moment") or ""
        question = reader.answers.get_attribute("data-question") or ""
        kind = reader.answers.get_attribute("data-kind") or ""
        if kind not in looked_at:
            looked_at.add(kind)
            look_at(reader)
        said = replies(patient, question, asked.get(question, 0))
        asked[question] = asked.get(question, 0) + 1
        if said:
            answer(reader, said)
    expect(reader.page.locator("body")).to_have_attribute("data-level", patient.level)
    look_at(reader)


def look_at(reader: Reader) -> None:
    """In every theme, and at every zoom with the largest letters too."""
    assert_accessible(reader)
    larger, smaller = (reader.page.get_by_role("button", name=f"{name} text") for name in ("Larger", "Smaller"))
    for width, height in ZOOMS.values():
        reader.page.set_viewport_size({"width": width, "height": height})
        assert_nothing_cut_off(reader)
    while larger.is_enabled():
        larger.click()
    assert_nothing_cut_off(reader)
    assert_accessible(reader, THEMES[:1])
    while smaller.is_enabled():
        smaller.click()
    reader.page.set_viewport_size({"width": 1280, "height": 860})


def test_somebody_speaks_and_touches_by_turns(chromium: Browser, sound: VirtualSound, say: Say, tmp_path: Path) -> None:
    with Monitor(sound) as played, served(tmp_path, env=sound.env, settings="pace = 1.4\n") as charley:
        reader = open_page(chromium, charley.url)
        reader.sees("emergency")
        expect(reader.page.locator("#state")).to_contain_text("listening", timeout=60_000)
        sound.say(say("no"))
        reader.sees("place")
        expect(reader.page.locator("#heard")).to_have_text("You said: no")
        assert played.first(0.0) is not None
        reader.touches("Calf")
        reader.sees("happening")
        expect(reader.page.locator("#state")).to_contain_text("listening", timeout=60_000)
        sound.say(say("it's over"))
        reader.sees("changes")
        reader.page.get_by_role("button", name="I need an ambulance").click()
        expect(reader.page.locator("#alarm")).not_to_be_empty(timeout=60_000)


def test_without_a_microphone_charley_speaks_and_is_answered_by_touch(
    chromium: Browser, sound: VirtualSound, tmp_path: Path
) -> None:
    sound.remove_microphone()
    sound.leave_only_the_loudspeaker()
    with Monitor(sound) as played, served(tmp_path, env=sound.env, settings=QUICK) as charley:
        reader = open_page(chromium, charley.url)
        reader.touches("No")
        reader.sees("place")
        assert played.first(0.0) is not None
