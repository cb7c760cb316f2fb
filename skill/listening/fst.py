"""Weighted finite-state transducers in OpenFst's binary format, as much of it as a decoding graph needs."""

import math
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

EPSILON: Final = 0

# From OpenFst's fst/fst.h and fst/properties.h.
_MAGIC: Final = 2125659606
_VECTOR_VERSION: Final = 2
_EXPANDED_AND_MUTABLE: Final = 0x3
_ACCEPTOR: Final = 0x10000
_INPUT_SORTED: Final = 0x10000000
_OUTPUT_SORTED: Final = 0x40000000


class Arc(NamedTuple):
    """One transition. The weight is a cost: a negative natural logarithm, in the tropical semiring."""

    input: int
    output: int
    cost: float
    target: int


@dataclass(slots=True)
class Fst:
    """A transducer under construction; state 0 is the start."""

    arcs: list[list[Arc]] = field(default_factory=list)
    """The arcs that leave each state."""
    final: dict[int, float] = field(default_factory=dict)
    """The costs of the states where a path may end."""

    def state(self) -> int:
        """Add a state and return its number."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(self, source: int, target: int, transition: int = EPSILON, word: int = EPSILON, cost: float = 0.0) -> None:
        """Add an arc."""
        self.arcs[source].append(Arc(transition, word, cost, target))

    def write(self, path: Path) -> None:
        """Write an OpenFst `vector` of `standard` arcs, sorted by output label so that a grammar can be composed."""
        arc_count = sum(map(len, self.arcs))
        properties = _EXPANDED_AND_MUTABLE | _OUTPUT_SORTED
        if all(arc.input == arc.output for arcs in self.arcs for arc in arcs):  # lets Vosk look words up, not scan
            properties |= _ACCEPTOR | _INPUT_SORTED
        with path.open("wb") as file:
            file.write(struct.pack("<i", _MAGIC) + _text("vector") + _text("standard"))
            file.write(struct.pack("<iiQqqq", _VECTOR_VERSION, 0, properties, 0, len(self.arcs), arc_count))
            for state, arcs in enumerate(self.arcs):
                flat = [value for arc in sorted(arcs, key=lambda arc: arc.output) for value in arc]
                file.write(struct.pack("<fq" + "iifi" * len(arcs), self.final.get(state, math.inf), len(arcs), *flat))


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()
