"""What the report consists of, whatever it is written as: sections of text, tables, facts, a picture, blanks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that belong together, in no more order than they have."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Short answers, each with what was asked."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """What the person fills in by hand."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as wide as `columns`; the first cell of each names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and in words all that it shows."""

    svg: str
    alt: str


Block = Paragraph | Listing | Facts | Blanks | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report."""

    title: str
    lead: str
    """Of whom, by whom, when, and for which time."""
    sections: tuple[Section, ...]
    closing: str
    """What it is not."""
