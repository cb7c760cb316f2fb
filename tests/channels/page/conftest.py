"""One browser for all tests of the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.page import browser
from tests.support.sound_fixture import sound

__all__ = ["sound"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium without a window."""
    with browser() as started:
        yield started
