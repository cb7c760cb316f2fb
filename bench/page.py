"""How soon the page is there after the command, and its captions after the voice begins.

The command itself serves the page to Chromium; a virtual loudspeaker tells when the voice is to be heard, a few
milliseconds late. What else the machine has to do is in the figures: the load is printed.

`PYTHONPATH=. python bench/page.py [--json FILE] [--times N]`
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests.support.monitor import Monitor
from tests.support.page import Reader, browser, open_page, served
from tests.support.virtual_sound import virtual_sound

SETTINGS = "pace = 1.5\nearcons = false\nremember = false\n"
#: Seconds of quiet between what is measured and what was said before.
QUIET = 0.6
#: Seconds without any sound after which nothing is said any more.
NOTHING = 30.0
#: Notes when a caption changes, in milliseconds of the browser's clock, which is this machine's.
WATCH = """() => {
  window.shown = [];
  new MutationObserver(() => shown.push(performance.timeOrigin + performance.now()))
    .observe(document.querySelector("#caption"), { childList: true, characterData: true, subtree: true });
}"""


def ready(chromium: Browser, home: Path) -> tuple[float, float]:
    """Seconds from the command until its address is told, and until a browser that runs already has drawn the page."""
    began = time.monotonic()
    with served(home, "--touch", settings=SETTINGS) as charley:
        reader = open_page(chromium, charley.url)
        reader.page.locator("#state").wait_for()
        drawn = time.monotonic() - began
        reader.page.close()
    return charley.ready, drawn


def lags(chromium: Browser, home: Path) -> list[float]:
    """Seconds from the first sound of a question to its caption; negative where the caption comes first."""
    found = []
    with virtual_sound() as sound, Monitor(sound) as played, served(home, env=sound.env, settings=SETTINGS) as charley:
        reader = open_page(chromium, charley.url)
        reader.page.evaluate(WATCH)
        reader.sees("emergency")
        played.wait_for_quiet(QUIET, time.monotonic())
        for line in ("Repeat",) * 6:
            found.append(_lag(reader, played, line))
    return found


def _lag(reader: Reader, played: Monitor, line: str) -> float:
    """Seconds between sound and caption of what is said after a command is touched: the question once more."""
    played.wait_for_quiet(QUIET, time.monotonic())
    reader.page.evaluate("() => { shown.length = 0; document.querySelector('#caption').textContent = ''; }")
    reader.page.evaluate("() => { shown.length = 0; }")
    touched = time.monotonic()
    reader.page.get_by_role("button", name=line, exact=True).click()
    while (sounded := played.first(touched)) is None:
        time.sleep(0.005)
        if time.monotonic() - touched > NOTHING:
            raise TimeoutError("nothing was said")
    while not (shown := reader.page.evaluate("() => shown")):
        time.sleep(0.005)
    offset = time.time() - time.monotonic()
    return float(shown[0]) / 1000 - offset - sounded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with browser() as chromium, tempfile.TemporaryDirectory() as home:
        starts = [ready(chromium, Path(home)) for _ in range(options.times + 1)][1:]  # the first makes the cache
        captions = sorted(lags(chromium, Path(home)))
    figures = {
        "ready_s_median": round(statistics.median(start[0] for start in starts), 2),
        "drawn_s_median": round(statistics.median(start[1] for start in starts), 2),
        "drawn_s_most": round(max(start[1] for start in starts), 2),
        "caption_after_voice_ms_median": round(1000 * statistics.median(captions)),
        "caption_after_voice_ms_most": round(1000 * captions[-1]),
        "load": round(os.getloadavg()[0], 1),
    }
    for name, value in figures.items():
        print(f"{name}: {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
