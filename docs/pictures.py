"""Makes the pictures of the README anew: `PYTHONPATH=. python docs/pictures.py`."""

import tempfile
from pathlib import Path

from tests.support.page import browser, open_page, served

HERE = Path(__file__).parent


def main() -> None:
    """The page at its second question."""
    with tempfile.TemporaryDirectory() as home, browser() as chromium, served(Path(home), "--touch") as charley:
        reader = open_page(chromium, charley.url, width=1000, height=700)
        reader.page.get_by_role("button", name="Dark", exact=True).click()
        reader.touches("No")
        reader.sees("place")
        reader.page.mouse.move(0, 0)
        reader.page.evaluate("() => scrollTo(0, 0)")
        reader.page.screenshot(path=HERE / "page.png")


if __name__ == "__main__":
    main()
