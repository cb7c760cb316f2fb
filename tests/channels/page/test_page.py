"""`charley page` in a real browser: by touch, by keyboard, reloaded, twice at once, and for everybody's eyes."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import THEMES, assert_accessible, assert_no_violation, assert_nothing_cut_off
from tests.support.page import WINDOWS, Served, open_page, served

QUICK = 'pace = 2.0\ndetail = "brief"\n'


@pytest.fixture(name="charley")
def _charley(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, "--touch", settings=QUICK) as process:
        yield process


def test_a_yes_by_touch_to_the_first_question_ends_in_the_emergency_number(chromium: Browser, charley: Served) -> None:
    reader = open_page(chromium, charley.url)
    messages: list[str] = []
    reader.page.on("console", lambda message: messages.append(message.text))
    reader.page.on("request", lambda request: messages.append(request.url))
    reader.sees("emergency")
    assert_accessible(reader)
    reader.touches("Yes")
    alarm = reader.page.get_by_role("alert").filter(has_text=re.compile(r"Call \d+ now\."))
    expect(alarm).to_be_visible(timeout=60_000)
    assert_accessible(reader, THEMES[2:])
    assert reader.page.locator("#alarm").evaluate("box => getComputedStyle(box).animationName") == "none"
    expect(reader.page.locator("#reasons li").first).to_contain_text("heart attack")
    assert [one for one in messages if not one.startswith(charley.url)] == []


def test_by_keyboard_alone_through_a_reload_and_a_second_window(chromium: Browser, charley: Served) -> None:
    reader = open_page(chromium, charley.url)
    reader.sees("emergency")
    keyboard = reader.page.keyboard
    for _ in range(2):  # the first Tab leads to "Yes"
        keyboard.press("Tab")
    reader.page.wait_for_timeout(450)
    expect(reader.button("No")).to_be_focused()
    keyboard.press("Enter")
    reader.sees("place")
    expect(reader.answers).to_be_focused()
    assert_accessible(reader, THEMES[1:2])
    reader.page.reload()
    reader.sees("place")
    expect(reader.page.locator("#heard")).to_have_text("You said: No")
    second = open_page(chromium, charley.url)
    second.sees("place")
    expect(reader.page.locator("#notices")).to_contain_text("open in several windows")
    second.types("lower back")
    reader.sees("cauda")
    second.page.close()
    reader.types("banana split")
    expect(reader.page.locator("#heard")).to_have_text("Not understood: banana split")
    reader.sees("cauda")
    reader.types("go back")
    reader.sees("place")
    with reader.page.context.expect_page() as opened:
        reader.page.get_by_role("link", name="Diary").click()
    expect(opened.value.get_by_role("heading", name="Diary")).to_be_visible()
    expect(opened.value.get_by_role("img")).to_have_js_property("complete", True)
    assert opened.value.get_by_role("img").evaluate("picture => picture.naturalWidth") > 0
    assert_no_violation(opened.value)
    with reader.page.context.expect_page() as opened:
        reader.page.get_by_role("link", name="Report for the doctor").click()
    expect(opened.value.locator("body")).to_contain_text("Asked and always denied: chest")
    assert_no_violation(opened.value)
    reader.page.get_by_text("What was said so far").click()
    expect(reader.page.locator("#said")).to_contain_text("You: lower back")


def test_nothing_is_cut_off_at_200_and_400_percent_and_in_the_largest_letters(
    chromium: Browser, charley: Served
) -> None:
    reader = open_page(chromium, charley.url, width=320, height=256)  # 1280 by 1024 at 400 %
    reader.sees("emergency")
    reader.touches("No")
    reader.sees("place")
    larger = reader.page.get_by_role("button", name="Larger text")
    for width in (640, 320):
        reader.page.set_viewport_size({"width": width, "height": 256})
        assert_nothing_cut_off(reader)
    while larger.is_enabled():
        larger.click()
    assert_nothing_cut_off(reader)
    reader.page.reload()
    expect(reader.page.locator("#size")).to_have_text("Text size 250 %")


def test_charley_ends_when_the_last_page_is_closed_after_the_end(chromium: Browser, charley: Served) -> None:
    reader = open_page(chromium, charley.url)
    reader.sees("emergency")
    reader.page.get_by_role("button", name="Stop").click()
    again = reader.page.get_by_role("button", name="Begin again")
    again.click(timeout=60_000)
    reader.sees("emergency")
    reader.page.get_by_role("button", name="Stop").click()
    expect(again).to_be_focused(timeout=60_000)
    reader.page.close()
    assert charley.process.wait(30) == 0


def run(home: Path, *options: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":

    around = {name: value for name, value in os.environ.items() if name not in WINDOWS}
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
    return subprocess.run(
        [sys.executable, "-m", "skill", "page", *options],
        env={**around, **places, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_port_in_use_and_no_address_are_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = run(tmp_path, f"--listen=127.0.0.1:{port}")
    assert (finished.returncode, finished.stderr.count("\n")) == (2, 1)
    assert f"Nothing can listen on 127.0.0.1:{port}" in finished.stderr
    assert run(tmp_path, "--listen=somewhere").returncode == 2


def test_a_second_command_shows_the_page_that_is_open_already(tmp_path: Path) -> None:
    with served(tmp_path, "--touch", listen="") as charley:
        finished = run(tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "")
    assert "open already" in finished.stderr
    assert f"{charley.url.rsplit('/', 2)[0]}/open/" in finished.stderr


def test_where_another_program_has_the_usual_port_any_other_is_taken(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with suppress(OSError):  # somebody else has it, which is as good
            stack.enter_context(socket.create_server(("127.0.0.1", 8765)))
        charley = stack.enter_context(served(tmp_path, "--touch", listen=""))
        assert charley.process.stderr is not None
        assert charley.process.stderr.readline().startswith("Port 8765 is in use by another program, so I take")
        assert ":8765/" not in charley.url


def test_without_the_extra_one_sentence_says_what_to_install() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from skill.cli import main; sys.exit(main(['page']))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr.count("\n")) == (4, 1)
    assert "pip install 'charley[page]'" in finished.stderr


def test_where_no_browser_opens_the_address_is_told(charley: Served) -> None:
    assert charley.said.startswith("No browser could be opened here. Open this address yourself: http://127.0.0.1:")


def test_the_browser_is_started_with_an_address_that_leads_in_only_once(tmp_path: Path) -> None:
    (tmp_path / "browser").write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/asked\n', encoding="utf-8")
    (tmp_path / "browser").chmod(0o755)
    with served(tmp_path, "--touch", env={"BROWSER": f"{tmp_path}/browser %s"}) as charley:
        assert charley.said.startswith("Charley's page is at")
        asked = (tmp_path / "asked").read_text(encoding="utf-8")
    assert "/open/" in asked
    assert charley.url.rsplit("/", 2)[-2] not in asked
