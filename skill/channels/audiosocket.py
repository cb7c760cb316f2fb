"""Asterisk's AudioSocket: frames of a kind, a length and a payload over TCP, one connection a call.

The protocol: https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket (read November 2026).
"""

import asyncio
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

#: Samples per second, Hz, of SOUND: mono int16, the low byte first.
RATE: Final = 8_000
#: Seconds of sound in a frame, as a telephone sends it.
FRAME: Final = 0.02
#: Bytes of a call's identity.
IDENTITY: Final = 16

_HEADER: Final = struct.Struct(">BH")


class Kind(IntEnum):
    """Kinds of frames. Others exist, of sound at other rates; they are passed over."""

    HANGUP = 0x00
    IDENTITY = 0x01
    KEY = 0x03
    SOUND = 0x10
    ERROR = 0xFF


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `kind` may be none of `Kind`."""

    kind: int
    payload: bytes = b""

    def encode(self) -> bytes:
        """As it goes over the wire; the payload has at most 65,535 bytes."""
        return _HEADER.pack(self.kind, len(self.payload)) + self.payload


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """The next frame. Raises IncompleteReadError at the end of the connection, OSError where it breaks."""
    kind, length = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    return Frame(kind, await reader.readexactly(length))
