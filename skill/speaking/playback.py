"""The process in which the loudspeaker runs, as `python -m skill.speaking.playback [DEVICE]`.

It says `{}` when it is there and `{"rate": Hz}` when its stream runs. Requests, one JSON object a line:

    {"do": "play", "number": k}              a playback begins; the one before fades out
    {"do": "add", "number": k, "bytes": n}   n bytes of mono int16 sound follow the line
    {"do": "end", "number": k}               nothing more will be added
    {"do": "stop", "number": k}              fade out

and for every block that is played `{"number": k, "moment": when it will be heard, in seconds of time.monotonic,
"over": whether it was the last, "bytes": n}` and its sound. It ends with its input, or when the device is lost.

The stream runs before the first word and between the words, because many devices swallow the first half second of each
stream (HDMI does); when nothing is played for long it is closed, so that others may have the device.
"""

import json
import os
import queue
import sys
import threading
import time
from collections import deque
from types import ModuleType
from typing import Any, BinaryIO, Final

from skill.speaking.feed import WIDTH, Feed
from skill.system.portaudio import end_with, named, opened, pipes, say, serve

#: Seconds of sound that the device holds: with the fade, well below the 100 ms in which it must fall silent.
_LATENCY: Final = 0.05
#: Seconds of silence that flush what the device holds; some devices take more than they were asked to.
_TAIL: Final = 0.08
#: Seconds without a playback after which the stream is closed; in a conversation something sounds every few seconds.
_IDLE: Final = 20.0
#: Seconds of silence ahead of the first sound of a stream that was opened anew for it: HDMI swallows as much.
_LEAD: Final = 0.5


class Playback:
    """Plays one thing at a time."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO, device: str | int | None) -> None:
        self._requests = requests
        self._replies = replies
        self._device = device
        self._feeds: deque[tuple[int, Feed]] = deque()
        self._messages: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
        self._wanted = threading.Event()
        self._stream: Any = None
        self._silence = 0
        """Bytes of silence that come first."""

    def obey(self, line: bytes) -> None:
        """One request; called by the thread that reads them."""
        request = json.loads(line)
        number = request["number"]
        if request["do"] == "play":
            for _, before in self._feeds:
                before.stop()
            self._feeds.append((number, Feed(int(self._stream.samplerate), max(_TAIL, self._stream.latency))))
            self._wanted.set()
            return
        sound = self._requests.read(request.get("bytes", 0))
        feed = dict(self._feeds).get(number)
        if feed is None:  # it is over already
            return
        match request["do"]:
            case "add":
                feed.add(sound)
            case "end":
                feed.end()
            case "stop":
                feed.stop()

    def run(self, sounddevice: ModuleType) -> None:
        """Play for ever. Raises what `opened` raises."""
        self._open(sounddevice)
        say(self._replies, rate=int(self._stream.samplerate))
        while True:
            self._tell()
            self._stream.close(ignore_errors=True)
            while not self._feeds:
                self._wanted.wait()
                self._wanted.clear()
            self._silence = round(_LEAD * self._stream.samplerate) * WIDTH
            self._open(sounddevice)

    def _open(self, sounddevice: ModuleType) -> None:
        """A stream that ends by itself, not by us, has lost its device."""
        lost = threading.Event()

        def make(rate: int) -> Any:
            return sounddevice.RawOutputStream(
                samplerate=rate,
                device=self._device,
                channels=1,
                dtype="int16",
                latency=_LATENCY,
                prime_output_buffers_using_stream_callback=True,
                callback=self._fill,
                finished_callback=lost.set,
            )

        self._stream = opened(sounddevice, "output", self._device, make)
        self._lost = lost

    def _tell(self) -> None:
        """Tell Charley what is played, until nothing has been for long."""
        quiet = time.monotonic()
        while self._feeds or time.monotonic() - quiet < _IDLE:
            try:
                message, sound = self._messages.get(timeout=0.25)
            except queue.Empty:
                if self._lost.is_set():
                    os._exit(1)
                continue
            quiet = time.monotonic()
            say(self._replies, sound, **message)

    def _fill(self, block: Any, frames: int, times: Any, _status: Any) -> None:
        """Called by PortAudio's thread, which must never wait."""
        if not self._feeds or self._silence > 0:
            block[:] = bytes(frames * WIDTH)
            self._silence -= frames * WIDTH if self._silence > 0 else 0
            if self._feeds:
                self._messages.put(({"number": self._feeds[0][0]}, b""))
            return
        number, feed = self._feeds[0]
        sound = feed.take(frames)
        block[:] = sound
        if feed.over:
            self._feeds.popleft()
        heard = time.monotonic() + max(0.0, times.outputBufferDacTime - times.currentTime)
        self._messages.put(({"number": number, "moment": heard, "over": feed.over}, sound))


def main() -> None:
    """Serve until the input ends."""
    requests, replies = pipes()
    playback = Playback(requests, replies, named(sys.argv[1:]))
    end_with(requests, playback.obey)
    serve(replies, playback.run)


if __name__ == "__main__":
    main()
