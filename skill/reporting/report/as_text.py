"""The report as plain text: for a terminal, and for a screen reader."""

import textwrap
from collections.abc import Iterator
from typing import Final

from skill.reporting.report.document import Blanks, Block, Document, Facts, Listing, Paragraph, Picture, Table

WIDTH: Final = 100


def as_text(document: Document) -> str:
    """Headings underlined, one row of a table a line, the picture in words."""
    lines = [document.title, "=" * len(document.title), "", *_wrapped(document.lead)]
    for section in document.sections:
        lines += ["", section.heading, "-" * len(section.heading)]
        for block in section.blocks:
            lines += _lines(block)
    return "\n".join([*lines, "", *_wrapped(document.closing)]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield from _wrapped(text)
        case Listing(entries):
            for entry in entries:
                yield from _wrapped(entry, indent="- ")
        case Facts(pairs):
            for name, value in pairs:
                yield from _wrapped(f"{name}: {value}", indent="- ")
        case Blanks(labels):
            for label in labels:
                yield f"{label}: {'_' * 40}"
        case Table():
            yield from _table(block)
        case Picture(_, alt):
            yield from _wrapped(alt)


def _table(table: Table) -> Iterator[str]:
    """In columns where they fit into the line; else one row after the other, its cells named."""
    yield from _wrapped(table.caption)
    rows = (table.columns, *table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= WIDTH:
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        return
    for row in table.rows:
        named = (f"{name}: {cell}" for name, cell in zip(table.columns, row, strict=True))
        yield from _wrapped(". ".join(named) + ".", indent="- ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
