import math
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from skill.listening.fst import Fst

HEADER = "<i i6s i8s iiQqqq"


@pytest.fixture
def lexicon_fst() -> Fst:
    """state 0 -3:0-> state 1 (loops on 5:0) -0:2/.5-> state 2, final at 1.5; and a second way out with word 1"""
    fst = Fst()
    start, middle, end = fst.state(), fst.state(), fst.state()
    fst.arc(start, middle, 3)
    fst.arc(middle, end, word=2, cost=0.5)
    fst.arc(middle, middle, 5)
    fst.arc(middle, end, word=1)
    fst.final[end] = 1.5
    return fst


def test_the_file_is_a_vector_of_standard_arcs_sorted_by_output(lexicon_fst: Fst, tmp_path: Path) -> None:
    lexicon_fst.write(tmp_path / "test.fst")
    data = (tmp_path / "test.fst").read_bytes()
    magic, _, kind, _, arc_type, version, flags, _, start, states, arcs = struct.unpack_from(
        HEADER.replace(" ", ""), data
    )
    assert (magic, kind, arc_type, version, flags) == (2125659606, b"vector", b"standard", 2, 0)
    assert (start, states, arcs) == (0, 3, 4)
    at = struct.calcsize(HEADER.replace(" ", ""))
    read: list[list[tuple[int, int, float, int]]] = []
    finals = []
    for _ in range(states):
        final, count = struct.unpack_from("<fq", data, at)
        finals.append(final)
        at += 12
        read.append([struct.unpack_from("<iifi", data, at + 16 * n) for n in range(count)])
        at += 16 * count
    assert at == len(data)
    assert finals == [math.inf, math.inf, 1.5]
    assert read == [[(3, 0, 0.0, 1)], [(5, 0, 0.0, 1), (0, 1, 0.0, 2), (0, 2, 0.5, 2)], []]


@pytest.mark.skipif(shutil.which("fstinfo") is None, reason="OpenFst's tools are not installed")
def test_openfst_reads_the_file(lexicon_fst: Fst, tmp_path: Path) -> None:
    lexicon_fst.write(tmp_path / "test.fst")
    facts = subprocess.run(["fstinfo", tmp_path / "test.fst"], capture_output=True, text=True, check=True).stdout
    assert "# of states                                       3" in facts
    assert "# of arcs                                         4" in facts
    assert "output label sorted                               y" in facts
