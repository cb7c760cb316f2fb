"""The short sounds, made of a few tones each."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from skill.speaking.voice import Clip, Earcon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Hz, the rate of the default voice, so that the loudspeaker need not change.
RATE: Final = 22_050


@dataclass(frozen=True, slots=True)
class Tone:
    """One note: rises softly, decays like a struck bar."""

    frequency: float
    """Hz, kept between 400 and 1200: what a small loudspeaker plays and older ears hear."""
    seconds: float
    level: float = 0.25
    """Peak, 0..1 of full scale."""


#: Up means "your turn", a rising pair "understood", a falling pair "not understood", a soft low one "asleep again"; a
#: tick and a hum just say "here".
TONES: Final[dict[Earcon, tuple[Tone, ...]]] = {
    Earcon.LISTENING: (Tone(880, 0.09),),
    Earcon.UNDERSTOOD: (Tone(660, 0.06), Tone(990, 0.08)),
    Earcon.NOT_UNDERSTOOD: (Tone(660, 0.06), Tone(440, 0.08)),
    Earcon.TICK: (Tone(1100, 0.03, 0.15),),
    Earcon.WORKING: (Tone(440, 0.05, 0.12), Tone(440, 0.05, 0.12)),
    Earcon.ASLEEP: (Tone(520, 0.06, 0.1), Tone(415, 0.08, 0.1)),
}

#: Seconds in which a tone rises, so that it does not click.
_ATTACK: Final = 0.005
#: A tone has decayed by this many powers of e at its end.
_DECAY: Final = 4.0


@cache
def earcon_clip(earcon: Earcon) -> Clip:
    """The sound of an earcon, at most 150 ms, at RATE."""
    import numpy as np

    samples = np.concatenate([_samples(tone) for tone in TONES[earcon]])
    return Clip(np.rint(samples * 32767).astype(np.int16), RATE)


def _samples(tone: Tone) -> "NDArray[np.float64]":
    import numpy as np

    time = np.arange(round(tone.seconds * RATE)) / RATE
    envelope = np.minimum(1.0, time / _ATTACK) * np.exp(-_DECAY * time / tone.seconds)
    fade = np.minimum(1.0, (tone.seconds - time) / _ATTACK)
    return tone.level * envelope * fade * np.sin(2 * np.pi * tone.frequency * time)
