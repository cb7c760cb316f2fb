"""Writes a drawing to a file: SVG as it is, PNG by resvg; what it shows stands in either of them in words."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from skill.errors import InstallationError, UsageError
from skill.reporting.svg import NAMESPACE, Drawing
from skill.system.private_file import write_private

#: Pixels for each unit of the drawing: sharp on a large screen, and on paper.
_ZOOM: Final = 2
_SIGNATURE: Final = 8
#: Bytes of the first chunk of every PNG file, IHDR.
_HEADER: Final = 25
#: A letter in the fonts of the drawing: nothing is seen of it where none of them is installed.
_LETTER: Final = '<svg xmlns="{space}" width="40" height="40">{style}<text y="30">{text}</text></svg>'


def write_picture(file: Path, draw: Callable[[], Drawing]) -> None:
    """Write what `draw` makes, readable by its owner only. Raises UsageError, for a PNG InstallationError too."""
    kind = file.suffix.lower()
    if kind not in (".svg", ".png"):
        raise UsageError(f"{file} ends in neither .svg nor .png: name it so.")
    drawing = draw()
    try:
        write_private(file, drawing.source().encode() if kind == ".svg" else _png(drawing))
    except OSError as problem:
        raise UsageError(f"{file} cannot be written ({problem.strerror}): name another file.") from problem


def _png(drawing: Drawing) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise InstallationError(
            "A PNG needs one more library: install it by `pip install 'charley[pictures]'`, or name a file in .svg."
        ) from None
    source = drawing.source()
    style = source[source.index("<style>") : source.index("</style>")] + "</style>"
    nothing, letter = (svg_to_bytes(_LETTER.format(space=NAMESPACE, style=style, text=text)) for text in ("", "M"))
    if letter == nothing:
        raise InstallationError(
            "No font is installed that a PNG could be lettered with: install fonts-dejavu-core, or name a file in .svg."
        )
    picture = svg_to_bytes(source, zoom=_ZOOM)
    begin = _SIGNATURE + _HEADER
    return picture[:begin] + _text("Title", drawing.title) + _text("Description", drawing.description) + picture[begin:]


def _text(keyword: str, text: str) -> bytes:
    """An iTXt chunk (PNG, third edition, 11.3.3.4): UTF-8, not compressed, no language named."""
    body = b"iTXt" + keyword.encode() + b"\0" + b"\0\0" + b"\0" + b"\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
