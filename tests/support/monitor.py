"""When a virtual device was loud: what leaves the loudspeaker, or what the user says into the microphone."""

import subprocess
import threading
import time
from typing import Final

import numpy as np

from tests.support.virtual_sound import VirtualSound

RATE: Final = 44_100
#: Full scale is 32,768; the quietest prompt and the softest answer are far above this.
LOUD: Final = 300


class Monitor:
    """The moments at which a device was loud, by the clock of `time.monotonic`, a few milliseconds late."""

    def __init__(self, sound: VirtualSound, device: str = "spk") -> None:
        """`device`: `spk` is what the loudspeaker plays, `user` what the microphone hears."""
        command = ("parec", f"--device={device}.monitor", "--raw", "--format=s16le", "--channels=1", "--latency-msec=5")
        self._recorder = subprocess.Popen(
            (*command, f"--rate={RATE}"), env=sound.env, stdout=subprocess.PIPE, bufsize=0
        )
        self._loud: list[float] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Monitor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.terminate()
        self._thread.join()
        with self._recorder:
            pass

    def sounds(self, since: float) -> list[float]:
        """Moments at which it was loud."""
        return [moment for moment in self._loud if moment >= since]

    def first(self, since: float) -> float | None:
        """The first loud moment after `since`, if there has been one."""
        return next((moment for moment in self._loud if moment >= since), None)

    def last(self) -> float:
        """The last loud moment so far; before any, the beginning of time."""
        return self._loud[-1] if self._loud else 0.0

    def wait_for_quiet(self, seconds: float, since: float) -> None:
        """Return when it has been quiet for so long, and at least so long since `since`."""
        while time.monotonic() - max(self.last(), since) < seconds:
            time.sleep(0.02)

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while block := self._recorder.stdout.read(1 << 16):
            arrived = time.monotonic()
            samples = np.frombuffer(block[: len(block) // 2 * 2], "<i2").astype(int)
            loud = np.flatnonzero(np.abs(samples) > LOUD)
            self._loud += (arrived - (len(samples) - loud) / RATE).tolist()


def longest_silence(*monitors: Monitor) -> float:
    """Seconds for which none of the devices was loud, between the first and the last sound of them all."""
    moments = np.sort(np.concatenate([monitor.sounds(0.0) for monitor in monitors]))
    return float(np.diff(moments).max())
