"""The protocol of speech-dispatcher, the voice of screen readers on Linux: SSIP, lines of text over a local socket.

Written after the manual of SSIP (speech-dispatcher 0.11 and 0.12); `python3-speechd` speaks it too, but belongs to the
system's Python, which an environment of its own does not see.
"""

import os
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skill.errors import SpeechError
from skill.speaking.voice import Delivery

#: Seconds for a reply: the daemon answers within 100 ms, so this is room for a busy machine.
_PATIENCE: Final = 3.0
#: Seconds for the list of voices, which is a megabyte: espeak-ng has a hundred variants of each.
_LISTING: Final = 15.0
#: Seconds in which the daemon starts; 1.1 s here.
_STARTING: Final = 8.0
#: The rates of espeak-ng's module at -100, 0 and 100, in words a minute; SSIP gives its rates no unit.
_SLOWEST, _USUAL, _FASTEST = 80, 170, 390
_LOWEST, _HIGHEST = -100, 100
_EVENTS: Final = "7"
_ENDS: Final = frozenset({"702", "703"})
_BEGINS: Final = "701"


@dataclass(frozen=True, slots=True)
class DispatchedVoice:
    """A voice that the daemon has."""

    name: str
    language: str
    variant: str

    @property
    def plain_english(self) -> bool:
        """Whether it speaks English without a variant: espeak-ng has a hundred of each voice."""
        return self.language.lower().startswith("en") and self.variant in {"", "none"}


@dataclass(frozen=True, slots=True)
class _Reply:
    """One reply or one event: its three digits, and its lines without them, the last of which is a summary."""

    code: str
    lines: tuple[str, ...]


class Dispatcher:
    """One connection. One thread at a time."""

    def __init__(self, voice: str = "", address: str | None = None) -> None:
        """Connect; start the daemon of the usual place where it does not run, as programs that speak through it do.

        `voice`: a name of `voices()`; empty takes the one that the user has given speech-dispatcher.
        `address`: as in the variable SPEECHD_ADDRESS, which is the default. Raises SpeechError.
        """
        self._received = b""
        self._delivery = Delivery()
        self._begun: set[str] = set()
        self._ended: set[str] = set()
        self._socket = _connect(address)
        try:
            self._introduce(voice)
        except SpeechError:
            self._socket.close()
            raise

    def _introduce(self, voice: str) -> None:
        self._set("CLIENT_NAME", "user:charley:voice")
        self._set("NOTIFICATION", "BEGIN on")
        self._set("NOTIFICATION", "END on")
        self._set("NOTIFICATION", "CANCEL on")
        self._set("PRIORITY", "important")  # no other program may cut a warning off
        self._set("PUNCTUATION", "none")
        self._rate, self._volume = int(self._get("RATE")), int(self._get("VOLUME"))
        if not self._get("LANGUAGE").lower().startswith("en"):
            self._set("LANGUAGE", "en-US")
        if voice:
            self._set("SYNTHESIS_VOICE", voice)

    def voices(self) -> tuple[DispatchedVoice, ...]:
        """Every voice of the daemon's usual synthesiser. Raises SpeechError."""
        listed = [line.split("\t") for line in self._ask("LIST SYNTHESIS_VOICES", _LISTING).lines[:-1]]
        return tuple(DispatchedVoice(*entry) for entry in listed if len(entry) == 3)

    def speak(self, text: str, delivery: Delivery) -> str:
        """Begin to speak, and return at once the message's number. Raises SpeechError."""
        self._deliver(delivery)
        self._ask("SPEAK")
        line = " ".join(text.split())
        dotted = f".{line}" if line.startswith(".") else line
        return self._ask(f"{dotted}\r\n.").lines[0]

    def cancel(self) -> None:
        """Be silent. Raises SpeechError."""
        self._ask("CANCEL self")

    def begun(self, message: str) -> bool:
        """Whether the first sound of a message has been on its way."""
        return message in self._begun

    def ended(self, message: str, patience: float = 0.0) -> bool:
        """Whether a message has been spoken or cancelled, at the latest after `patience` seconds.

        Raises SpeechError.
        """
        until = time.monotonic() + patience
        while message not in self._ended and self._hears(max(0.0, until - time.monotonic())):
            pass
        return message in self._ended

    def close(self) -> None:
        """Be silent, and leave."""
        with suppress(SpeechError):
            self.cancel()
        self._socket.close()

    def _deliver(self, delivery: Delivery) -> None:
        """The user's own rate and loudness are what pace 1 and volume 1 are."""
        if delivery != self._delivery:
            self._set("RATE", str(_within(self._rate + rate_of(delivery.pace))))
            self._set("VOLUME", str(_within(round((self._volume - _LOWEST) * delivery.volume) + _LOWEST)))
            self._delivery = delivery

    def _set(self, name: str, value: str) -> None:
        self._ask(f"SET self {name} {value}")

    def _get(self, name: str) -> str:
        return self._ask(f"GET {name}").lines[0]

    def _ask(self, command: str, patience: float = _PATIENCE) -> _Reply:
        """Send a command and return its reply; what happens meanwhile is kept."""
        try:
            self._socket.settimeout(_PATIENCE)
            self._socket.sendall(f"{command}\r\n".encode())
        except OSError as gone:
            raise _failed("it has ended") from gone
        until = time.monotonic() + patience
        while True:
            reply = self._next(max(0.0, until - time.monotonic()))
            if reply is None:
                raise _failed("it does not reply")
            if not reply.code.startswith(_EVENTS):
                break
            self._note(reply)
        if reply.code[0] not in "12":
            raise _failed(f"it says {' '.join(reply.lines)!r}")
        return reply

    def _hears(self, patience: float) -> bool:
        """Whether an event has come within `patience` seconds; it is kept."""
        event = self._next(patience)
        if event is not None:
            self._note(event)
        return event is not None

    def _note(self, event: _Reply) -> None:
        if event.code == _BEGINS:
            self._begun.add(event.lines[0])
        elif event.code in _ENDS:
            self._ended.add(event.lines[0])

    def _next(self, patience: float) -> _Reply | None:
        """The next reply or event, None when none is complete in time. `250-text` goes on, `250 text` is its end."""
        until = time.monotonic() + patience
        while True:
            lines = self._received.split(b"\r\n")
            last = next((n for n, line in enumerate(lines[:-1]) if line[3:4] == b" "), None)
            if last is not None:
                self._received = b"\r\n".join(lines[last + 1 :])
                whole = [line.decode(errors="replace") for line in lines[: last + 1]]
                return _Reply(whole[-1][:3], tuple(line[4:] for line in whole))
            if not self._receive(max(0.0, until - time.monotonic())):
                return None

    def _receive(self, patience: float) -> bool:
        try:
            self._socket.settimeout(patience)
            more = self._socket.recv(1 << 20)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as gone:
            raise _failed("it has ended") from gone
        if not more:
            raise _failed("it has ended")
        self._received += more
        return True


