"""What Charley says, to read."""

import os
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console


class Captions(Protocol):
    """Shows one utterance at a time."""

    def show(self, text: str) -> None:
        """Show `text` from now on. Never raises: a closed terminal stops no conversation."""
        ...


class NoCaptions:
    """Shows nothing."""

    def show(self, text: str) -> None:
        """Ignore it."""


class PlainCaptions:
    """One line a sentence, no colours, no cursor movement: for screen readers, pipes and logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, text: str) -> None:
        """Write a line."""
        try:
            self._stream.write(f"{text}\n")
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone
            return


class TerminalCaptions:
    """White on black across the whole width with a margin around it: to be read from the floor."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._console: Console | None = None

    def show(self, text: str) -> None:
        """Write a block. rich is imported by the first, when sound is already on its way."""
        from rich.console import Console
        from rich.padding import Padding
        from rich.text import Text

        try:
            self._console = self._console or Console(file=self._stream, highlight=False)
            self._console.print(Padding(Text(text), (1, 2), style="bold bright_white on black"))
        except (OSError, ValueError):
            return


def captions_for(stream: TextIO, *, screen_reader: bool = False) -> Captions:
    """The captions that suit a stream: a terminal gets blocks, everything else plain lines.

    `TERM=dumb` is the terminal's own word for "no colours, no tricks".
    """
    if screen_reader or not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return PlainCaptions(stream)
    return TerminalCaptions(stream)
