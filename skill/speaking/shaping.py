"""What is done to a voice's sound before it is played."""

from typing import TYPE_CHECKING, Final

from skill.speaking.voice import Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Below this a sample counts as silence; -50 dB of full scale.
_SILENCE: Final = 100
#: Seconds that stay before the first and after the last sound, which fade in and out below the silence.
_LEAD: Final = 0.005
_TRAIL: Final = 0.03
#: Where the bend of what is too loud begins, of full scale, and the room above it.
_KNEE: Final = 0.7
_ROOM: Final = 1 - _KNEE
_FULL_SCALE: Final = 32767


def trim(clip: Clip) -> Clip:
    """Cut the silence at both ends: espeak-ng leaves 0.33 s after a sentence, in which an answer would go unheard."""
    import numpy as np

    loud = np.flatnonzero(np.abs(clip.samples.astype(np.int32)) > _SILENCE)
    if len(loud) == 0:
        return clip
    begin, end = loud[0] - round(_LEAD * clip.rate), loud[-1] + round(_TRAIL * clip.rate)
    return Clip(clip.samples[max(0, begin) : end], clip.rate)


def pause(seconds: float, rate: int) -> Clip:
    """Silence."""
    import numpy as np

    return Clip(np.zeros(round(seconds * rate), np.int16), rate)


def amplify(samples: "NDArray[np.float32]", gain: float) -> "NDArray[np.int16]":
    """Samples of -1..1 times `gain` as int16; what would clip is bent softly instead, which keeps speech clear."""
    import numpy as np

    louder = samples * gain
    above = np.maximum(np.abs(louder) - _KNEE, 0.0)
    bent = np.sign(louder) * (np.minimum(np.abs(louder), _KNEE) + _ROOM * np.tanh(above / _ROOM))
    whole: NDArray[np.int16] = np.rint(bent * _FULL_SCALE).astype(np.int16)
    return whole
