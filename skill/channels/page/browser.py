"""Shows the page in this machine's browser, once more where it is open already."""

import os
import sys
import urllib.request
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Final

from skill.channels.page.door import Door
from skill.system.folders import cache_folder

#: Where a running Charley leaves its address, secret and all, for nobody else to read.
_MARK: Final = cache_folder() / "page"
#: Seconds for an answer from this machine.
_PATIENCE: Final = 2.0


def show(url: str) -> bool:
    """Open a browser with windows; False where there is none. One in the terminal would take that from Charley."""
    windows = sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if not windows:
        return False
    try:
        return webbrowser.open(url)
    except (OSError, webbrowser.Error):
        return False


class Mark:
    """Tells a second `charley page` where the first one is."""

    def __init__(self, door: Door, mark: Path = _MARK) -> None:
        """Leave the address; nothing happens where no file can be written."""
        self._url = door.url
        self._mark = mark
        with suppress(OSError):
            mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            mark.unlink(missing_ok=True)
            with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(self._url)

    def close(self) -> None:
        """Take it away again, unless it is another one's by now."""
        with suppress(OSError):
            if self._mark.read_text(encoding="utf-8") == self._url:
                self._mark.unlink()


def open_already(mark: Path = _MARK) -> str | None:
    """An address that leads once to the page of a Charley that runs already; None where none does."""
    try:
        url = mark.read_text(encoding="utf-8")
        origin = url[: url.index("/", len("http://"))]
        asked = urllib.request.Request(f"{url}ticket", method="POST", data=b"", headers={"Origin": origin})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asked, timeout=_PATIENCE) as reply:
            return str(reply.read().decode())
    except (OSError, ValueError):
        return None
