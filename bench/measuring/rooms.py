"""The same speech across a room: image sources (pyroomacoustics), so that the echo is that of walls, not of noise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.cases import Case
from training.features import RATE, Samples


@dataclass(frozen=True)
class Room:
    """A box with a microphone in it."""

    size: tuple[float, float, float]
    """Metres."""
    echo: float
    """Seconds in which the sound decays by 60 dB."""


#: A furnished bedroom, a living room, a bare kitchen.
_ROOMS: Final = (
    Room((3.9, 3.2, 2.5), 0.35),
    Room((6.0, 4.5, 2.6), 0.5),
    Room((4.2, 2.6, 2.5), 0.65),
)


def distant(cases: Sequence[Case], metres: float) -> list[Case]:
    """The same, said that far from the microphone, in the rooms by turns."""
    from scipy.signal import fftconvolve

    responses = [_response(room, metres) for room in _ROOMS]
    changed = []
    for number, case in enumerate(cases):
        far = fftconvolve(case.sound, responses[number % len(responses)])
        far *= float(np.abs(case.sound).max()) / (float(np.abs(far).max()) + 1e-9)
        changed.append(replace(case, sound=far.astype(np.float32)))
    return changed


def _response(room: Room, metres: float) -> Samples:
    """From a mouth that lies low to a microphone on a table, along the length of the room."""
    import pyroomacoustics

    absorption, order = pyroomacoustics.inverse_sabine(room.echo, room.size)
    box = pyroomacoustics.ShoeBox(room.size, RATE, materials=pyroomacoustics.Material(absorption), max_order=order)
    microphone, down = (0.4, room.size[1] * 0.4, 0.8), 0.3
    box.add_source((microphone[0] + float(np.sqrt(metres**2 - down**2)), microphone[1], microphone[2] - down))
    box.add_microphone(microphone)
    box.compute_rir()
    return np.asarray(box.rir[0][0], np.float32)
