"""What simulated rooms do to a voice that speaks from somewhere in them."""

from pathlib import Path
from typing import Final

import numpy as np
import pyroomacoustics

from training.features import RATE, Samples

#: Metres: length, width, height of the least and the largest room.
_LEAST: Final = (2.2, 2.0, 2.2)
_LARGEST: Final = (7.5, 6.0, 3.2)

#: Seconds in which the sound decays by 60 dB: a bedroom full of textiles to a bare kitchen.
_ECHO: Final = (0.15, 0.75)

#: Metres from the mouth to the microphone; even in the logarithm.
_DISTANCE: Final = (0.4, 4.2)

#: Metres that mouth and microphone keep from every wall.
_MARGIN: Final = 0.25

#: Images beyond this order are too faint to matter, and too many to compute.
_HIGHEST_ORDER: Final = 45


def response(rng: np.random.Generator) -> Samples:
    """One impulse response, the direct sound first and at 1, from image sources slightly out of place."""
    while True:
        size = rng.uniform(_LEAST, _LARGEST)
        microphone = rng.uniform(_MARGIN, size - _MARGIN)
        direction = rng.standard_normal(3) * (1, 1, 0.3)
        distance = np.exp(rng.uniform(*np.log(_DISTANCE)))
        mouth = microphone + direction / np.linalg.norm(direction) * distance
        if np.all(mouth > _MARGIN) and np.all(mouth < size - _MARGIN):
            break
    echo = rng.uniform(*_ECHO)
    try:
        absorption, order = pyroomacoustics.inverse_sabine(echo, size)
    except ValueError:  # so large a room cannot be so dry
        absorption, order = 0.95, 6
    box = pyroomacoustics.ShoeBox(
        size,
        RATE,
        materials=pyroomacoustics.Material(absorption),
        max_order=min(order, _HIGHEST_ORDER),
        air_absorption=True,
        use_rand_ism=True,
        max_rand_disp=0.05,
    )
    box.add_source(mouth)
    box.add_microphone(microphone)
    box.compute_rir()
    heard = np.asarray(box.rir[0][0], np.float32)
    direct = int(np.argmax(np.abs(heard) > 0.5 * np.abs(heard[: RATE // 10]).max()))
    heard = heard[max(0, direct - 8) : direct + int(0.8 * RATE)]
    return heard / (np.abs(heard[:24]).max() + 1e-9)


def responses(count: int, seed: int) -> list[Samples]:
    """So many rooms, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [response(rng) for _ in range(count)]


def kept(file: Path, count: int, seed: int) -> list[Samples]:
    """The same, read from a file that the first call writes: they take a minute or two."""
    if not file.exists():
        with file.with_suffix(".part").open("wb") as part:
            np.savez(part, *responses(count, seed))
        file.with_suffix(".part").rename(file)
    with np.load(file) as arrays:
        return [arrays[f"arr_{n}"] for n in range(count)]
