"""A recogniser in a process of its own, so that its time and memory are its alone."""

import multiprocessing
import os
import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measuring.recognisers import RECOGNISERS, Recogniser
from skill.language.grammar import Grammar
from skill.listening.ear import Heard
from training.features import RATE, Samples


@dataclass(frozen=True)
class Cost:
    """What a recogniser takes."""

    load: float
    """Seconds from nothing to ready, with its files already in the page cache."""
    real_time_factor: float
    """Processor seconds a second of sound."""
    memory: float
    """MB resident at most, Python and the bench's own 60 or so included."""


class Child:
    """The parent's end."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._heard = self._taken = 0.0

    def hear(self, sound: Samples, grammar: str) -> Heard:
        """Decode one clip with the grammar of that name."""
        heard, seconds = self._pool.submit(_hear, sound, grammar).result()
        self._taken += seconds
        self._heard += len(sound) / RATE + 1  # half a second of silence on either side
        return heard

    def cost(self) -> Cost:
        """What it took so far."""
        load, memory = self._pool.submit(_footprint).result()
        return Cost(load, self._taken / max(self._heard, 1e-9), memory)


@contextmanager
def child(name: str, grammars: Mapping[str, Grammar]) -> Iterator[Child]:
    """The recogniser of that name. It is started twice: the first time fills the caches of the machine."""
    with _pool(name, grammars) as pool:
        pool.submit(_footprint).result()
    with _pool(name, grammars) as pool:
        yield Child(pool)


def _pool(name: str, grammars: Mapping[str, Grammar]) -> ProcessPoolExecutor:
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # one core; read when the child starts
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _start, (name, grammars))


class _State:
    """What the child keeps between two calls."""

    recogniser: Recogniser
    grammars: Mapping[str, Grammar]
    load: float


def _start(name: str, grammars: Mapping[str, Grammar]) -> None:
    began = time.perf_counter()
    _State.recogniser = RECOGNISERS[name](grammars.values())
    _State.load = time.perf_counter() - began
    _State.grammars = grammars


def _hear(sound: Samples, grammar: str) -> tuple[Heard, float]:
    began = time.process_time()
    heard = _State.recogniser.hear(sound, _State.grammars[grammar])
    return heard, time.process_time() - began


def _footprint() -> tuple[float, float]:
    """Seconds to load, and MB resident at most: of this process, where getrusage would count its parent's too."""
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak is not None
    return _State.load, int(peak[1]) / 1024
