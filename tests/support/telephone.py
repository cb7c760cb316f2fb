"""A telephone exchange with a caller: speaks AudioSocket's framing, and lets everything pass through 8 kHz µ-law."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

import numpy as np

from skill.channels.audiosocket import FRAME, RATE, Frame, Kind
from skill.channels.exchange import Exchange, Patience
from skill.channels.line import Line
from skill.listening.source import Samples
from skill.speaking.voice import Clip

HOST = "127.0.0.1"
IDENTITY = bytes(range(16))
#: Seconds that a connection is given for anything.
PATIENCE = 30.0
#: Seconds after which what is heard comes back.
ECHO = 0.12
#: The largest sample from which nothing is heard: µ-law's own noise.
_FAINT = 200
_MU = 255


def through_mu_law(samples: Samples) -> Samples:
    """What 8 bits a sample of ITU-T G.711's µ-law leave of it, by its continuous form."""
    scaled = samples.astype(np.float64) / 32768
    companded = np.sign(scaled) * np.log1p(_MU * np.abs(scaled)) / np.log1p(_MU)
    coded = np.rint(companded * 127) / 127
    whole: Samples = np.rint(np.sign(coded) * ((1 + _MU) ** np.abs(coded) - 1) / _MU * 32767).astype(np.int16)
    return whole


class Server:
    """An exchange's other end, in a thread of its own."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = 0
        self._thread = threading.Thread(target=self._run, name="exchange")
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def close(self) -> None:
        assert self._loop is not None
        assert self._task is not None
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        await self._exchange.serve(HOST, 0, self._is_ready)

    def _is_ready(self, _host: str, port: int) -> None:
        self.port = port
        self._ready.set()


@contextmanager
def serving(
    hold: Callable[[Line], None], calls: int = 4, busy: Callable[[], tuple[Clip, ...]] = lambda: ()
) -> Iterator[Server]:
    server = Server(Exchange(hold, calls, busy, patience=Patience(greeting=1, stuck=2)))
    try:
        yield server
    finally:
        server.close()


class Caller:
    """Somebody on the telephone: sends a frame every 20 ms, and hears what comes back."""

    def __init__(self, port: int, *, identity: bytes = IDENTITY, host: str = HOST, echo: float = 0.0) -> None:
        """`echo`: the share of what is heard that comes back, ECHO seconds later, as from a loudspeaker."""
        self._echo = echo
        self._played = 0
        self._socket = socket.create_connection((host, port), PATIENCE)
        self._sending = threading.Lock()
        self._saying = bytearray()
        self._hung_up = threading.Event()
        self.ended = threading.Event()
        self.heard = bytearray()
        self.kinds: list[int] = []
        """Of the frames that are no sound."""
        self.loud: list[float] = []
        """When frames came that can be heard, in seconds of `time.monotonic`."""
        self.arrivals: list[float] = []
        """When frames of sound came."""
        self.said = 0.0
        """When the last sound of what was said left."""
        self.send(Kind.IDENTITY, identity)
        for work in (self._talk, self._hear):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> "Caller":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def send(self, kind: int, payload: bytes = b"") -> None:
        with self._sending, suppress(OSError):
            self._socket.sendall(Frame(kind, payload).encode())

    def press(self, key: str) -> None:
        self.send(Kind.KEY, key.encode())

    def say(self, samples: Samples) -> None:
        """Begin to say this, mono at RATE, as soon as what is being said is over."""
        self._saying += through_mu_law(samples).astype("<i2").tobytes()

    @property
    def saying(self) -> bool:
        """Whether some of what is said is still to come."""
        return bool(self._saying)

    def hang_up(self) -> None:
        self.send(Kind.HANGUP)
        self.drop()

    def drop(self) -> None:
        """Be gone without a word."""
        self._hung_up.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def sound(self) -> Samples:
        """All that was heard."""
        return np.frombuffer(bytes(self.heard), "<i2").astype(np.int16)

    def wait_for(self, true: Callable[[], bool], patience: float = PATIENCE) -> bool:
        until = time.monotonic() + patience
        while not true() and time.monotonic() < until:
            time.sleep(0.01)
        return true()

    def _talk(self) -> None:
        due, count = time.monotonic(), round(2 * FRAME * RATE)
        while not self._hung_up.is_set() and not self.ended.is_set():
            block = bytes(self._saying[:count])
            del self._saying[: len(block)]
            self.send(Kind.SOUND, self._mixed(block + bytes(count - len(block))))
            if block:
                self.said = time.monotonic()
            due += FRAME
            time.sleep(max(0.0, due - time.monotonic()))

    def _mixed(self, said: bytes) -> bytes:
        """What is said, and what comes back of Charley, as evenly as a telephone plays it."""
        if not self._echo:
            return said
        mixed = np.frombuffer(said, "<i2").astype(np.float64)
        if len(self.heard) >= self._played + len(said) + 2 * round(ECHO * RATE):
            back = bytes(self.heard[self._played : self._played + len(said)])
            self._played += len(said)
            mixed += self._echo * np.frombuffer(back, "<i2")
        return through_mu_law(np.clip(mixed, -32768, 32767).astype(np.int16)).astype("<i2").tobytes()

    def _hear(self) -> None:
        stream = self._socket.makefile("rb")
        with suppress(OSError, ValueError):
            while len(header := stream.read(3)) == 3:
                kind, length = struct.unpack(">BH", header)
                payload = stream.read(length)
                if kind != Kind.SOUND:
                    self.kinds.append(kind)
                    continue
                self.heard += payload
                self.arrivals.append(time.monotonic())
                if np.abs(np.frombuffer(payload, "<i2").astype(np.int32)).max(initial=0) > _FAINT:
                    self.loud.append(time.monotonic())
        self.ended.set()
