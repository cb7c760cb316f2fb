"""A loudspeaker and a microphone without hardware: a private PulseAudio server with null sinks.

Nothing outside is touched, so it runs as root, in continuous integration, and several at once.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: `norewinds=1`: without it a null sink swallows the first 1.4 s of its monitor.
_SERVER: Final = (
    "pulseaudio",
    "-n",
    "--daemonize=no",
    "--exit-idle-time=-1",
    "--use-pid-file=no",
    "--log-target=stderr",
    "--log-level=error",
)
_LOUDSPEAKER: Final = "module-null-sink sink_name=spk norewinds=1 rate=44100 channels=2"
_MODULES: Final = (
    "module-native-protocol-unix auth-anonymous=1 socket={socket}",
    _LOUDSPEAKER,
    "module-null-sink sink_name=user norewinds=1 rate=16000 channels=1",
    "module-remap-source source_name=mic master=user.monitor",
)
_PATIENCE: Final = 10.0
#: Bytes before the first sample.
_WAV_HEADER: Final = 44
#: Seconds that sound needs from a program to the end of the recording.
_ON_ITS_WAY: Final = 0.3


def available() -> bool:
    """Whether PulseAudio and its tools are installed."""
    return all(map(shutil.which, ("pulseaudio", "pactl", "paplay", "parec")))


@dataclass(frozen=True, slots=True)
class VirtualSound:
    """A running server. Programs started with `env` play to its loudspeaker and hear its microphone by default."""

    env: Mapping[str, str]
    server: int
    """The id of its process."""

    def freeze(self) -> None:
        """From now on the server does nothing, and whoever asks it for something waits."""
        os.kill(self.server, signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        os.kill(self.server, signal.SIGCONT)

    def say(self, recording: Path) -> None:
        """Play a recording into the microphone, at the pace of life; returns when it has been said."""
        self._run("paplay", "--device=user", str(recording))

    @contextmanager
    def record(self, target: Path) -> Iterator[None]:
        """Write what the loudspeaker plays to a WAV file (44,100 Hz, mono, int16) until the block ends."""
        command = ("parec", "--device=spk.monitor", "--file-format=wav", "--channels=1", "--latency-msec=20")
        target.unlink(missing_ok=True)
        with subprocess.Popen((*command, str(target)), env=self.env) as recorder:
            try:
                _wait_until(lambda: target.exists() and target.stat().st_size > _WAV_HEADER)
                yield
                time.sleep(_ON_ITS_WAY)
            finally:
                recorder.terminate()

    def let_the_microphone_hear_the_loudspeaker(self) -> None:
        """From now on what is played is heard as well, as on a laptop."""
        self.pactl("load-module", "module-loopback", "source=spk.monitor", "sink=user", "latency_msec=20")

    def remove_loudspeaker(self) -> None:
        """Unplug it: the sink disappears, and with it the streams that played to it."""
        self._unload("sink_name=spk")

    def add_loudspeaker(self) -> None:
        """Plug it in again."""
        self.pactl("load-module", *_LOUDSPEAKER.split())
        self.pactl("set-default-sink", "spk")

    def leave_only_the_loudspeaker(self) -> None:
        """The microphone becomes one where nobody speaks, so that no other sink is left to play to."""
        self.pactl("load-module", "module-null-source", "source_name=silence")
        self.pactl("set-default-source", "silence")
        self._unload("sink_name=user")

    def remove_microphone(self) -> None:
        """Unplug it: the source disappears, and with it the streams that recorded from it."""
        self._unload("source_name=mic")

    def add_microphone(self) -> None:
        """Plug it in again."""
        self.pactl("load-module", *_MODULES[-1].split())
        self.pactl("set-default-source", "mic")

    def pactl(self, *arguments: str) -> str:
        """Ask or tell the server something."""
        return self._run("pactl", *arguments)

    def _unload(self, name: str) -> None:
        modules = self.pactl("list", "short", "modules").splitlines()
        self.pactl("unload-module", next(line.split()[0] for line in modules if name in line))

    def _run(self, *command: str) -> str:
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout


@contextmanager
def virtual_sound() -> Iterator[VirtualSound]:
    """Start a server, and end it with the block."""
    with tempfile.TemporaryDirectory(prefix="charley-sound-") as home:
        socket = Path(home) / "socket"
        names = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH")
        places = dict.fromkeys(names, home)
        env = {**os.environ, **places, "PULSE_SERVER": f"unix:{socket}"}
        modules = [part for module in _MODULES for part in ("-L", module.format(socket=socket))]
        server_env = {name: value for name, value in env.items() if name != "PULSE_SERVER"}
        with subprocess.Popen((*_SERVER, *modules), env=server_env, stderr=subprocess.DEVNULL) as server:
            try:
                _wait_until(lambda: _answers(server, env))
                sound = VirtualSound(env, server.pid)
                sound.pactl("set-default-sink", "spk")
                sound.pactl("set-default-source", "mic")
                yield sound
            finally:
                server.terminate()
                server.send_signal(signal.SIGCONT)  # one that is frozen would never end


def _answers(server: subprocess.Popen[bytes], env: Mapping[str, str]) -> bool:
    if server.poll() is not None:
        raise RuntimeError("PulseAudio did not start: install pulseaudio and pulseaudio-utils")
    return subprocess.run(("pactl", "info"), env=env, capture_output=True, check=False).returncode == 0


def _wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not true():
        if time.monotonic() > until:
            raise TimeoutError(f"PulseAudio is not ready after {_PATIENCE} s")
        time.sleep(0.02)
