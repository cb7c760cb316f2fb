"""Kaldi's binary file format, as far as a Vosk acoustic model needs it (kaldi-asr.org, src/base/io-funcs.h).

Tokens end with a space; numbers carry their size in a byte before them. Matrices are stored in 16 bits
(CompressedMatrix, src/matrix/compressed-matrix.h), which Kaldi accepts wherever it expects a full matrix.
"""

import re
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


def read_network(packed: bytes) -> tuple[dict[str, str], dict[str, tuple[Floats, Floats]]]:
    """What `acoustic_model` packed: the input of each component by its name, and weights and biases of affine ones.

    Raises ValueError when there is no network in it, or one with full matrices.
    """
    begins, ends = packed.find(b"<Nnet3>"), packed.find(b"<NumComponents>")
    if min(begins, ends) < 0:
        raise ValueError("This is no acoustic model of Kaldi's third format.")
    wiring = dict(re.findall(r"component-node name=(\S+) component=\S+ input=(.+)", packed[begins:ends].decode()))
    layers: dict[str, tuple[Floats, Floats]] = {}
    place = ends
    for name in wiring:
        place = packed.index(token("<ComponentName>") + token(name), place) + len(
            token("<ComponentName>") + token(name)
        )
        header = token("<FixedAffineComponent>") + token("<LinearParams>")
        if packed.startswith(header, place):
            weights, place = _read_matrix(packed, place + len(header))
            place += len(token("<BiasParams>") + token("FV")) + 1
            (size,) = struct.unpack_from("<i", packed, place)
            layers[name] = weights, np.frombuffer(packed, "<f4", size, place + 4).astype(np.float64)
            place += 4 + 4 * size
    return wiring, layers


def _read_matrix(packed: bytes, place: int) -> tuple[Floats, int]:
    if not packed.startswith(token("CM2"), place):
        raise ValueError("Only matrices in 16 bits are read.")
    place += len(token("CM2"))
    lowest, span, rows, columns = struct.unpack_from("<ffii", packed, place)
    place += 16
    steps = np.frombuffer(packed, "<u2", rows * columns, place).reshape(rows, columns)
    return lowest + steps.astype(np.float64) * (span / 65_535), place + 2 * rows * columns


def offsets(source: str) -> list[int]:
    """The frames by which the inputs of a component are moved, apart from those that are not."""
    return [int(found) for found in re.findall(r"Offset\([^,]+, (-?\d+)\)", source)]
