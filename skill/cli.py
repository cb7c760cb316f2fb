"""The command `charley`: arguments in, exit status out."""

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from skill.errors import CharleyError, tell
from skill.system.streams import make_dependable

INTERRUPTED = 130
#: Seconds that an orderly end may take after Ctrl-C.
LEAVE_WITHIN = 5.0


def run() -> NoReturn:
    """The command itself. Where everything is closed, nothing is torn down: a sound library's thread may still run
    while the interpreter goes, and crash."""
    make_dependable()
    status = main()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)


def main(arguments: list[str] | None = None) -> int:
    """Run one command. A failure is one sentence on standard error and an exit status; no traceback reaches a user."""
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, _interrupt)
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except CharleyError as problem:
        return _fail(str(problem), problem.exit_status)
    except KeyboardInterrupt:
        return _fail("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone: nothing may be flushed into the pipe at exit
        return 0
    except Exception as problem:  # the last line of defence: a frightened person gets a sentence, not a stack
        return _fail(
            f"Something inside Charley failed ({type(problem).__name__}: {problem}). Run `charley check`. "
            "If this is an emergency, call your emergency number now.",
            CharleyError.exit_status,
        )


def _run(arguments: list[str]) -> int:
    """Who has a cramp types `charley`, and need not wait for the library that reads arguments, 0.1 s."""
    if arguments in ([], ["--events"]):
        from skill.app import converse

        return converse(followup=False, events=arguments != [], model=None)
    from skill.commands.line import run_command

    return run_command(arguments)


def _fail(sentence: str, status: int) -> int:
    tell(sentence)
    return status


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Leave in order, and in any case: a sound server that hangs must not keep the terminal."""
    last_resort = threading.Timer(LEAVE_WITHIN, _leave)
    last_resort.daemon = True
    last_resort.start()
    raise KeyboardInterrupt


def _leave() -> None:
    _fail("Interrupted.", INTERRUPTED)
    os._exit(INTERRUPTED)
