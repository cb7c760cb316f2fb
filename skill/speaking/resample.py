"""Clips at another sample rate, for loudspeakers that take only their own."""

from skill.speaking.voice import Clip


def resample(clip: Clip, rate: int) -> Clip:
    """The same sound at `rate` Hz, limited to the band that both rates can carry."""
    if clip.rate == rate or len(clip.samples) == 0:
        return Clip(clip.samples, rate)
    import numpy as np

    count = round(len(clip.samples) * rate / clip.rate)
    spectrum = np.fft.rfft(clip.samples)
    stretched = np.fft.irfft(spectrum[: count // 2 + 1], count) * (count / len(clip.samples))
    return Clip(np.clip(np.rint(stretched), -32768, 32767).astype(np.int16), rate)
