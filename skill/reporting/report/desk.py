"""Writes the doctor's report while a conversation goes on, into the folder where the person's documents lie.

What makes the report is imported when it is asked for: no conversation waits for it.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from skill.episodes.store import EpisodeStore
from skill.errors import InstallationError, UsageError
from skill.system.private_file import write_private
from skill.triage.loader import load_protocol

_NAME: Final = "charley-report"


class ReportDesk:
    """A `Reporter` on a file of episodes."""

    def __init__(self, store: EpisodeStore, folder: Path, now: Callable[[], datetime]) -> None:
        """`folder`: made where it is missing. `now`: the time with the person's time zone."""
        self._store = store
        self._folder = folder
        self._now = now

    def write(self) -> Path | None:
        """A PDF, or where none can be made here HTML; None where nothing is remembered.

        Raises StorageError where the memory cannot be read, UsageError where the file cannot be written.
        """
        from skill.reporting.report.as_html import as_html
        from skill.reporting.report.as_pdf import as_pdf
        from skill.reporting.report.compose import SHORTER, compose
        from skill.reporting.report.history import histories
        from skill.reporting.report.wording import Wording

        protocol, wording, now = load_protocol(), Wording(), self._now()
        told = histories(self._store.all(), protocol)
        if not told:
            return None
        try:
            form, content = "pdf", as_pdf(compose(told, protocol, wording, now, rows) for rows in SHORTER)
        except InstallationError:
            form, content = "html", as_html(compose(told, protocol, wording, now)).encode()
        file = self._folder / f"{_NAME}.{form}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_private(file, content)
        except OSError as problem:
            raise UsageError(
                f"{file} cannot be written ({problem.strerror}): try `charley report --pdf FILE`."
            ) from problem
        return file