def running(address: str | None = None) -> bool:
    """Whether a daemon takes connections now."""
    try:
        with socket.socket(socket.AF_UNIX) as tried:
            tried.settimeout(_PATIENCE)
            tried.connect(str(_path(address)))
    except (OSError, SpeechError):
        return False
    return True


def rate_of(pace: float) -> int:
    """The rate of SSIP, beside the user's own, that makes speech faster by the factor `pace`."""
    span = _USUAL - _SLOWEST if pace < 1 else _FASTEST - _USUAL
    return _within(round((pace - 1) * _USUAL / span * _HIGHEST))


def _within(value: int) -> int:
    return min(_HIGHEST, max(_LOWEST, value))


def _connect(address: str | None) -> socket.socket:
    path = _path(address)
    if not _address(address) and not running(address):
        _start()
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_PATIENCE)
    try:
        connection.connect(str(path))
    except OSError as unreachable:
        connection.close()
        raise _failed("it does not run") from unreachable
    return connection


def _address(address: str | None) -> str:
    """What is named; empty where it is the usual place, in which alone a daemon is started."""
    return os.environ.get("SPEECHD_ADDRESS", "") if address is None else address


def _path(address: str | None) -> Path:
    method, _, path = _address(address).partition(":")
    if method not in {"", "unix_socket"}:
        raise _failed(f"SPEECHD_ADDRESS names {method}, and I speak over a unix_socket only")
    if path:
        return Path(path)
    try:
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or Path.home() / ".cache")
    except RuntimeError as homeless:
        raise _failed("nobody knows where it would listen: set HOME") from homeless
    return runtime / "speech-dispatcher" / "speechd.sock"


def _start() -> None:
    """Without a locale of UTF-8 the daemon would end at once."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    unicode = "utf" in spoken.lower()
    env = dict(os.environ) if unicode else {**os.environ, "LC_ALL": "C.UTF-8"}
    with suppress(OSError, subprocess.TimeoutExpired):  # whoever connects next finds out, and tells
        subprocess.run(
            ("speech-dispatcher", "--spawn"),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_STARTING,
            check=False,
        )


def _failed(why: str) -> SpeechError:
    return SpeechError(
        f"speech-dispatcher cannot speak ({why}): pyttsx3 speaks instead; `charley voices` shows what works."
    )
