"""Sound into features: 40 high-resolution MFCCs every 10 ms, the same as Vosk computes (parity: `training.parity`)."""

from typing import Final

import kaldi_native_fbank as knf
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Features = npt.NDArray[np.float32]

RATE: Final = 16_000
COEFFICIENTS: Final = 40
LOWEST_HZ: Final = 20
HIGHEST_HZ: Final = 7600

#: Frames that the network skips: it answers for every third one.
SUBSAMPLING: Final = 3


def mfcc(samples: Samples, dither: float = 1.0) -> Features:
    """Features [frames, 40] of mono sound at 16 kHz, scaled as 16-bit integers (±32,768); Vosk dithers by 1.0."""
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = dither
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = COEFFICIENTS
    options.mel_opts.low_freq = LOWEST_HZ
    options.mel_opts.high_freq = HIGHEST_HZ
    options.num_ceps = COEFFICIENTS
    options.use_energy = False
    extractor = knf.OnlineMfcc(options)
    extractor.accept_waveform(RATE, samples.astype(np.float32))
    extractor.input_finished()
    frames = [extractor.get_frame(i) for i in range(extractor.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, COEFFICIENTS), np.float32)


def decoded(frames: int) -> int:
    """How many answers the network gives for that many frames."""
    return (frames + SUBSAMPLING - 1) // SUBSAMPLING
