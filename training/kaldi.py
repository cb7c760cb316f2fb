"""Kaldi's binary file format, as far as a Vosk acoustic model needs it (kaldi-asr.org, src/base/io-funcs.h).

Tokens end with a space; numbers carry their size in a byte before them. Matrices are stored in 16 bits
(CompressedMatrix, src/matrix/compressed-matrix.h), which Kaldi accepts wherever it expects a full matrix.
"""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


def token(name: str) -> bytes:
    """A name that introduces what follows."""
    return name.encode() + b" "


def int32(value: int) -> bytes:
    """A 32-bit integer."""
    return struct.pack("<bi", 4, value)


def float32(value: float) -> bytes:
    """A single-precision number."""
    return struct.pack("<bf", 4, value)


def float64(value: float) -> bytes:
    """A double-precision number."""
    return struct.pack("<bd", 8, value)


def int_vector(values: Sequence[int]) -> bytes:
    """A list of 32-bit integers."""
    return int32(len(values)) + np.asarray(values, "<i4").tobytes()


def vector(values: Sequence[float] | Floats) -> bytes:
    """A vector in single precision."""
    return token("FV") + int32(len(values)) + np.asarray(values, "<f4").tobytes()


def matrix(values: Floats) -> bytes:
    """65,536 steps from the smallest to the largest value."""
    lowest, span = float(values.min()), float(np.ptp(values)) or 1.0
    steps = np.round((values - lowest) * (65_535 / span)).astype("<u2")
    return token("CM2") + struct.pack("<ffii", lowest, span, *values.shape) + np.ascontiguousarray(steps).tobytes()


def affine(weights: Floats, bias: Floats) -> bytes:
    """y = weights x + bias; weights [outputs, inputs]."""
    body = token("<LinearParams>") + matrix(weights) + token("<BiasParams>") + vector(bias)
    return token("<FixedAffineComponent>") + body + token("</FixedAffineComponent>")


def rectifier(dim: int) -> bytes:
    """With the statistics of training, which nobody needs, left empty."""
    statistics = token("<ValueAvg>") + vector([]) + token("<DerivAvg>") + vector([]) + token("<Count>") + float64(0)
    statistics += token("<OderivRms>") + vector([])
    for count in ("<OderivCount>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        statistics += token(count) + float64(0)
    body = token("<Dim>") + int32(dim) + statistics
    return token("<RectifiedLinearComponent>") + body + token("</RectifiedLinearComponent>")


def passed(dim: int) -> bytes:
    """A component that changes nothing: names the sum of two others."""
    body = token("<Dim>") + int32(dim) + token("<BackpropScale>") + float32(1)
    return token("<NoOpComponent>") + body + token("</NoOpComponent>")


def network(lines: Sequence[str], components: Sequence[tuple[str, bytes]]) -> bytes:
    """A network in Kaldi's third format: its wiring as text, then its components."""
    text = token("<Nnet3>") + b"\n" + "\n".join(lines).encode() + b"\n\n"
    named = b"".join(token("<ComponentName>") + token(name) + body for name, body in components)
    return text + token("<NumComponents>") + int32(len(components)) + named + token("</Nnet3>")


def transitions(units: int) -> bytes:
    """The chain topology for phones 1 … units: one emitting state, entered through pdf 2n and kept up by pdf 2n + 1."""
    stay = 0.5
    topology = int_vector(range(1, units + 1)) + int_vector([-1] + [0] * units)
    topology += int32(-1)  # a self-loop's pdf class is its own
    topology += int32(1) + int32(2)  # one topology, of two states
    topology += int32(0) + int32(1) + int32(2) + int32(0) + float32(stay) + int32(1) + float32(1 - stay)
    topology += int32(-1) + int32(-1) + int32(0)
    tuples = b"".join(int32(n + 1) + int32(0) + int32(2 * n) + int32(2 * n + 1) for n in range(units))
    probabilities = vector([0.0] + [float(np.log(stay)), float(np.log(1 - stay))] * units)
    return (
        token("<TransitionModel>")
        + token("<Topology>") + topology + token("</Topology>")
        + token("<Tuples>") + int32(units) + tuples + token("</Tuples>")
        + token("<LogProbs>") + probabilities + token("</LogProbs>")
        + token("</TransitionModel>")
    )  # fmt: skip


def acoustic_model(transition_model: bytes, net: bytes, left: int, right: int) -> bytes:
    """The whole of am/final.mdl; contexts in frames."""
    context = token("<LeftContext>") + int32(left) + token("<RightContext>") + int32(right)
    return b"\0B" + transition_model + net + context + token("<Priors>") + vector([])
