"""The page of `charley page`, served by the command itself, and a browser to look at it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

#: Debian's Chromium; elsewhere whatever is there of its kind.
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: What says that a browser can be opened here.
WINDOWS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
#: Milliseconds that the page may take to show something, on a busy machine.
PATIENCE = 60_000
#: Milliseconds for which new buttons take no touch.
SETTLING = 450


@dataclass(frozen=True)
class Served:
    """A running `charley page`."""

    process: "subprocess.Popen[str]"
    url: str
    said: str
    """Its first line."""
    ready: float
    """Seconds from the command until its address was printed."""


@contextmanager
def served(
    home: Path, *options: str, env: Mapping[str, str] | None = None, settings: str = "", listen: str = "127.0.0.1:0"
) -> Iterator[Served]:
    """Run `charley page` on any free port, its files in `home`, and end it with the block.

    `listen`: empty for the usual port.
    """
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
    (home / "config" / "charley").mkdir(parents=True, exist_ok=True)
    (home / "config" / "charley" / "settings.toml").write_text(settings, encoding="utf-8")
    around = {name: value for name, value in os.environ.items() if name not in WINDOWS}
    command = [sys.executable, "-m", "skill", "page", *([f"--listen={listen}"] if listen else []), *options]
    began = time.monotonic()
    with subprocess.Popen(
        command, env={**around, **places, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"http://\S+", said)
            assert found, process.communicate()[1]
            yield Served(process, found.group(), said, time.monotonic() - began)
        finally:
            process.terminate()


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("needs Chromium or Google Chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        try:
            yield started
        finally:
            started.close()


class Reader:
    """Somebody in front of the page."""

    def __init__(self, page: Page) -> None:
        page.set_default_timeout(PATIENCE)
        self.page = page
        self.caption = page.locator("#caption")
        self.answers = page.locator("#answers")

    def sees(self, question: str) -> None:
        """Wait until `question`, or a moment such as `coaching`, can be answered."""
        self.page.locator(f"#answers[data-question='{question}'] button").first.wait_for()

    def button(self, line: str) -> Locator:
        return self.answers.get_by_role("button", name=line, exact=True)

    def touches(self, line: str) -> None:
        """Press an answer, once it takes a touch."""
        self.button(line).wait_for()
        self.page.wait_for_timeout(SETTLING)
        self.button(line).click()

    def types(self, line: str) -> None:
        """Write an answer into the field, by keyboard alone."""
        self.page.locator("#line").focus()
        self.page.keyboard.type(line)
        self.page.keyboard.press("Enter")

    def reads(self, text: str) -> None:
        """Wait until the caption has `text` in it."""
        self.caption.filter(has_text=text).wait_for()


def open_page(chromium: Browser, url: str, *, width: int = 1280, height: int = 860) -> Reader:
    """A page in a fresh profile, shown in a window of so many pixels."""
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(url)
    return Reader(page)
