"""Where sound comes from."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Mono sound, shape (n,).
Samples = NDArray[np.int16]


class Source(Protocol):
    """A stream of mono sound: a microphone or a recording."""

    @property
    def rate(self) -> int:
        """Samples per second, Hz."""
        ...

    def read(self, seconds: float) -> Samples | None:
        """The next sound, at most about `seconds` of it; None when the source has ended for good.

        Raises SoundError when the source cannot be opened, or has stopped delivering.
        """
        ...

    def skip(self) -> None:
        """Forget the sound that has arrived but was not read."""
        ...

    def close(self) -> None:
        """Release the source. A later `read` opens it again where that is possible."""
        ...
