import io
import os
import pty

import pytest

from skill.speaking.captions import NoCaptions, PlainCaptions, TerminalCaptions, captions_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_one_plain_line_a_text() -> None:
    stream = io.StringIO()
    captions = captions_for(stream)
    captions.show("Where is it?")
    captions.show("In which leg?")
    assert stream.getvalue() == "Where is it?\nIn which leg?\n"


def test_a_screen_reader_gets_plain_lines_on_a_terminal_too() -> None:
    assert isinstance(captions_for(Terminal(), screen_reader=True), PlainCaptions)


def test_a_terminal_gets_the_words_large_and_bright_and_nothing_moves_the_cursor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as terminal:
        captions = captions_for(terminal)
        assert isinstance(captions, TerminalCaptions)
        captions.show("Stretch the calf [now].")
        terminal.flush()
        shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert "Stretch the calf [now]." in shown
    assert "\x1b[1;" in shown
    assert not any(f"\x1b[{move}" in shown for move in ("A", "2J", "H"))


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(captions_for(Terminal()), PlainCaptions)


def test_a_closed_stream_is_no_failure() -> None:
    stream = Terminal()
    captions = (PlainCaptions(stream), TerminalCaptions(stream), NoCaptions())
    stream.close()
    for sink in captions:
        sink.show("Still here.")
