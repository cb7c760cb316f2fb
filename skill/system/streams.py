"""Standard input, output and error, made so that a conversation survives whatever they lead to."""

import io
import os
import sys
from typing import Final

_STREAMS: Final = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
#: Columns below which a terminal's own idea of its width is no width: captions would be cut to nothing.
_NARROWEST: Final = 20


def make_dependable() -> None:
    """Call this before anything else opens a file.

    A stream that is closed leads nowhere. Bytes that are no text are left out of what is typed: Backspace over an
    accented letter may leave half of one. A character that the terminal lacks is shown as a question mark.
    """
    for descriptor, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="ignore" if mode == "r" else "replace")
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) < _NARROWEST:
        del os.environ["COLUMNS"]
