"""What can go wrong, as one tree. Every message is one sentence that says what to do next.

CharleyError
├── UsageError         exit status 2
├── SoundError         exit status 3
│   └── SoundHangsError   where answers can be typed the conversation goes on
├── InstallationError  exit status 4
├── HearingError       never ends the program: the question is put again
├── SpeechError        never ends the program: captions carry on
└── StorageError       ends no conversation: Charley goes on without memory
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar


class CharleyError(Exception):
    """Something that the user is told about in one sentence."""

    exit_status: ClassVar[int] = 4


class UsageError(CharleyError):
    """The command was asked for something that does not exist, such as an unknown patient or an unreadable file."""

    exit_status = 2


class SoundError(CharleyError):
    """No usable microphone or loudspeaker."""

    exit_status = 3


class SoundHangsError(SoundError):
    """The sound system does not reply, so nobody knows whether there is a microphone or a loudspeaker."""


class InstallationError(CharleyError):
    """A part of the installation is missing or damaged: model, protocol, grammar, prompt or voice."""

    exit_status = 4


class HearingError(CharleyError):
    """The recogniser broke down in the middle of a turn. It is started again, and the person is asked again."""


class SpeechError(CharleyError):
    """A synthetic voice failed, or took too long. The conversation goes on with another voice, or with captions."""


class StorageError(CharleyError):
    """The file of earlier episodes cannot be read or written: damaged, read-only, full, or of a newer Charley."""


def complain(problem: CharleyError) -> None:
    """Tell the user of a problem that Charley goes on in spite of."""
    tell(str(problem))


#: What else shows the sentences of `tell`.
_listeners: list[Callable[[str], None]] = []


@contextmanager
def told_also(listener: Callable[[str], None]) -> Iterator[None]:
    """What is told inside the block is told to `listener` too: where Charley was started there may be no terminal."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(sentence: str) -> None:
    """Write a line to standard error; where it leads to a full disk or a closed terminal, nobody can be told."""
    for listener in tuple(_listeners):
        listener(sentence)
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
