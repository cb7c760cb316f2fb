"""A microphone or a loudspeaker in a process of its own, which a thread keeps running.

PortAudio may hang for as long as a sound server does, or crash. So Charley never calls it: it talks to a process, gives
one that does not reply up, and starts another until sound is back. One place does so for both devices.
"""

import math
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from skill.errors import SoundError, SoundHangsError
from skill.system.child import Child, ChildError, module

#: Seconds for a process to start and load its libraries: 0.1 s here, so this is room for a slow memory card.
_STARTING: Final = 30.0
#: Seconds for PortAudio to find the device and open it, which takes 0.1 s here: with the start, and a second in which
#: it is said, less than the 4 s that nobody is left in silence.
_OPENING: Final = 2.5
#: The same once it has taken too long: a call that hangs returns by itself when the sound system does, and a machine
#: that is only slow gets the time that it needs.
_WAITING: Final = 30.0
#: Seconds between two tries, at first and at most.
_RETRY: Final = 0.5
_LONGEST_RETRY: Final = 4.0

_MISSING: Final = "There is no {name}: plug one in, choose it in the system's sound settings, or run `charley type`."
_UNUSABLE: Final = "The {name} cannot be opened ({why}): close other programs that use it, or run `charley type`."
_MISTAKE: Final = "The sound system ALSA cannot start: mend the mistake in {settings}, or run `charley type`."
_NO_LIBRARY: Final = "PortAudio is missing: type `sudo apt install libportaudio2`, or run `charley type`."
_HANGS: Final = (
    "The sound system does not reply: what I say is on the screen, answers can be typed, and sound is taken up again "
    "when it is back."
)
_STOPPED: Final = "The {name} has stopped: check its plug and the system's sound settings."
#: Where a mistake keeps ALSA from opening anything.
_SETTINGS: Final = ("~/.asoundrc", "~/.config/alsa/asoundrc", "/etc/asound.conf")


class Device:
    """The process of one device. Its state may be asked for by any thread."""

    def __init__(
        self,
        name: str,
        program: str,
        device: str | int | None,
        receive: Callable[[Mapping[str, Any], bytes], None],
        lost: Callable[[], None] = lambda: None,
        *,
        silent_for: float = math.inf,
    ) -> None:
        """Start the process and return at once.

        `program`: the module that it runs. `receive` gets each message with its sound, and `lost` hears when there will
        be no more for a while; the device's own thread calls both. `silent_for`: seconds without a message after which
        the device counts as lost.
        """
        self._name = name
        self._command = module(program, *(() if device is None else (str(device),)))
        self._receive = receive
        self._lost = lost
        self._silent_for = silent_for
        self._closed = False
        self._settled, self._running, self._again = threading.Event(), threading.Event(), threading.Event()
        self._sending = threading.Lock()
        self._child = Child(self._command)
        self._rate = 0
        self._fault: SoundError | None = None
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)
        self._thread.start()

    @property
    def fault(self) -> SoundError | None:
        """Why there is no sound; None while there is, or while the device is being opened for the first time."""
        return self._fault

    @property
    def rate(self) -> int:
        """Samples per second, Hz, of the device as it was last opened. Raises SoundError when it never was."""
        if not self._rate:
            self.require()
        return self._rate

    def require(self) -> None:
        """Return when there is sound. Raises SoundError when there is none, SoundHangsError when nothing is known."""
        self._settled.wait()
        if self._fault is not None:
            raise self._fault

    def try_again(self, patience: float = 0.0) -> bool:
        """Look for a device that is lost now rather than soon; whether it is back within `patience` seconds."""
        self._settled.wait()
        self._again.set()
        return self._running.wait(patience)

    def send(self, request: Mapping[str, object], sound: bytes = b"") -> None:
        """Ask something of the process; one that is gone, or does not listen, is given up."""
        with self._sending:
            child = self._child
            try:
                child.send(request, _OPENING, sound)
            except ChildError:
                child.kill()

    def give_up(self) -> None:
        """The process does not do what it should: end it, and start another."""
        self._child.kill()
        self._lose(self._stopped())

    def close(self) -> None:
        """End the process."""
        self._closed = True
        self._again.set()
        self._child.kill()
        self._thread.join(_RETRY)

    def _keep(self) -> None:
        patience, retry = _OPENING, _RETRY
        while not self._closed:
            try:
                self._run(patience)
            except SoundError as fault:
                retry = _RETRY if self._running.is_set() else min(2 * retry, _LONGEST_RETRY)
                patience = _WAITING if isinstance(fault, SoundHangsError) else _OPENING
                self._lose(fault)
            self._child.end()
            self._again.wait(retry)
            self._again.clear()
            if not self._closed:
                self._child = Child(self._command)
        self._child.end()

    def _run(self, patience: float) -> None:
        """Take in what the process says, until it ends. Raises SoundError, saying why it did."""
        child = self._child
        try:
            child.reply(_STARTING)
        except ChildError as failure:
            raise self._stopped() from failure
        try:
            message = child.reply(patience)
        except ChildError as failure:
            raise SoundHangsError(_HANGS) from failure
        while True:
            self._raise_what_is_told(message)
            if "rate" in message:
                self._rate, self._fault = message["rate"], None
                self._running.set()
                self._settled.set()
            try:
                self._receive(message, child.sound(message.get("bytes", 0), _OPENING))
                message = child.reply(self._silent_for)
            except ChildError as failure:
                raise self._stopped() from failure

    def _raise_what_is_told(self, message: Mapping[str, Any]) -> None:
        """What `skill.system.portaudio.serve` says is wrong."""
        match message.get("fault"):
            case "missing":
                raise SoundError(_MISSING.format(name=self._name))
            case "library":
                raise SoundError(_NO_LIBRARY)
            case "settings":
                found = [place for place in _SETTINGS if Path(place).expanduser().is_file()]
                raise SoundError(_MISTAKE.format(settings=" or ".join(found) or "its settings"))
            case "unusable":
                raise SoundError(_UNUSABLE.format(name=self._name, why=message["why"]))

    def _stopped(self) -> SoundError:
        return SoundError(_STOPPED.format(name=self._name))

    def _lose(self, fault: SoundError) -> None:
        """There is no sound for now; a device that is not found after a hang hangs still, as far as anybody knows."""
        if not isinstance(self._fault, SoundHangsError):
            self._fault = fault
        self._running.clear()
        self._settled.set()
        self._lost()
