"""PortAudio, for the processes in which a microphone or a loudspeaker runs; Charley itself never calls it."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, BinaryIO, Final, NoReturn

#: Hz that sound devices usually take, tried in this order after the rate that the device names as its own.
RATES: Final = (48_000, 44_100, 32_000, 16_000, 96_000, 22_050, 8_000)
#: Seconds after which a device that is busy or missing is looked for once more: another process may be probing it.
_ONCE_MORE: Final = 0.3


class MissingError(Exception):
    """There is no such device."""


def say(replies: BinaryIO, sound: bytes = b"", **values: Any) -> None:
    """Send a message to Charley: a JSON object in a line, and `sound` after it."""
    line = json.dumps({**values, "bytes": len(sound)} if sound else values).encode() + b"\n"
    replies.write(line + sound)
    replies.flush()


def end_with(requests: BinaryIO, obey: Callable[[bytes], None] = lambda _: None) -> None:
    """From now on `obey` each line of `requests`, in a thread; their end is the process's, even if PortAudio hangs."""

    def listen() -> None:
        try:
            for line in requests:
                obey(line)
        finally:
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()


def serve(replies: BinaryIO, work: Callable[[ModuleType], None]) -> NoReturn:
    """Load PortAudio, `work` with it, and end the process.

    The first message, `{}`, says that the process is there: what follows may hang. What fails is told by one of
    `{"fault": "library"}` (there is no PortAudio), `{"fault": "settings"}` (it cannot start, which a mistake in ALSA's
    settings brings about), `{"fault": "missing"}` (no such device) and `{"fault": "unusable", "why": ...}`.
    """
    say(replies)
    try:
        import sounddevice
    except OSError:
        say(replies, fault="library")
    except Exception:  # PortAudio's own error, whose class is not there yet
        say(replies, fault="settings")
    else:
        _work(sounddevice, replies, work)
    os._exit(1)  # PortAudio's threads may still run, and hang


def _work(sounddevice: ModuleType, replies: BinaryIO, work: Callable[[ModuleType], None]) -> None:
    try:
        try:
            work(sounddevice)
        except (MissingError, sounddevice.PortAudioError):
            time.sleep(_ONCE_MORE)
            sounddevice._terminate()
            sounddevice._initialize()
            work(sounddevice)
    except MissingError:
        say(replies, fault="missing")
    except sounddevice.PortAudioError as problem:
        say(replies, fault="unusable", why=str(problem))


def opened(sounddevice: ModuleType, kind: str, device: str | int | None, make: Callable[[int], Any]) -> Any:
    """The stream that `make` opens, started, at the first rate in Hz that the device takes.

    Raises MissingError where there is no such device, PortAudioError where it takes none.
    """
    try:
        own = int(sounddevice.query_devices(device, kind)["default_samplerate"])
    except (sounddevice.PortAudioError, ValueError) as problem:
        raise MissingError from problem
    refusal: Exception = MissingError()
    for rate in dict.fromkeys((own, *RATES)):
        try:
            stream = make(rate)
            stream.start()
        except sounddevice.PortAudioError as problem:
            refusal = problem if isinstance(refusal, MissingError) else refusal
        else:
            return stream
    raise refusal


def named(arguments: list[str]) -> str | int | None:
    """The device that a command line names: its number, its name, or None for the default."""
    if not arguments:
        return None
    return int(arguments[0]) if arguments[0].isdigit() else arguments[0]


def pipes() -> tuple[BinaryIO, BinaryIO]:
    """Where the requests come from and the replies go; what libraries print to standard output goes nowhere."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return sys.stdin.buffer, replies
