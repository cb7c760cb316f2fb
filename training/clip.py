"""What a synthetic voice gives back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Clip:
    """What a voice said."""

    samples: Samples
    rate: int
    """Samples a second."""
    speaker: str
