"""What axe-core finds on a page, and whether everything can be seen."""

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.page import Reader

THEMES = ("Light", "Dark", "High contrast")
#: Everything that WCAG 2.2 asks for at levels A and AA and a tool can find, and what axe thinks good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(reader: Reader, themes: Iterable[str] = THEMES) -> None:
    """No violation in any of the themes; in high contrast every text has a contrast of 7:1."""
    for theme in themes:
        reader.page.get_by_role("button", name=theme, exact=True).click()
        assert_no_violation(reader.page, enhanced=theme == "High contrast")


def assert_no_violation(page: Page, *, enhanced: bool = False) -> None:
    """No violation; `enhanced` asks for a contrast of 7:1."""
    rules = {"color-contrast-enhanced": {"enabled": enhanced}}
    found = Axe().run(page, options={"runOnly": _RULES, "rules": rules}).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def assert_nothing_cut_off(reader: Reader) -> None:
    """Nothing is wider than the window, no button's text wider than the button."""
    page = reader.page
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    wide = "buttons => buttons.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert page.locator("button").evaluate_all(wide) == []
