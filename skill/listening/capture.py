"""The process in which the microphone runs, as `python -m skill.listening.capture [DEVICE]`.

It says `{}` when it is there and `{"rate": Hz}` when sound arrives; then for every block
`{"moment": seconds of time.monotonic, "bytes": n}` and n bytes of mono int16 sound. What fails is told as
`skill.system.portaudio.serve` says. It ends with its input.
"""

import os
import queue
import sys
import time
from types import ModuleType
from typing import Any, BinaryIO, Final

from skill.system.portaudio import end_with, named, opened, pipes, say, serve

#: Seconds of sound in one block: short enough for an early answer, long enough for a Raspberry Pi.
BLOCK: Final = 0.04


def capture(sounddevice: ModuleType, device: str | int | None, replies: BinaryIO) -> None:
    """Hand on what the microphone hears, for ever. Raises what `opened` raises."""
    blocks: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def arrived(block: Any, _frames: int, times: Any, _status: Any) -> None:
        """Called by PortAudio's thread, which may do no more than this."""
        moment = time.monotonic() - max(0.0, times.currentTime - times.inputBufferAdcTime)
        blocks.put((moment, bytes(block)))

    stream = opened(
        sounddevice,
        "input",
        device,
        lambda rate: sounddevice.RawInputStream(
            samplerate=rate,
            blocksize=round(rate * BLOCK),
            device=device,
            channels=1,
            dtype="int16",
            callback=arrived,
            finished_callback=lambda: os._exit(1),  # the device is lost
        ),
    )
    moment, block = blocks.get()
    say(replies, rate=int(stream.samplerate))
    while True:
        say(replies, block, moment=moment)
        moment, block = blocks.get()


def main() -> None:
    """Serve until the input ends."""
    requests, replies = pipes()
    end_with(requests)
    serve(replies, lambda sounddevice: capture(sounddevice, named(sys.argv[1:]), replies))


if __name__ == "__main__":
    main()
