"""The report as HTML: one file with everything in it, for the screen, for a screen reader and for paper."""

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template

from skill.reporting.report.document import Blanks, Block, Document, Facts, Listing, Paragraph, Picture, Section, Table


def as_html(document: Document) -> str:
    """A whole page; it asks for nothing from outside, and runs no script."""
    folder = files("skill.reporting.report")
    return Template(folder.joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=escape(document.title),
        lead=escape(document.lead),
        style=folder.joinpath("report.css").read_text(encoding="utf-8"),
        sections="\n".join(map(_section, document.sections)),
        closing=escape(document.closing),
    )


def _section(section: Section) -> str:
    blocks = "\n".join(map(_block, section.blocks))
    return (
        f'<section id="{section.id}" aria-labelledby="{section.id}-heading">\n'
        f'<h2 id="{section.id}-heading">{escape(section.heading)}</h2>\n{blocks}\n</section>'
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Listing(lines):
            return _list(map(escape, lines))
        case Facts(pairs):
            return _list((f"<b>{escape(name)}:</b> {escape(value)}" for name, value in pairs), "facts")
        case Blanks(labels):
            return _list(map(escape, labels), "blanks" if len(labels) > 1 else "blank")
        case Table():
            return _table(block)
        case Picture(svg, alt):
            drawn = base64.b64encode(svg.encode()).decode("ascii")
            return f'<img src="data:image/svg+xml;base64,{drawn}" alt="{escape(alt)}">'


def _list(entries: Iterable[str], kind: str = "lines") -> str:
    return f'<ul class="{kind}">' + "".join(f"<li>{entry}</li>" for entry in entries) + "</ul>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for name, *cells in table.rows
    )
    return (
        f'<div class="table"><table>\n<caption>{escape(table.caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )
