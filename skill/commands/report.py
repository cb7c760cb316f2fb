"""The command `charley report`: what is remembered, on one page for a doctor."""

import sys
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path

from skill.episodes.store import EpisodeStore
from skill.errors import UsageError
from skill.reporting.report.as_fhir import as_fhir
from skill.reporting.report.as_html import as_html
from skill.reporting.report.as_text import as_text
from skill.reporting.report.compose import SHORTER, compose
from skill.reporting.report.history import Told, histories
from skill.reporting.report.wording import Wording
from skill.system.private_file import write_private
from skill.triage.definition import Protocol
from skill.triage.loader import load_protocol


def report(*, pdf: Path | None, html: Path | None, fhir: Path | None, since: date | None) -> int:
    """Write the report to the files that are named, readable by their owner only; without any, print it as text.

    Raises UsageError where there is nothing to report or a file cannot be written, StorageError where the memory cannot
    be read, and InstallationError where a PDF is wanted and what makes it is missing.
    """
    now = datetime.now(UTC).astimezone()
    protocol, wording = load_protocol(), Wording()
    told = _told(protocol, wording, since)
    if not (pdf or html or fhir):
        sys.stdout.write(as_text(compose(told, protocol, wording, now)))
    if html:
        _write(html, as_html(compose(told, protocol, wording, now)).encode())
    if fhir:
        _write(fhir, as_fhir(told, protocol, wording, now).encode())
    if pdf:
        from skill.reporting.report.as_pdf import as_pdf

        _write(pdf, as_pdf(compose(told, protocol, wording, now, rows) for rows in SHORTER))
    return 0


def as_page() -> str:
    """The whole report as HTML. Raises UsageError where there is nothing to report, StorageError as `report`."""
    protocol, wording = load_protocol(), Wording()
    return as_html(compose(_told(protocol, wording, None), protocol, wording, datetime.now(UTC).astimezone()))


def _told(protocol: Protocol, wording: Wording, since: date | None) -> tuple[Told, ...]:
    begin = None if since is None else datetime.combine(since, time.min).astimezone()
    with closing(EpisodeStore()) as store:
        told = histories(store.all(), protocol, begin)
    if not told:
        when = wording.text("nothing_when.ever")
        if since is not None:
            when = wording.text("nothing_when.since", date=wording.day(since))
        raise UsageError(wording.text("nothing", when=when))
    return told


def _write(file: Path, content: bytes) -> None:
    try:
        write_private(file, content)
    except OSError as problem:
        raise UsageError(f"{file} cannot be written ({problem.strerror}): name another file.") from problem
